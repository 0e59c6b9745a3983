// Sources: every <localfile> that is a file or the journal, followed for ever, cut into records.
//
// A plain object: whoever owns it waits on poll_fd() (readable: call step()) until next_deadline(), then calls step().
// step() hands out batches and never waits. It stops reading when `window_bytes` of handed-out batches were not
// acknowledged: what is not read stays in its file.
//
//   Sources sources(config.localfiles, options, kept);
//   for (;;) { poll(sources.poll_fd(), until sources.next_deadline(now)); sources.step(now, sink); … acknowledge(n); }
//
// Owns:    descriptors (a bounded number of open files, inotify, journals). Views in batches live during take().
// Threads: one thread; starts none. Reads no clock.
// Cost:    idle: nothing but a look at a few files every `loop_timeout`. Reads in pieces of 64 KiB.
// Fails:   cannot; what cannot be read is said in the log, shown in status() and tried for ever.
// OSSEC:   spec of ossec-logcollector: OSSEC 4.3's passes, splits and losses under Compat::Ossec43; docs/compat.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "collect/record.h"
#include "config/sections.h"
#include "model/compat.h"

namespace gander::collect {

struct SourceOptions {
  model::Compat compat = model::Compat::Mended;
  base::TimeZone zone = base::TimeZone::utc();  // of date names, djb-multilog and journal lines
  std::string hostname;                         // djb-multilog; cut at its first dot
  std::string home;                             // locations that are not absolute count from here; empty: as they are
  std::string journal_directory;                // empty: this host's journal
  base::Seconds loop_timeout{2};                // logcollector.loop_timeout
  int open_attempts = 8;                        // logcollector.open_attempts (Ossec43)
  size_t window_bytes = size_t{8} << 20;        // handed out and not acknowledged
  size_t longest_record = size_t{1} << 20;      // longer lines come in pieces
  size_t open_files = 256;                      // descriptors kept at most
  enum class Watch { Kernel, Poll } watch = Watch::Kernel;
  // Files that are not there at first: an error each, as OSSEC, or (not under Ossec43) one line for all, because the
  // configuration that came with the program names what other hosts have.
  enum class Missing { Error, SumUp } missing = Missing::Error;
};

class Sources {
 public:
  // Blocks of commands are passed over (see CommandRunner). `kept` are the places of the last life, of any sources.
  Sources(const std::vector<config::Localfile>& localfiles, SourceOptions options, const std::vector<KeptPlace>& kept);
  ~Sources();
  Sources(Sources&&) noexcept;
  Sources& operator=(Sources&&) noexcept;

  // One descriptor for everything that wakes; readable: call step().
  int poll_fd() const;
  // When step() wants to be called at the latest, also if nothing is readable; not later than `now` while there is
  // work.
  Steady next_deadline(Moment now) const;
  // Looks at what changed and hands out what there is, a turn for each source that has something. The first call opens.
  void step(Moment now, Sink& sink);
  // Every batch up to `number` is kept for good by whoever took it.
  void acknowledge(uint64_t number);
  size_t unacknowledged_bytes() const;

  // Other blocks from the next step() on: what stays goes on where it is, what is new begins as at a first sight.
  void reload(const std::vector<config::Localfile>& localfiles);
  // Sources that the configuration does not name any more; their places may be forgotten.
  std::vector<std::string> forgotten(const std::vector<KeptPlace>& kept) const;

  std::vector<SourceStatus> status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::collect
