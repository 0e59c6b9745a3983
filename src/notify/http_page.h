// HttpPage: a small HTTP server on loopback for /metrics and /health.
//
// The role polls descriptor() until the instant of step(), as with the notifier.
//
// Owns:    its sockets.
// Threads: one thread.
// Cost:    step() does not block. At most kMostConnections at a time, each with a request head of at most kLargestHead
//          bytes and kLongestIdle to send it or to take the answer; one more connection takes the place of the oldest.
// Fails:   open() with N002 when the address is not on loopback or cannot be bound. Requests cannot make it fail.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "notify/metrics.h"

namespace gander::notify {

class HttpPage {
 public:
  static constexpr size_t kMostConnections = 32;
  static constexpr size_t kLargestHead = 8 * 1024;
  static constexpr base::Seconds kLongestIdle{10};

  using Source = std::function<Snapshot()>;  // asked at each request

  // Port 0: any free one.
  static Result<HttpPage> open(const std::string& address, int port, Source source);
  HttpPage(HttpPage&&) noexcept;
  HttpPage& operator=(HttpPage&&) noexcept;
  ~HttpPage();

  int port() const;
  int descriptor() const;
  base::Instant step(base::Instant now);

 private:
  struct Impl;
  explicit HttpPage(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::notify
