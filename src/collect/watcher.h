// Watcher: which files of which folders were touched, told by the kernel (inotify). One watch a folder, so that 100,000
// files cost one.
//
// Owns:    the inotify descriptor and its watches.
// Threads: one thread.
// Fails:   watch() says why the kernel cannot see a folder; it is then to be polled.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gander::collect {

class Watcher {
 public:
  enum class Use { Kernel, Never };
  explicit Watcher(Use use);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  int descriptor() const { return descriptor_; }  // -1: none

  // Nothing: watched. Else why not ("nfs", "No space left on device", …).
  std::string watch(const std::string& folder);
  void unwatch(const std::string& folder);
  bool is_watched(const std::string& folder) const { return watches_.contains(folder); }

  // An empty name: the folder itself came, went or changed. An empty folder: events were lost, everything is to be
  // looked at.
  using Seen = std::function<void(const std::string& folder, std::string_view name)>;
  void drain(const Seen& seen);

 private:
  int descriptor_ = -1;
  int error_ = 0;
  std::map<std::string, int, std::less<>> watches_;
  std::multimap<int, std::string> folders_;  // one folder may be known under several names
};

// The name of a file system whose changes this kernel may not see; empty: it sees them.
std::string unseen_file_system(const std::string& folder);

}  // namespace gander::collect
