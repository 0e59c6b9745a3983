// Channel: one way to tell people (mail, one syslog server, one webhook), with its own place in the stream of alerts.
//
// A channel is fed by whoever reads the alert spool: while wants(), the next alert behind safe() (or behind the last
// one taken). A dead server holds up its own channel only; what it has not taken waits in the spool.
//
// Owns:    what it took and has not told; bounded, for wants() says no.
// Threads: one thread.
// Fails:   cannot: what goes wrong is tried again, counted and told to the log.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/stored_alert.h"

namespace gander::notify {

// Where an alert stands in the stream. Grows from alert to alert; what it means is the reader's affair.
using Place = uint64_t;

struct ChannelCounters {
  uint64_t taken = 0;    // alerts given to it
  uint64_t wanted = 0;   // of these, what its filters let pass
  uint64_t told = 0;     // of these, accepted by the other side (mail: written to the mail spool)
  uint64_t refused = 0;  // of these, refused for good
  uint64_t lost = 0;     // given up: UDP that could not be sent, alerts the reader had to skip
  uint64_t retries = 0;
};

class Channel {
 public:
  explicit Channel(std::string name) : name_(std::move(name)) {}
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Names it in logs, metrics and the file of places; holds no secret: "mail", "syslog tcp log.example.org:514 json".
  const std::string& name() const { return name_; }

  // Everything up to here is told or lies on the disk for it; reading starts behind it after a restart. Empty: a
  // channel that never had a place; the reader calls start_at() with the end of its stream.
  std::optional<Place> safe() const { return safe_; }
  void start_at(Place place) { safe_ = place; }

  // Whether there is room for one more alert.
  virtual bool wants() const = 0;
  // REQUIRES wants(), and a place behind all that were taken.
  virtual void take(Place place, const model::StoredAlert& alert) = 0;
  // Alerts up to `place` are gone from the stream before they were taken (retention): counted as lost.
  void skip(Place place, uint64_t alerts) {
    counters_.lost += alerts;
    if (!safe_ || *safe_ < place) skipped(place);
  }

  // Does what is due and returns when it wants to be called again at the latest (it may be called at any time).
  virtual std::optional<base::Instant> step(base::Instant now) = 0;
  // Nothing is taken that is not told (for a stop, and for tests).
  virtual bool idle() const = 0;
  // The other side could not be reached or did not accept at the last attempt; empty = fine. Shown in status.
  virtual std::string trouble() const { return {}; }

  const ChannelCounters& counters() const { return counters_; }

 protected:
  virtual void skipped(Place place) { safe_ = place; }

  std::optional<Place> safe_;
  ChannelCounters counters_;

 private:
  std::string name_;
};

}  // namespace gander::notify
