// ContentStore: the last content of files with report_changes, and the difference to what they hold now.
//
// `queue/diff/local/PATH/last-entry`; beside it `last-diff`, or with OSSEC's habits `state.TIME` and `diff.TIME` of
// each change. A new copy becomes last-entry only in settle(), behind the commit of the baseline.
//
// Owns:    the folder; the copies that wait for settle().
// Threads: one thread.
// Cost:    reads and writes the file once; contents over 1 MiB are compared but not kept (mended).
// Fails:   what cannot be kept has no difference, and says so in note().
// OSSEC:   docs/formats/integrity-db.md; texts and limits of the difference as OSSEC 4.3 (docs/compat.md#integrity).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "integrity/file_state.h"
#include "model/compat.h"

namespace gander::integrity {

enum class Secrecy { Show, Hide };  // Hide: nodiff

class ContentStore {
 public:
  // `folder`: queue/diff/local.
  ContentStore(std::string folder, model::Compat compat) : folder_(std::move(folder)), compat_(compat) {}

  // Takes a copy of the file (the target of a link) below the open directory. The difference to the copy before, as it
  // stands below "What changed:", or nothing: first sight, equal, not text, not readable.
  std::string update(int directory, const char* name, std::string_view path, Secrecy secrecy);
  // The copies of update() become the last ones.
  void settle();
  // They are thrown away: the changes were not told.
  void drop();
  void forget(std::string_view path);

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Waiting {
    std::string folder;
    std::string difference;
  };
  std::string difference_text(const std::string& old_text, const std::string& new_text, Secrecy secrecy) const;
  void settle_one(const Waiting& waiting) const;

  std::string folder_;
  model::Compat compat_;
  std::vector<Waiting> waiting_;
  std::vector<std::string> notes_;
};

}  // namespace gander::integrity
