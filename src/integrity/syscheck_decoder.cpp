#include "integrity/syscheck_decoder.h"

#include <algorithm>
#include <cstdio>

#include "base/file.h"
#include "integrity/file_state.h"
#include "integrity/scan_messages.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostText = 1256;  // of alerts in 4.3
constexpr std::string_view kAttribute = "Attribute ";

struct Step {
  std::string_view flags;
  std::string_view decoder;
  int rule;
};

// By number of changes recorded before.
constexpr Step kSteps[] = {
    {"!++", "syscheck_integrity_changed", 550},
    {"!!+", "syscheck_integrity_changed_2nd", 551},
    {"!!!", "syscheck_integrity_changed_3rd", 552},
    {"!!?", "syscheck_integrity_changed", 550},
};
constexpr int kIgnoredFrom = 3;

int changes_of(std::string_view flags) {
  if (flags == "!!?") return 4;
  return static_cast<int>(std::count(flags.begin(), flags.end(), '!'));
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// Lines and tabs stay, what acts on a display goes.
std::string difference_lines(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_control(c) || c == '\n' || c == '\t') out += c;
  }
  return out;
}

bool is_md5(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

std::string date_of(const base::TimeZone& zone, base::Instant now) {
  const base::Civil c = zone.civil(now);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
  return text;
}

void set_pair(std::string_view was, std::string_view is, std::string& before, std::string& after) {
  if (was == is || was == "xxx" || is == "xxx" || was.data() == nullptr || is.data() == nullptr) return;
  before = was;
  after = is;
}

FileDifference difference_of(const FileSum& was, const FileSum& is) {
  FileDifference d;
  if (!was.whole || !is.whole) return d;
  set_pair(was.md5, is.md5, d.md5_before, d.md5_after);
  set_pair(was.sha1, is.sha1, d.sha1_before, d.sha1_after);
  set_pair(was.sha256, is.sha256, d.sha256_before, d.sha256_after);
  set_pair(was.uid, is.uid, d.owner_before, d.owner_after);
  set_pair(was.gid, is.gid, d.group_before, d.group_after);
  set_pair(was.size, is.size, d.size_before, d.size_after);
  if (was.mode != is.mode && mode_number(was.mode) != 0 && mode_number(is.mode) != 0) {
    d.mode_before = mode_number(was.mode);
    d.mode_after = mode_number(is.mode);
  }
  return d;
}

}  // namespace

struct SyscheckDecoder::Message {
  std::string_view location;
  std::string_view sum;
  std::string key;         // path as the database has it
  std::string difference;  // mended: what stands behind the path
  base::Instant now;
  SyscheckDatabase* database = nullptr;
};

SyscheckDecoder::SyscheckDecoder(Options options, const config::Syscheck& settings)
    : options_(std::move(options)),
      auto_ignore_(settings.auto_ignore),
      alert_new_files_(settings.alert_new_files),
      maintenance_(options_.folder, options_.logs + "/fim_maintenance.log"),
      allowlist_(options_.allowlist) {
  for (const config::PathPattern& entry : settings.ignore) {
    // 4.3 takes patterns for prefixes here too.
    if (entry.kind == config::PathPattern::Kind::Match && options_.compat == model::Compat::Mended) {
      auto pattern = text::Pattern::compile(text::Dialect::OsMatch, entry.text, text::OnInvalidUtf8::SearchBytes);
      if (pattern) ignore_patterns_.push_back(std::move(*pattern));
      continue;
    }
    std::string prefix;
    for (const char c : entry.text) prefix += lower(c);
    ignore_prefixes_.push_back(std::move(prefix));
  }
  if (!allowlist_.note().empty()) notes_.push_back("ERROR: md5_allowlist: " + allowlist_.note());
}

SyscheckDecoder::~SyscheckDecoder() = default;

bool SyscheckDecoder::ignored(std::string_view path) {
  const auto is_prefix = [&](const std::string& prefix) {
    return path.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), path.begin(), [](char a, char b) { return a == lower(b); });
  };
  if (std::any_of(ignore_prefixes_.begin(), ignore_prefixes_.end(), is_prefix)) return true;
  return std::any_of(ignore_patterns_.begin(), ignore_patterns_.end(),
                     [&](const text::Pattern& pattern) { return pattern.matches(text::Subject::of(path), context_); });
}

SyscheckDatabase* SyscheckDecoder::database(std::string_view location) {
  auto found = databases_.find(location);
  if (found == databases_.end()) {
    // A location becomes a file name, and agents choose their names.
    if (location.empty() || location.front() == '.' || location.find('/') != std::string_view::npos ||
        location.size() > 200 || std::any_of(location.begin(), location.end(), is_control)) {
      notes_.push_back("ERROR: Invalid location of a syscheck message: '" + shown_path(location.substr(0, 200)) + "'.");
      return nullptr;
    }
    const std::string name(location);
    found = databases_.emplace(name, SyscheckDatabase(options_.folder + "/" + name)).first;
  }
  if (const Result<void> ready = found->second.refresh(); !ready) {
    notes_.push_back("ERROR: " + ready.error().message);
    return nullptr;
  }
  return &found->second;
}

void SyscheckDecoder::complete(std::string_view location) {
  const std::string file = options_.folder + "/." + std::string(location) + ".cpt";
  if (!base::exists(file)) {
    if (const Result<void> done = base::write_file_atomically(file, "#!X"); !done) {
      notes_.push_back("ERROR: " + done.error().message);
    }
  }
  maintenance_.completed(location);
}

std::optional<FileEvent> SyscheckDecoder::decode(std::string_view location, std::string_view body, base::Instant now) {
  const bool exact = options_.compat == model::Compat::Ossec43;
  const std::string stripped = exact ? shown_path(body) : std::string();
  if (exact) body = stripped;
  Message m;
  m.location = location;
  m.now = now;
  m.database = database(location);
  if (!m.database) return std::nullopt;
  if (body == kScanCompleted) {
    complete(location);
    return std::nullopt;
  }
  const size_t space = body.find(' ');
  if (space == std::string_view::npos || space == 0 || space + 1 == body.size()) {
    notes_.emplace_back("(1755): ERROR: Invalid syscheck message received.");
    return std::nullopt;
  }
  m.sum = body.substr(0, space);
  std::string_view path = body.substr(space + 1);
  if (const size_t line = path.find('\n'); line != std::string_view::npos) {
    m.difference = difference_lines(path.substr(line + 1));
    path = path.substr(0, line);
  }
  m.key = exact ? std::string(path) : encode_path(decode_path(path));
  if (ignored(exact ? m.key : decode_path(m.key))) return std::nullopt;
  if (allowlist_.used()) {
    const FileSum sum = FileSum::parse(m.sum);
    if (sum.whole && sum.md5 != "xxx" && !is_md5(sum.md5)) {
      notes_.push_back("Not a valid MD5 hash: '" + std::string(sum.md5) + "'");
      return std::nullopt;
    }
    if (sum.whole && allowlist_.knows(sum.md5)) {
      notes_.push_back("(1278) WARN: File with MD5 '" + std::string(sum.md5) + "' not processed.");
      return std::nullopt;
    }
  }
  std::optional<FileEvent> event = judge(m);
  if (!event) return event;
  event->path = exact ? m.key : decode_path(m.key);
  if (exact && event->text.size() > kMostText) event->text.resize(kMostText);
  return event;
}

bool SyscheckDecoder::accepts_silently(const Message& m, std::string_view kind) {
  const int64_t now = base::unix_seconds(m.now);
  if (!maintenance_.active(m.location, now)) return false;
  maintenance_.accepted(m.location, kind, m.key, now, date_of(options_.zone, m.now));
  return true;
}

std::optional<FileEvent> SyscheckDecoder::judge(Message& m) {
  const Result<std::optional<SyscheckEntry>> found = m.database->find(m.key);
  if (!found) {
    notes_.push_back("ERROR: " + found.error().message);
    return std::nullopt;
  }
  if (!*found) return first_sight(m);
  const SyscheckEntry& old = **found;
  const bool attributes = m.sum == old.sum && m.difference.starts_with(kAttribute);
  if (m.sum == old.sum && !attributes) return std::nullopt;
  const FileSum before = FileSum::parse(old.sum);
  const FileSum after = FileSum::parse(m.sum);
  if (!attributes && !before.deleted && !after.deleted && !after.really_differs(before)) {
    m.database->set(m.key, old, "+++", m.sum, base::unix_seconds(m.now));
    return std::nullopt;
  }
  if (accepts_silently(m, "modify")) {
    m.database->set(m.key, old, "+++", m.sum, base::unix_seconds(m.now));
    return std::nullopt;
  }
  return changed(m, old);
}

std::optional<FileEvent> SyscheckDecoder::first_sight(Message& m) {
  const FileSum sum = FileSum::parse(m.sum);
  // Oddity of 4.3: the deletion of a file that nobody knew is a new file.
  if (sum.deleted && options_.compat == model::Compat::Mended) return std::nullopt;
  m.database->set(m.key, std::nullopt, "+++", m.sum, base::unix_seconds(m.now));
  if (accepts_silently(m, "new") || !alert_new_files_) return std::nullopt;
  FileEvent event;
  event.decoder = "syscheck_new_entry";
  event.rule = 554;
  const std::string path = options_.compat == model::Compat::Mended ? decode_path(m.key) : m.key;
  event.text = new_text(path, sum);
  if (sum.whole) {
    event.difference.md5_after = sum.md5;
    event.difference.sha1_after = sum.sha1;
    event.difference.sha256_after = sum.sha256;
  }
  return event;
}

std::string SyscheckDecoder::permissions(const FileSum& before, const FileSum& after) {
  if (options_.compat == model::Compat::Mended) return permissions_line(before, after);
  if (before.mode == after.mode) return last_permissions_ = {};
  const bool known = mode_number(before.mode) != 0 && mode_number(after.mode) != 0;
  // Oddity of 4.3: with a mode of 0 the line of the event before stands here once more.
  if (known) last_permissions_ = permissions_line(before, after);
  return last_permissions_;
}

std::optional<FileEvent> SyscheckDecoder::changed(Message& m, const SyscheckEntry& old) {
  const FileSum before = FileSum::parse(old.sum);
  const FileSum after = FileSum::parse(m.sum);
  const int count = changes_of(old.flags);
  if (count >= kIgnoredFrom && auto_ignore_) return std::nullopt;
  const bool exact = options_.compat == model::Compat::Ossec43;
  const Step& step = kSteps[std::min(count, kIgnoredFrom)];
  m.database->set(m.key, old, step.flags, m.sum, base::unix_seconds(m.now));
  const std::string path = exact ? m.key : decode_path(m.key);
  FileEvent event;
  if (after.deleted) {
    event.decoder = "syscheck_deleted";
    event.rule = 553;
    event.text = deleted_text(path);
  } else if (before.deleted) {
    event.decoder = "syscheck_new_entry";
    event.rule = 554;
    event.text = returned_text(path);
  } else {
    event.decoder = auto_ignore_ ? step.decoder : kSteps[0].decoder;
    event.rule = auto_ignore_ ? step.rule : kSteps[0].rule;
    event.text = changed_text(path, before, after, permissions(before, after), m.difference);
    event.difference = difference_of(before, after);
  }
  return event;
}

Result<void> SyscheckDecoder::flush() {
  for (auto& [location, database] : databases_) {
    if (const Result<void> done = database.flush(); !done) return done;
  }
  return {};
}

std::vector<FileWrite> SyscheckDecoder::take_writes() {
  std::vector<FileWrite> out;
  for (auto& [location, database] : databases_) {
    for (FileWrite& write : database.take_writes()) out.push_back(std::move(write));
  }
  return out;
}

void SyscheckDecoder::written() {
  for (auto& [location, database] : databases_) database.written();
}

std::vector<std::string> SyscheckDecoder::take_notes() {
  std::vector<std::string> out = std::exchange(notes_, {});
  for (std::string& note : maintenance_.take_notes()) out.push_back(std::move(note));
  return out;
}

}  // namespace gander::integrity
