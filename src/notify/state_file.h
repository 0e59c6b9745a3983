// StateFile: the few words the notifier keeps over a restart: places of its channels, the mails of this hour, the last
// day that was reported.
//
// Owns:    its values; queue/notify/state, "KEY<TAB>VALUE" a line, replaced as a whole. queue/notify/state.recent is
// newer
//          by up to a second: it survives a kill, not always a power cut.
// Threads: one thread.
// Cost:    save() waits for the disk, save_recent() does not; both do nothing when nothing changed.
// Fails:   save() with I002. A damaged or missing file is an empty one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"

namespace gander::notify {

class StateFile {
 public:
  explicit StateFile(const std::string& home);

  std::optional<uint64_t> number(const std::string& key) const;
  std::optional<std::string> text(const std::string& key) const;
  void set(const std::string& key, uint64_t number);
  // `value` without line feeds and tabs.
  void set(const std::string& key, const std::string& value);
  bool changed() const { return changed_; }
  Result<void> save();
  Result<void> save_recent();

 private:
  bool load(const std::string& path);
  std::string content() const;

  std::string path_;
  std::map<std::string, std::string> values_;
  bool changed_ = false;
  bool recent_changed_ = false;
};

}  // namespace gander::notify
