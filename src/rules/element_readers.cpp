#include "rules/element_readers.h"

#include <algorithm>
#include <utility>

namespace gander::rules {
namespace {

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// As many digits as an id can have count; what is larger names no rule anyway.
int number_of(std::string_view digits) {
  constexpr int kMost = 999'999'999;
  int64_t value = 0;
  for (const char c : digits) value = std::min<int64_t>(value * 10 + (c - '0'), kMost);
  return static_cast<int>(value);
}

bool is_number(ElementReading& r) {
  if (all_digits(r.element.content)) return true;
  r.wrong("R028", "<" + std::string(r.kind.name) + "> is not a number: '" + r.element.content + "'",
          {invalid_element_line(r.kind.name, r.element.content)}, "only digits");
  return false;
}

struct IgnoreWord {
  std::string_view word;
  IgnoreItem item;
};
constexpr IgnoreWord kIgnoreWords[] = {
    {"user", kIgnoreUser},         {"srcip", kIgnoreSrcIp}, {"dstip", kIgnoreDstIp}, {"id", kIgnoreId},
    {"location", kIgnoreLocation}, {"data", kIgnoreData},   {"name", kIgnoreName},
};

// The words are searched inside the text, as OSSEC does it.
uint32_t ignore_items(ElementReading& r, std::string_view option) {
  uint32_t items = 0;
  for (const IgnoreWord& w : kIgnoreWords) {
    if (r.element.content.find(w.word) != std::string::npos) items |= w.item;
  }
  if (items == 0) {
    r.wrong("R030", "<" + std::string(option) + "> names no field: '" + r.element.content + "'",
            {"ossec-analysisd: Wrong " + std::string(option) + " option: '" + r.element.content + "'"},
            "allowed: user, srcip, dstip, id, location, data, name");
  }
  return items;
}

constexpr size_t kMostInfoLines = 33;

// `joined`: the JSON alert has all <info> texts, of any type, in one string and all <cve> texts in another.
void add_info(ElementReading& r, model::InfoKind kind, std::string& joined) {
  if (!r.fits(kFirstTextLimit)) return;
  const std::string& text = r.element.content;
  const bool dropped = r.options.compat == model::Compat::Ossec43 && r.draft.info.size() >= kMostInfoLines;
  if (!dropped) r.draft.info.push_back({kind, text});
  joined += text;
}

struct InfoWord {
  std::string_view word;
  model::InfoKind kind;
};
constexpr InfoWord kInfoWords[] = {
    {"text", model::InfoKind::Text},
    {"link", model::InfoKind::Link},
    {"cve", model::InfoKind::Cve},
    {"osvdb", model::InfoKind::Osvdb},
};

}  // namespace

void read_if_level(ElementReading& r) {
  if (is_number(r)) r.join(r.draft.if_level);
}

void read_if_matched_sid(ElementReading& r) {
  r.draft.if_matched = true;
  if (!is_number(r)) return;
  r.draft.matched_sid = number_of(r.element.content);
  r.draft.matched_sid_at = r.findings.content(r.element);
}

void read_if_matched_group(ElementReading& r) {
  r.draft.if_matched = true;
  r.join(r.draft.matched_group);
}

void read_if_matched_regex(ElementReading& r) {
  r.draft.if_matched = true;
  r.join(r.draft.matched_regex);
}

void read_category(ElementReading& r) {
  const std::optional<model::Category> category = model::category_from(r.element.content);
  if (category && *category != model::Category::HostInformation) {
    r.draft.category = *category;
    return;
  }
  r.wrong("R022", "there is no category '" + r.element.content + "'",
          {"ossec-analysisd(1273): ERROR: Invalid category '" + r.element.content + "' chosen."},
          "allowed: syslog, ids, firewall, web-log, squid, windows, ossec");
}

void read_check_diff(ElementReading& r) {
  r.draft.check_diff = true;
}

void read_if_fts(ElementReading& r) {
  r.draft.if_fts = true;
}

void read_ignore(ElementReading& r) {
  r.draft.ignore_items |= ignore_items(r, "ignore");
}

void read_check_if_ignored(ElementReading& r) {
  r.draft.check_if_ignored_items |= ignore_items(r, "check_if_ignored");
}

void read_group(ElementReading& r) {
  if (r.fits(kLaterTextLimit)) r.draft.group += r.element.content;
}

void read_description(ElementReading& r) {
  if (!r.fits(r.draft.description ? kLaterTextLimit : kFirstTextLimit)) return;
  std::string text = r.element.content;
  const size_t newline = text.find('\n');
  if (newline != std::string::npos) text[newline] = ' ';
  r.draft.description = r.draft.description.value_or("") + text;
}

void read_info(ElementReading& r) {
  model::InfoKind kind = model::InfoKind::Text;
  for (const config::XmlAttribute& a : r.element.attributes) {
    if (!config::same_name(a.name, "type")) {
      r.wrong("R037", "<info> has no attribute '" + a.name + "'", a, {}, "allowed: type");
      return;
    }
    const InfoWord* found = nullptr;
    for (const InfoWord& w : kInfoWords) {
      if (w.word == a.value) found = &w;
    }
    if (!found) {
      r.wrong("R037", "<info> has no type '" + a.value + "'", a, {}, "allowed: text, link, cve, osvdb");
      return;
    }
    kind = found->kind;
  }
  add_info(r, kind, r.draft.info_text);
}

void read_cve(ElementReading& r) {
  add_info(r, model::InfoKind::Cve, r.draft.cve_text);
}

void read_options(ElementReading& r) {
  const std::string& word = r.element.content;
  RuleDraft& d = r.draft;
  if (word == "alert_by_email") {
    d.mail = true;
  } else if (word == "no_email_alert") {
    d.mail = false;
  } else if (word == "log_alert") {
    d.log = true;
  } else if (word == "no_log") {
    d.log = false;
  } else if (word == "no_ar") {
    d.no_active_response = true;
  } else {
    const std::string id = std::to_string(d.id.value_or(0));
    r.wrong("R021", "there is no option '" + word + "'",
            {"ossec-analysisd(1235): ERROR: Invalid value for element 'options': " + word + ".",
             "ossec-analysisd: Invalid option 'options' for rule '" + id + "'."},
            "allowed: alert_by_email, no_email_alert, log_alert, no_log, no_ar");
  }
}

}  // namespace gander::rules
