// SyscheckDecoder: what analysis makes of a file integrity message: it keeps queue/syscheck and gives events their
// text.
//
// Owns:    the databases of all locations, opened as messages of them come.
// Threads: one thread.
// Cost:    a look-up a message; memory about 60 bytes a path.
// Fails:   a message that is none, or a database that cannot be read, is said in take_notes(); nothing is lost of
// others. OSSEC:   counters, texts and files to the byte with compat; what differs by default is in
// docs/compat.md#integrity.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "config/sections.h"
#include "integrity/event_text.h"
#include "integrity/hash_allowlist.h"
#include "integrity/maintenance.h"
#include "integrity/syscheck_database.h"
#include "model/compat.h"
#include "text/pattern.h"

namespace gander::integrity {

// What of a file differs; a side is empty when it did not change or is not known.
struct FileDifference {
  std::string md5_before, md5_after;
  std::string sha1_before, sha1_after;
  std::string sha256_before, sha256_after;
  std::string owner_before, owner_after;
  std::string group_before, group_after;
  std::optional<uint32_t> mode_before, mode_after;
  std::string size_before, size_after;  // not in OSSEC's JSON
};

struct FileEvent {
  std::string_view decoder;  // for <decoded_as>; JSON says kShownDecoder for all of them
  int rule = 0;              // the rule that OSSEC's set has for it: 550 to 554
  std::string text;
  std::string path;  // as it is on disk, whatever bytes it holds
  FileDifference difference;
};

constexpr std::string_view kShownDecoder = "syscheck_integrity_changed";

class SyscheckDecoder {
 public:
  struct Options {
    model::Compat compat = model::Compat::Mended;
    std::string folder;     // queue/syscheck
    std::string logs;       // logs
    std::string allowlist;  // SQLite file of <md5_allowlist>; empty: none
    base::TimeZone zone = base::TimeZone::utc();
  };
  // Of `settings` only ignore, auto_ignore and alert_new_files count here.
  SyscheckDecoder(Options options, const config::Syscheck& settings);
  ~SyscheckDecoder();

  // `body`: the message behind its location, as received. Nothing: no event.
  std::optional<FileEvent> decode(std::string_view location, std::string_view body, base::Instant now);

  // Changes of the databases since the last call: write them, or let the caller's journal do it (then written()).
  Result<void> flush();
  std::vector<FileWrite> take_writes();
  void written();

  // Log lines without the name of the program, in order.
  std::vector<std::string> take_notes();

 private:
  struct Message;
  std::optional<FileEvent> judge(Message& m);
  std::optional<FileEvent> first_sight(Message& m);
  std::optional<FileEvent> changed(Message& m, const SyscheckEntry& old);
  SyscheckDatabase* database(std::string_view location);
  void complete(std::string_view location);
  bool ignored(std::string_view path);
  bool accepts_silently(const Message& m, std::string_view kind);
  std::string permissions(const FileSum& before, const FileSum& after);

  Options options_;
  bool auto_ignore_;
  bool alert_new_files_;
  std::vector<std::string> ignore_prefixes_;  // lower case
  std::vector<text::Pattern> ignore_patterns_;
  text::MatchContext context_;
  std::map<std::string, SyscheckDatabase, std::less<>> databases_;
  Maintenance maintenance_;
  HashAllowlist allowlist_;
  std::string last_permissions_;  // compat: repeated when a mode is not known
  std::vector<std::string> notes_;
};

}  // namespace gander::integrity
