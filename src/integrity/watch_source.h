// WatchSource: where the kernel's news of changed names come from: fanotify or inotify.
//
// Threads: one thread.
// Fails:   a directory that cannot be watched is counted and named in a note; scans still see it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "integrity/change.h"
#include "integrity/watch_plan.h"

namespace gander::integrity {

struct PathEvent {
  std::string path;
  enum class State {
    Settled,  // closed, renamed, removed, its metadata changed: can be looked at
    Writing,  // made or written to, not closed
  } state = State::Settled;
  enum class Entry { File, NewDirectory, GoneDirectory } entry = Entry::File;
  std::optional<Actor> actor;
};

struct News {
  std::vector<PathEvent> events;
  bool overflow = false;  // the kernel dropped some: everything must be looked at
};

class WatchSource {
 public:
  virtual ~WatchSource() = default;
  virtual int descriptor() const = 0;
  // Some of what is there now, without waiting: one buffer. False: there was nothing.
  virtual bool read(News& news) = 0;
  // A directory is about to be listed.
  virtual void add_directory(const std::string& path) = 0;
  virtual std::string means() const = 0;
  virtual std::vector<std::string> take_notes() = 0;
};

// `group`: a fanotify group opened (and marked) by a privileged process, or -1 to open one here. Null when the kernel
// or the privileges do not allow it; `why` says so.
std::unique_ptr<WatchSource> open_fanotify(const WatchPlan& plan, int group, std::string& why);
std::unique_ptr<WatchSource> open_inotify(const WatchPlan& plan, std::string& why);

// The flags and events of the group, for whoever opens it: fanotify_init(kFanotifyFlags, O_RDONLY | O_CLOEXEC).
unsigned fanotify_flags();
uint64_t fanotify_events();

}  // namespace gander::integrity
