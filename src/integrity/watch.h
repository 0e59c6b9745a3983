// Watch: changes as they happen: the kernel's events, coalesced into what a Scanner has to look at.
//
// Order of a start: open(), Scanner::on_directory → watch_directory(), Scanner::scan(), then read() and take() for
// ever: a directory is watched before it is listed, so nothing falls between.
//
// Owns:    the fanotify group or inotify instance.
// Threads: one thread.
// Cost:    about a microsecond an event of others' files; memory is bounded by the Coalescer.
// Fails:   without fanotify inotify is used, and note() says why; events that the kernel dropped lead to a look at all
//          watched trees, and are said.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "integrity/coalescer.h"
#include "integrity/watch_source.h"

namespace gander::integrity {

class Watch {
 public:
  struct Options {
    enum class Use { Best, Inotify } use = Use::Best;
    int group = -1;  // a fanotify group that a privileged process opened; the Watch closes it
  };
  // Fails with I024 when neither is to be had.
  static Result<Watch> open(const WatchPlan& plan, Options options);

  int descriptor() const { return source_->descriptor(); }
  std::string means() const { return source_->means(); }
  void watch_directory(const std::string& path) { source_->add_directory(path); }

  // Takes what the kernel has for us, at most some 4 MiB of it; the descriptor stays readable while there is more.
  void read(Coalescer::Time now);
  std::vector<Scanner::Dirty> take(Coalescer::Time now) { return coalescer_.take(now); }
  std::optional<Coalescer::Time> next() const { return coalescer_.next(); }
  size_t waiting() const { return coalescer_.size(); }
  uint64_t overflows() const { return overflows_; }
  std::vector<std::string> take_notes();

 private:
  explicit Watch(const WatchPlan& plan) : plan_(&plan) {}
  void everything(Coalescer::Time now);

  const WatchPlan* plan_;
  std::unique_ptr<WatchSource> source_;
  Coalescer coalescer_;
  uint64_t overflows_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace gander::integrity
