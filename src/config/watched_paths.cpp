#include "config/watched_paths.h"

#include <algorithm>

namespace gander::config {
namespace {

constexpr size_t kMaxPaths = 64;

struct Flag {
  std::string_view name;
  unsigned bits;
};

using W = WatchedPaths;
constexpr Flag kFlags[] = {
    {"check_all", W::kAll},
    {"check_sum", W::kSum},
    {"check_md5sum", W::Md5},
    {"check_sha1sum", W::Sha1},
    {"check_sha256sum", W::Sha256},
    {"check_perm", W::Perm},
    {"check_size", W::Size},
    {"check_owner", W::Owner},
    {"check_group", W::Group},
    {"realtime", W::Realtime},
    {"report_changes", W::ReportChanges},
    {"no_recurse", W::NoRecurse},
};

constexpr AttributeInfo kAttributes[] = {
    {"directories", "check_all", "yes|no", "no", "All that follows up to check_group."},
    {"directories", "check_sum", "yes|no", "no", "MD5, SHA-1 and SHA-256."},
    {"directories", "check_md5sum", "yes|no", "no", "MD5 of the content."},
    {"directories", "check_sha1sum", "yes|no", "no", "SHA-1 of the content."},
    {"directories", "check_sha256sum", "yes|no", "yes", "SHA-256 of the content."},
    {"directories", "check_perm", "yes|no", "no", "Permissions."},
    {"directories", "check_size", "yes|no", "no", "Size."},
    {"directories", "check_owner", "yes|no", "no", "Owner."},
    {"directories", "check_group", "yes|no", "no", "Group."},
    {"directories", "realtime", "yes|no", "no", "Report a change as it happens."},
    {"directories", "report_changes", "yes|no", "no", "Show the difference of text files."},
    {"directories", "no_recurse", "yes", "no", "Only the directory itself."},
    {"directories", "restrict", "match pattern", "", "Only files whose path matches."},
    {"ignore", "type", "sregex", "", "The content is a match pattern."},
    {"nodiff", "type", "sregex", "", "The content is a match pattern."},
    {"registry_ignore", "type", "sregex", "", "The content is a match pattern."},
};

std::vector<std::string> attribute_names() {
  std::vector<std::string> out = {"restrict"};
  for (const Flag& flag : kFlags) out.emplace_back(flag.name);
  return out;
}

bool apply_restrict(const XmlElement& element, const XmlAttribute& a, W& out, SectionReader& reader) {
  XmlElement pattern;
  pattern.name = "restrict";
  pattern.content = a.value;
  pattern.content_line = a.line;
  pattern.content_column = a.column + static_cast<int>(a.name.size()) + 2;
  Value value{pattern, pattern.content};
  static_cast<void>(element);
  if (!reader.check({"restrict", Kind::Match, "", "", ""}, value)) return false;
  out.restrict_to = a.value;
  return true;
}

bool apply_attribute(const XmlElement& element, const XmlAttribute& a, W& out, SectionReader& reader) {
  if (a.name == "restrict") return apply_restrict(element, a, out, reader);
  const auto* const flag =
      std::find_if(std::begin(kFlags), std::end(kFlags), [&](const Flag& f) { return f.name == a.name; });
  if (flag == std::end(kFlags)) {
    reader.error({"C018",
                  "<directories> knows no attribute '" + a.name + "'",
                  reader.at(a),
                  static_cast<int>(a.name.size()),
                  nearest_hint(a.name, attribute_names()),
                  {reader.error_line(1703, "Invalid attribute '" + a.name + "' for directory option.")}});
    return false;
  }
  const bool only_yes = flag->bits == W::NoRecurse;
  if (a.value == "yes") {
    out.checks |= flag->bits;
  } else if (a.value == "no" && !only_yes) {
    out.checks &= ~flag->bits;
  } else {
    reader.error({"C019",
                  "attribute '" + a.name + "' cannot be '" + a.value + "'",
                  reader.at(a),
                  static_cast<int>(a.name.size()),
                  only_yes ? "allowed: yes" : "allowed: yes, no",
                  {reader.error_line(1704, "Invalid option '" + a.value + "' for attribute '" + a.name + "'")}});
    return false;
  }
  return true;
}

std::vector<std::string> split_paths(const std::string& content, bool exact) {
  std::vector<std::string> out;
  for (std::string_view rest = content;;) {
    const size_t comma = out.size() + 1 == kMaxPaths ? std::string_view::npos : rest.find(',');
    std::string_view item = rest.substr(0, comma);
    while (!item.empty() && (item.front() == ' ' || item.front() == '\n' || item.front() == '\t'))
      item.remove_prefix(1);
    std::string_view bare = item;
    while (!bare.empty() && (bare.back() == ' ' || bare.back() == '\n' || bare.back() == '\t')) bare.remove_suffix(1);
    // 4.3 keeps the blank at the end of a name that holds another blank.
    if (exact && bare.find(' ') != std::string_view::npos) bare = item;
    if (!bare.empty()) out.emplace_back(bare);
    if (comma == std::string_view::npos) return out;
    rest.remove_prefix(comma + 1);
  }
}

bool is_listed(const std::string& path, const std::vector<W>& earlier, const std::vector<std::string>& here) {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), path) != list.end();
  };
  return has(here) || std::any_of(earlier.begin(), earlier.end(), [&](const W& w) { return has(w.paths); });
}

}  // namespace

std::optional<WatchedPaths> read_watched_paths(const XmlElement& element, const std::vector<WatchedPaths>& earlier,
                                               SectionReader& reader) {
  W out;
  out.at = reader.at(element);
  for (const XmlAttribute& a : element.attributes) {
    if (!apply_attribute(element, a, out, reader)) return std::nullopt;
  }
  if (element.attributes.empty() || out.checks == 0) {
    reader.error(
        {"C017",
         "<directories> asks for no check",
         reader.at(element),
         static_cast<int>(element.name.size()),
         "such as check_all=\"yes\"",
         {reader.line(1701, "WARN", "No option provided for directories: '" + element.content + "', ignoring it.")}});
    return std::nullopt;
  }
  for (std::string& path : split_paths(element.content, reader.exact())) {
    if (is_listed(path, earlier, out.paths)) {
      reader.warning({"C107",
                      "'" + path + "' is watched already",
                      reader.content_at(element),
                      1,
                      {},
                      {reader.error_line(1756, "Duplicated directory given: '" + path + "'.")}});
      // 4.3 leaves the rest of the element out.
      if (reader.exact()) return out;
      continue;
    }
    out.paths.push_back(std::move(path));
  }
  return out;
}

std::span<const AttributeInfo> watched_path_attributes() {
  return kAttributes;
}

}  // namespace gander::config
