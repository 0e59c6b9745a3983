// CurlLoop: libcurl transfers in an EventLoop: SMTP, HTTP, and plain or TLS connections.
//
// Owns:    its multi handle and timer; each Easy owns its transfer.
// Threads: one thread; libcurl looks names up in threads of its own.
// Cost:    nothing blocks.
// Fails:   a transfer ends with libcurl's code; the constructor throws when libcurl cannot start.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "notify/curl_library.h"
#include "notify/event_loop.h"

namespace gander::notify {

// How a server's certificate is looked at.
struct TlsTrust {
  bool verify = true;
  std::string ca_file;  // empty: the system's
};

class CurlLoop {
 public:
  explicit CurlLoop(EventLoop& events);
  ~CurlLoop();
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // Starts the transfer; `done` is called from step(), once, unless remove() comes first.
  void add(CURL* easy, std::function<void(CURLcode)> done);
  void remove(CURL* easy);
  // Calls `done` of what has ended. The sockets are served by EventLoop::dispatch().
  void step();

 private:
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);
  void act(curl_socket_t socket, int flags);

  EventLoop& events_;
  CURLM* multi_;
  int timer_;
  std::map<CURL*, std::function<void(CURLcode)>> running_;
};

// A transfer handle with what every one of ours sets: no signals, no proxy of the environment, no redirect, TLS 1.2 at
// least, connect time-out 30 s, whole time-out 120 s.
class Easy {
 public:
  explicit Easy(CurlLoop& loop);
  ~Easy();
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;

  CURL* get() const { return easy_; }
  template <class T>
  void set(CURLoption option, T value) {
    curl().easy_setopt(easy_, option, value);
  }
  void set_trust(const TlsTrust& trust);
  void start(std::function<void(CURLcode)> done);
  // libcurl's own words for what went wrong; holds no URL and no password.
  std::string problem(CURLcode code) const;

 private:
  CurlLoop& loop_;
  CURL* easy_;
  bool added_ = false;
  std::unique_ptr<char[]> words_;
};

}  // namespace gander::notify
