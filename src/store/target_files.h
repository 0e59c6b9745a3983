// TargetFiles: the files that batches are written into, kept open, watched for what others do to them.
//
// Owns:    descriptors; those not used for a while are closed.
// Threads: one thread.
// Fails:   A201; the same call may be made again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/fault_seam.h"
#include "store/posix_file.h"

namespace gander::store {

class TargetFiles {
 public:
  TargetFiles(std::string home, FaultSeam seam) : home_(std::move(home)), seam_(std::move(seam)) {}

  // Opens (makes) the file and gives its size: where the next bytes belong.
  Result<uint64_t> end_of(const std::string& path);
  Result<void> write(const std::string& path, uint64_t offset, std::string_view bytes);
  // A new content by way of PATH.new and a rename.
  Result<void> replace(const std::string& path, std::string_view bytes);
  // Makes the name `fixed` a hard link to the open file `path` (a symbolic one where there are no hard links).
  Result<void> link(const std::string& path, std::string_view fixed);
  void remove_if_empty(const std::string& path);
  // Flushed and closed: nothing more is expected for it. A file that cannot be flushed stays open.
  void leave(const std::string& path);
  // Gives back the room of files that are gone.
  void close_removed();

  // Flushes what was written since the last call, and the folders where files came and went.
  Result<void> flush();
  bool dirty() const;
  // Closes files that the last calls of this function did not see used.
  void close_unused();

  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

 private:
  struct Target {
    PosixFile file;
    FileId id;
    uint64_t end = 0;  // behind what we wrote
    bool dirty = false;
    unsigned idle = 0;
  };

  Result<Target*> open(const std::string& path);
  std::string full(std::string_view path) const;
  void say_removed(const std::string& path);
  void entry_changed(const std::string& path);

  std::string home_;
  FaultSeam seam_;
  std::map<std::string, Target> targets_;
  std::set<std::string> folders_;   // whose entries changed
  std::set<std::string> replaced_;  // to be flushed
  std::vector<std::string> notes_;
};

}  // namespace gander::store
