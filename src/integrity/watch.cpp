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
  News news;
  source_->read(news);
  for (PathEvent& event : news.events) coalescer_.add(std::move(event), now);
  if (news.overflow) {
    ++overflows_;
    notes_.emplace_back("events came faster than they could be read; all watched trees are looked at again");
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
