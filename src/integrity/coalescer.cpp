#include "integrity/coalescer.h"

#include <algorithm>
#include <utility>

namespace gander::integrity {
namespace {

using std::chrono::milliseconds;
using Reach = Scanner::Dirty::Reach;

constexpr size_t kMostNames = 65'536;
constexpr size_t kMostActors = 256;
constexpr size_t kMostTaken = 4096;
constexpr size_t kMostInDirectory = 1024;
// A closed or renamed file is looked at almost at once; what is being written waits for its end, but not for ever.
constexpr milliseconds kSettledQuiet{10};
constexpr milliseconds kSettledMost{100};
constexpr milliseconds kWritingQuiet{1000};
constexpr milliseconds kWritingMost{10'000};
constexpr milliseconds kDirectoryQuiet{100};
constexpr milliseconds kDirectoryMost{2000};

// The tree that stands for a name when far too many wait: its first four parts.
std::string upper_part(const std::string& path) {
  size_t end = 0;
  for (int parts = 0; parts < 4; ++parts) {
    const size_t slash = path.find('/', end + 1);
    if (slash == std::string::npos) break;
    end = slash;
  }
  return end == 0 ? path : path.substr(0, end);
}

bool same_process(const std::shared_ptr<const Actor>& a, const std::shared_ptr<const Actor>& b) {
  return a && b && a->pid == b->pid && a->executable == b->executable;
}

}  // namespace

Coalescer::Who Coalescer::shared(std::optional<Actor> actor) {
  if (!actor) return nullptr;
  if (actors_.size() > kMostActors) actors_.clear();
  Who& known = actors_[actor->pid];
  if (!known || *known != *actor) known = std::make_shared<const Actor>(std::move(*actor));
  return known;
}

void Coalescer::put(std::string path, Reach reach, Who actor, Time now, milliseconds quiet, milliseconds most) {
  auto [at, is_new] = waiting_.try_emplace(std::move(path));
  Waiting& w = at->second;
  if (is_new) {
    w.dirty.path = at->first;
    w.dirty.reach = reach;
    w.number = number_++;
    w.first = now;
  }
  w.dirty.reach = std::max(w.dirty.reach, reach);
  if (is_new || w.dirty.reach == Reach::Entry) {
    if (actor) w.actor = std::move(actor);
  } else if (!same_process(w.actor, actor)) {
    w.actor.reset();  // it stands for many names, and nobody changed all of them
  }
  const Time due = std::min(now + quiet, w.first + most);
  if (is_new || due < w.due) due_.emplace(due, at->first);
  w.due = due;
}

void Coalescer::add(PathEvent event, Time now) {
  ++events_;
  Who who = shared(std::move(event.actor));
  if (event.entry != PathEvent::Entry::File) {
    const Reach reach = event.entry == PathEvent::Entry::NewDirectory ? Reach::Tree : Reach::Entry;
    const std::string path = event.path;
    put(std::move(event.path), reach, std::move(who), now, kSettledQuiet, kSettledMost);
    waiting_[path].is_directory = true;
  } else {
    const std::string directory(split_path(event.path).first);
    const auto whole = waiting_.find(directory);
    if (whole != waiting_.end() && whole->second.dirty.reach != Reach::Entry) {
      put(directory, Reach::Directory, std::move(who), now, kDirectoryQuiet, kDirectoryMost);
    } else {
      const bool settled = event.state == PathEvent::State::Settled;
      const bool is_new = !waiting_.contains(event.path);
      put(std::move(event.path), Reach::Entry, std::move(who), now, settled ? kSettledQuiet : kWritingQuiet,
          settled ? kSettledMost : kWritingMost);
      if (is_new && ++names_in_[directory] > kMostInDirectory) collapse(directory, now);
    }
  }
  if (waiting_.size() > kMostNames) collapse_all(now);
}

void Coalescer::collapse(const std::string& directory, Time now) {
  Who actor;
  bool first = true;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const bool name_of_file = at->second.dirty.reach == Reach::Entry && !at->second.is_directory;
    if (name_of_file && split_path(at->first).first == directory) {
      if (std::exchange(first, false)) actor = at->second.actor;
      if (!same_process(actor, at->second.actor)) actor.reset();
      at = waiting_.erase(at);
    } else {
      ++at;
    }
  }
  names_in_.erase(directory);
  put(directory, Reach::Directory, std::move(actor), now, kDirectoryQuiet, kDirectoryMost);
}

void Coalescer::collapse_all(Time now) {
  std::vector<std::string> trees;
  for (const auto& [path, waiting] : waiting_) trees.push_back(upper_part(path));
  std::sort(trees.begin(), trees.end());
  trees.erase(std::unique(trees.begin(), trees.end()), trees.end());
  add_trees(trees, now);
}

void Coalescer::add_trees(const std::vector<std::string>& paths, Time now) {
  took_trees_ = true;
  waiting_.clear();
  names_in_.clear();
  due_.clear();
  for (const std::string& path : paths) put(path, Reach::Tree, nullptr, now, kDirectoryQuiet, kDirectoryMost);
}

std::vector<Scanner::Dirty> Coalescer::take(Time now) {
  std::vector<Waiting> ready;
  while (ready.size() < kMostTaken && !due_.empty() && due_.begin()->first <= now) {
    const std::string path = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    const auto at = waiting_.find(path);
    if (at == waiting_.end()) continue;
    if (at->second.due > now) {
      due_.emplace(at->second.due, path);
      continue;
    }
    if (at->second.dirty.reach == Reach::Entry && !at->second.is_directory) {
      const std::string directory(split_path(path).first);
      const auto count = names_in_.find(directory);
      if (count != names_in_.end() && --count->second == 0) names_in_.erase(count);
    }
    ready.push_back(std::move(at->second));
    waiting_.erase(at);
  }
  std::sort(ready.begin(), ready.end(), [](const Waiting& a, const Waiting& b) { return a.number < b.number; });
  std::vector<Scanner::Dirty> out;
  out.reserve(ready.size());
  for (Waiting& waiting : ready) {
    if (waiting.actor) waiting.dirty.actor = *waiting.actor;
    out.push_back(std::move(waiting.dirty));
  }
  return out;
}

std::optional<Coalescer::Time> Coalescer::next() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace gander::integrity
