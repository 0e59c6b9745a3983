// <syscheck>: which files are watched and how.
#include <algorithm>

#include "base/file.h"
#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"
#include "config/watched_paths.h"

namespace gander::config {
namespace {

// False when an attribute is not type="sregex"; OSSEC then stops.
bool read_path_pattern(const Value& value, SectionReader& reader, PathPattern& out) {
  const XmlElement& e = value.element;
  out.text = std::string(value.text);
  out.at = reader.content_at(e);
  if (e.attributes.empty()) return true;
  const XmlAttribute& a = e.attributes.front();
  const bool is_match = a.name == "type" && a.value == "sregex";
  if (reader.analysis()) {
    // 4.3's analysis takes every entry as a prefix.
    if (is_match && !reader.exact()) out.kind = PathPattern::Kind::Match;
    return true;
  }
  if (!is_match) {
    reader.error({"C018",
                  "<" + e.name + "> only knows the attribute type=\"sregex\"",
                  reader.at(a),
                  static_cast<int>(a.name.size()),
                  "type=\"sregex\"",
                  {reader.error_line(1703, "Invalid attribute '" + a.name + "' for directory option.")}});
    return false;
  }
  out.kind = PathPattern::Kind::Match;
  Value copy = value;
  return reader.check({e.name, Kind::Match, "", "", ""}, copy);
}

template <auto Member>
void keep_path_pattern(Syscheck& s, const Value& value, SectionReader& reader) {
  PathPattern entry;
  if (read_path_pattern(value, reader, entry)) (s.*Member).push_back(std::move(entry));
}

void keep_directories(Syscheck& s, const Value& value, SectionReader& reader) {
  if (auto paths = read_watched_paths(value.element, s.directories, reader)) {
    if (!paths->paths.empty()) s.directories.push_back(std::move(*paths));
  }
}

void keep_time(Syscheck& s, const Value& value, SectionReader&) {
  s.scan_time = value.number;
}

void keep_days(Syscheck& s, const Value& value, SectionReader&) {
  s.scan_days = static_cast<uint8_t>(value.number);
}

void keep_prefilter(Syscheck& s, const Value& value, SectionReader& reader) {
  const std::string program(value.text.substr(0, value.text.find(' ')));
  if (!base::exists(program)) {
    reader.warning({"C114", "the program '" + program + "' does not exist; OSSEC refuses this configuration",
                    reader.content_at(value.element), static_cast<int>(program.size())});
  }
  s.prefilter_cmd = std::string(value.text);
}

void keep_registry(Syscheck& s, const Value& value, SectionReader&) {
  for (std::string_view rest = value.text;;) {
    const size_t comma = rest.find(',');
    if (comma != 0 && !rest.empty()) s.windows_registry.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

constexpr auto kLast = Repeats::LastWins;
constexpr auto kAppends = Repeats::Appends;
constexpr auto kExact = NameCase::Exact;
constexpr auto kOthers = ReadBy::Others;
constexpr auto kUsual = BadValue::Usual1235;
constexpr auto kSome = Attributes::Some;

constexpr Option<Syscheck> kSyscheckOptions[] = {
    {{"directories", Kind::Special, "paths with commas; * ? [ are expanded", "", "Files and directories to watch.",
      kAppends, kExact, kOthers, kUsual, kSome},
     keep_directories},
    {{"ignore", Kind::Special, "path prefix, or a match pattern with type=\"sregex\"", "", "What is not watched.",
      kAppends, kExact, ReadBy::Analysis, kUsual, kSome},
     keep_path_pattern<&Syscheck::ignore>},
    {{"nodiff", Kind::Special, "path prefix, or a match pattern with type=\"sregex\"", "",
      "Watched, but its content never appears in a difference.", kAppends, kExact, kOthers, kUsual, kSome},
     keep_path_pattern<&Syscheck::nodiff>},
    {{"frequency", Kind::Seconds, "", "600", "Seconds from the end of a scan to the next.", kLast, kExact, kOthers},
     keep<&Syscheck::frequency>},
    {{"scan_time", Kind::Time, "8:30, 20, 8pm, 8:30 am", "", "Time of day of a daily scan.", kLast, kExact, kOthers},
     keep_time},
    {{"scan_day", Kind::Days, "day names, weekdays, weekends, leading !", "", "Days on which scans may run.", kLast,
      kExact, kOthers},
     keep_days},
    {{"scan_on_start", Kind::YesNo, "", "yes", "Scan when the program starts.", kLast, kExact, kOthers},
     keep<&Syscheck::scan_on_start>},
    {{"disabled", Kind::YesNo, "", "no", "Do not scan files.", kLast, kExact, kOthers}, keep<&Syscheck::disabled>},
    {{"skip_nfs", Kind::YesNo, "", "no", "Leave network file systems out.", kLast, kExact, kOthers},
     keep<&Syscheck::skip_nfs>},
    {{"auto_ignore", Kind::YesNo, "", "yes", "Stop alerting after the third change of a file."},
     keep<&Syscheck::auto_ignore>},
    {{"alert_new_files", Kind::YesNo, "", "no", "Alert on files that were not there before."},
     keep<&Syscheck::alert_new_files>},
    {{"prefilter_cmd", Kind::Text, "", "", "Program whose output is hashed instead of the file.", kLast, kExact,
      kOthers},
     keep_prefilter},
    {{"windows_registry", Kind::Special, "keys with commas", "", "Registry keys to watch (Windows).", kAppends, kExact,
      kOthers, kUsual, kSome},
     keep_registry},
    {{"registry_ignore", Kind::Special, "key, or a match pattern with type=\"sregex\"", "",
      "Registry keys that are not watched (Windows).", kAppends, kExact, kOthers, kUsual, kSome},
     keep_path_pattern<&Syscheck::registry_ignore>},
};

void read_syscheck(const XmlElement& section, Config& config, SectionReader& reader) {
  // Analysis looks for its own elements and leaves the others to the scanner.
  read_options(kSyscheckOptions, section, config.syscheck, reader, reader.analysis() ? Unknown::Skip : Unknown::Report);
}

std::vector<OptionInfo> syscheck_infos() {
  return infos<Syscheck>(kSyscheckOptions);
}

}  // namespace

Section syscheck_section() {
  return {"syscheck", Pass::Settings, "Integrity of files.", read_syscheck, syscheck_infos, watched_path_attributes()};
}

}  // namespace gander::config
