// HeldAlerts: alerts over the hourly limit, on the disk, until the digest of the next hour names them.
//
// Only what a digest shows is kept of each (a line of at most kMostLine bytes of the log).
//
// Owns:    its file, queue/mail/held; one JSON object a line. Nothing of it is in memory but counts.
// Threads: one thread.
// Cost:    add() is a write; sync() waits for the disk.
// Fails:   I002 when it cannot be written: nothing has then changed.
// Source:  docs/formats/mail-spool.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "model/stored_alert.h"
#include "notify/channel.h"

namespace gander::notify {

class HeldAlerts {
 public:
  static constexpr size_t kMostLine = 200;

  explicit HeldAlerts(std::string path);

  uint64_t count() const { return count_; }
  // The greatest place that lies here.
  std::optional<Place> told() const { return told_; }

  struct Held {
    Place place;
    const model::StoredAlert* alert;
  };
  // All of them durably, or none.
  Result<void> add(std::span<const Held> alerts);
  // Everything held, oldest first; lines that cannot be read are counted as damaged.
  uint64_t each(const std::function<void(const model::StoredAlert&)>& take) const;
  // The file has become part of a batch.
  void spent();

 private:
  std::string path_;
  uint64_t count_ = 0;
  std::optional<Place> told_;
};

}  // namespace gander::notify
