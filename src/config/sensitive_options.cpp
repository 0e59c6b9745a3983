// <sensitive>: what must not lie about in watched files and alerts. Gander's own section; OSSEC 4.3 refuses it.
#include <algorithm>
#include <charconv>

#include "config/option_table.h"
#include "config/section_table.h"
#include "sensitive/kinds.h"

namespace gander::config {
namespace {

int length_of(std::string_view text) {
  return static_cast<int>(std::max<size_t>(1, text.size()));
}

void keep_kinds(Sensitive& s, const Value& value, SectionReader& reader) {
  std::string wrong;
  if (const auto kinds = sensitive::parse_kinds(value.text, wrong)) {
    s.kinds = *kinds;
    return;
  }
  reader.error({"C005", wrong.empty() ? "<kinds> names nothing to look for" : "there is no kind '" + wrong + "'",
                reader.content_at(value.element), length_of(value.text),
                "allowed: " + sensitive::words_of(sensitive::KindSet::all())});
}

// Digits, and K, M or G for 1024, …
std::optional<uint64_t> size_from(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  const int shift = unit.empty() ? 0 : unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (error != std::errc() || shift < 0 || number == 0 || number > ~uint64_t{0} >> (shift + 1)) return std::nullopt;
  return number << shift;
}

void keep_max_size(Sensitive& s, const Value& value, SectionReader& reader) {
  if (const auto size = size_from(value.text)) {
    s.max_size = *size;
    return;
  }
  reader.error({"C006", "'" + std::string(value.text) + "' is no size", reader.content_at(value.element),
                length_of(value.text), "bytes, or with K, M or G: 100M"});
}

void keep_directories(Sensitive& s, const Value& value, SectionReader& reader) {
  for (std::string_view rest = value.text; !rest.empty();) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string_view path = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (path.starts_with(' ')) path.remove_prefix(1);
    while (path.ends_with(' ')) path.remove_suffix(1);
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    if (path.starts_with('/')) {
      s.directories.emplace_back(path);
      continue;
    }
    reader.error({"C005", "'" + std::string(path) + "' is no absolute path", reader.content_at(value.element),
                  length_of(value.text), "paths from / on, with commas"});
  }
}

void keep_ignore(Sensitive& s, const Value& value, SectionReader& reader) {
  PathPattern entry;
  entry.text = std::string(value.text);
  entry.at = reader.content_at(value.element);
  for (const XmlAttribute& a : value.element.attributes) {
    if (a.name != "type" || a.value != "sregex") {
      reader.error({"C018", "<ignore> only knows the attribute type=\"sregex\"", reader.at(a),
                    static_cast<int>(a.name.size()), "type=\"sregex\""});
      return;
    }
    entry.kind = PathPattern::Kind::Match;
    Value copy = value;
    if (!reader.check({"ignore", Kind::Match, "", "", ""}, copy)) return;
  }
  s.ignore.push_back(std::move(entry));
}

constexpr Option<Sensitive> kSensitiveOptions[] = {
    {{"directories", Kind::Special, "paths with commas", "every watched file",
      "Watched files (see <syscheck>) below these are looked through when they are new or change.", Repeats::Appends},
     keep_directories},
    {{"kinds", Kind::Special, "card|iban|ssn|key|token|password", "all of them", "What is looked for."}, keep_kinds},
    {{"ignore", Kind::Special, "path prefix, or a match pattern with type=\"sregex\"", "",
      "Files that are not looked through.", Repeats::Appends, NameCase::Exact, ReadBy::Analysis, BadValue::Usual1235,
      Attributes::Some},
     keep_ignore},
    {{"max_size", Kind::Special, "bytes, or with K, M or G", "100M", "Larger files are not looked through."},
     keep_max_size},
    {{"logs", Kind::YesNo, "", "no",
      "Mask what is found in the log text and fields of every alert, not only of those that rules with <sensitive> "
      "make."},
     keep<&Sensitive::logs>},
    {{"disabled", Kind::YesNo, "", "no", "Do not look through files, and mask alerts of rules with <sensitive> only."},
     keep<&Sensitive::disabled>},
};

void read_sensitive(const XmlElement& section, Config& config, SectionReader& reader) {
  config.sensitive.configured = true;
  read_options(kSensitiveOptions, section, config.sensitive, reader);
}

std::vector<OptionInfo> sensitive_infos() {
  return infos<Sensitive>(kSensitiveOptions);
}

constexpr AttributeInfo kAttributes[] = {{"ignore", "type", "sregex", "", "The text is a match pattern."}};

}  // namespace

Section sensitive_section() {
  return {"sensitive",    Pass::Settings,  "Sensitive data in watched files and alerts (not in OSSEC).",
          read_sensitive, sensitive_infos, kAttributes};
}

}  // namespace gander::config
