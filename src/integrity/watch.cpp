#include "integrity/watch.h"

namespace gander::integrity {

Result<Watch> Watch::open(const WatchPlan& plan, Options options) {
  Watch out(plan);
  std::string why;
  if (options.use == Options::Use::Best) {
    out.source_ = open_fanotify(plan, options.group, why);
    if (!out.source_) out.notes_.push_back(why + "; inotify is used, which does not say who");
  }
  if (!out.source_) out.source_ = open_inotify(plan, why);
  if (!out.source_) return fail("I024", why);
  return out;
}

void Watch::everything(Coalescer::Time now) {
  std::vector<std::string> roots;
  for (const WatchRoot& root : plan_->roots()) {
    if (root.checks & config::WatchedPaths::Realtime) roots.push_back(root.path);
  }
  coalescer_.add_trees(roots, now);
}

void Watch::read(Coalescer::Time now) {
  // A buffer at a time, and not for ever: a storm must neither fill the memory nor keep what is due from being looked
  // at.
  constexpr int kMostBuffers = 64;
  bool overflow = false;
  News news;
  for (int n = 0; n < kMostBuffers && source_->read(news); ++n) {
    for (PathEvent& event : news.events) coalescer_.add(std::move(event), now);
    news.events.clear();
    overflow = overflow || news.overflow;
  }
  if (overflow) {
    ++overflows_;
    notes_.emplace_back(
        "the kernel dropped events that came faster than they were read; all trees with realtime are looked at again");
    everything(now);
    static_cast<void>(coalescer_.took_trees());
  } else if (coalescer_.took_trees()) {
    notes_.emplace_back("too many files changed to tell one by one; their trees are looked at");
  }
}

std::vector<std::string> Watch::take_notes() {
  std::vector<std::string> out = std::exchange(notes_, {});
  for (std::string& note : source_->take_notes()) out.push_back(std::move(note));
  return out;
}

}  // namespace gander::integrity
