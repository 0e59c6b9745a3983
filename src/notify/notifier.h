// Notifier: everyone who is told about alerts: mail with its spool, daily reports, syslog servers, webhooks. The
// headline header of this module.
//
// The role polls descriptor() until the instant that step() returned, feeds each channel from its own place in the
// alert spool, and calls step(now) again. `now` is the role's clock; network time-outs count real time.
//
//   for (const auto& channel : notifier.channels())
//     while (channel->wants() && reader(channel).next(alert)) channel->take(reader.place(), alert);
//   deadline = notifier.step(now);
//
// A reload makes a new Notifier after the old one is gone: places and mails lie on the disk.
//
// Owns:    the channels, the mail spool and its lock, all connections.
// Threads: one thread; libcurl and the C library look names up in threads of their own.
// Needs:   SIGPIPE ignored.
// Cost:    step() does not block: no connection, name or file of another host is waited for.
// Fails:   open() with N001 (another notifier has this home) or I002. After that nothing fails: a full disk or a dead
//          server makes channels wait.
// OSSEC:   as ossec-maild, ossec-csyslogd and the reports of ossec-monitord; differences in docs/compat.md.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "notify/channel.h"
#include "notify/settings.h"

namespace gander::notify {

struct MailCounters {
  uint64_t waiting = 0;   // mails in queue/mail
  uint64_t sent = 0;      // accepted by the server for at least one recipient
  uint64_t failed = 0;    // kept in queue/mail/failed
  uint64_t attempts = 0;  // that did not end in a mail accepted
  uint64_t held = 0;      // alerts that wait for the digest of the next hour
};

class Notifier {
 public:
  static Result<Notifier> open(Settings settings);
  Notifier(Notifier&&) noexcept;
  Notifier& operator=(Notifier&&) noexcept;
  ~Notifier();

  // Those that the configuration asks for; may be none. The pointers live as long as the notifier.
  const std::vector<std::unique_ptr<Channel>>& channels() const;
  // The least place behind which some channel still wants to read; empty: no channel has one.
  std::optional<Place> safe() const;

  // Becomes readable when step() has something to do.
  int descriptor() const;
  // Does what is due, never blocks; returns when to call again at the latest.
  base::Instant step(base::Instant now);

  // Alerts that wait for others to be grouped with go to the mail spool now (a stop).
  void flush(base::Instant now);
  // Nothing waits: no alert taken and not told, no mail in the spool.
  bool idle() const;

  MailCounters mail() const;
  // What the mail server said when it last did not take a mail; empty = fine.
  std::string mail_trouble() const;

 private:
  struct Impl;
  explicit Notifier(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::notify
