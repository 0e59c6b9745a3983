// <email_alerts> (who gets which alerts) and <reports> (daily summaries).
#include <algorithm>
#include <array>

#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

// ---- <email_alerts>

void keep_rule_ids(EmailAlert& e, const Value& value, SectionReader& reader) {
  std::string bad;
  e.rule_ids = parse_numbers(value.text, bad);
  if (bad.empty()) return;
  reader.warning({"C112", "'" + bad + "' is no rule id and is left out", reader.content_at(value.element),
                  static_cast<int>(value.text.size())});
}

constexpr Option<EmailAlert> kEmailOptions[] = {
    {{"email_to", Kind::Text, "", "", "The recipient."}, keep<&EmailAlert::email_to>},
    {{"level", Kind::Number, "", "", "Least level."}, keep<&EmailAlert::level>},
    {{"rule_id", Kind::Numbers, "rule ids with commas", "", "Rules."}, keep_rule_ids},
    {{"group", Kind::Match, "match pattern", "", "Groups."}, keep<&EmailAlert::group>},
    {{"event_location", Kind::Match, "match pattern", "", "Where the event comes from."},
     keep<&EmailAlert::event_location>},
    {{"format", Kind::Words, "default", "default", "Form of the mail."}, ignore_value<EmailAlert>},
    {{"do_not_delay", Kind::Present, "", "", "Send at once."}, keep<&EmailAlert::do_not_delay>},
    {{"do_not_group", Kind::Present, "", "", "One mail for each alert."}, keep<&EmailAlert::do_not_group>},
};

void read_email_alerts(const XmlElement& section, Config& config, SectionReader& reader) {
  EmailAlert e;
  e.at = reader.at(section);
  if (!read_options(kEmailOptions, section, e, reader)) return;
  const bool asks = e.level || !e.rule_ids.empty() || !e.group.empty() || !e.event_location.empty() || e.do_not_delay ||
                    e.do_not_group;
  if (e.email_to.empty() || !asks) {
    reader.error({"C012",
                  "<email_alerts> needs <email_to> and a condition",
                  e.at,
                  12,
                  "level, rule_id, group or event_location",
                  {reader.error_line(1224, "Invalid 'email_alerts' config (missing parameters).")}});
    return;
  }
  config.email_alerts.push_back(std::move(e));
}

// ---- <reports>

constexpr std::array<std::string_view, 7> kRelated = {"user",  "srcip",    "group",   "rule",
                                                      "level", "location", "filename"};

// OSSEC keeps letters, digits, '-', '_' and '.'.
std::string cleaned(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!fine) c = '-';
  }
  return out;
}

// As in text copied from a web page. OSSEC makes '-' of each byte, and the filter never matches.
bool in_typographic_quotes(const Value& value, SectionReader& reader) {
  if (reader.exact() || !holds_typographic_quote(value.text)) return false;
  reader.error({"C025", "<" + value.element.name + "> cannot be '" + std::string(value.text) + "'",
                reader.content_at(value.element), static_cast<int>(value.text.size()),
                "these are typographic quotes: leave them out"});
  return true;
}

void keep_recipient(Report& r, const Value& value, SectionReader& reader) {
  if (!in_typographic_quotes(value, reader)) r.email_to.emplace_back(value.text);
}

bool is_relation(const XmlElement& e, SectionReader& reader) {
  bool relation = false;
  for (const XmlAttribute& a : e.attributes) {
    if (a.name == "type" && a.value == "relation") {
      relation = true;
    } else if (a.name == "type" && !reader.exact() && holds_typographic_quote(a.value)) {
      reader.error({"C025", "the only type is \"relation\", not '" + a.value + "'", reader.at(a), 4,
                    "these are typographic quotes: write type=\"relation\""});
    } else if (a.name == "type") {
      reader.warning(
          {"C115",
           "the only type is \"relation\", not '" + a.value + "'; it is ignored",
           reader.at(a),
           4,
           {},
           {reader.line(0, "WARN", "Invalid value for 'relation' attribute: '" + a.value + "'. (ignored).")}});
    } else {
      reader.warning({"C115",
                      "<" + e.name + "> has no attribute '" + a.name + "'; it is ignored",
                      reader.at(a),
                      static_cast<int>(a.name.size()),
                      {},
                      {reader.line(0, "WARN", "Invalid attribute: " + a.name + " (ignored). ")}});
    }
  }
  return relation;
}

void keep_filter(Report& r, const Value& value, SectionReader& reader) {
  const XmlElement& e = value.element;
  if (in_typographic_quotes(value, reader)) return;
  Report::Filter filter{e.name == "category" ? "group" : e.name, cleaned(value.text), is_relation(e, reader)};
  if (filter.relation && std::find(kRelated.begin(), kRelated.end(), filter.text) == kRelated.end()) {
    reader.warning({"C115",
                    "'" + filter.text + "' is no field of a relation; it is ignored",
                    reader.content_at(e),
                    static_cast<int>(value.text.size()),
                    "user, srcip, group, rule, level, location, filename",
                    {reader.error_line(0, "Invalid relation '" + filter.text + "'."),
                     reader.line(0, "", "Invalid filter: " + e.name + ":" + filter.text + " (ignored).")}});
    return;
  }
  r.filters.push_back(std::move(filter));
}

void keep_title(Report& r, const Value& value, SectionReader&) {
  if (r.title.empty()) r.title = std::string(value.text);
}

void keep_showlogs(Report& r, const Value& value, SectionReader&) {
  r.showlogs = same_name(value.text, "yes");
}

void keep_report_type(Report&, const Value& value, SectionReader& reader) {
  if (value.text == "email") return;
  reader.warning({"C115",
                  "the only type of report is email, not '" + std::string(value.text) + "'; it is ignored",
                  reader.content_at(value.element),
                  static_cast<int>(value.text.size()),
                  {},
                  {reader.error_line(1235, "Invalid value for element 'type': " + value.element.content + ".")}});
}

constexpr auto kAppends = Repeats::Appends;
constexpr auto kExact = NameCase::Exact;
constexpr auto kReads = ReadBy::Analysis;
constexpr auto kUsual = BadValue::Usual1235;
constexpr auto kSome = Attributes::Some;

constexpr Option<Report> kReportOptions[] = {
    {{"title", Kind::Text, "", "OSSEC Report (unnamed)", "Title and mail subject.", Repeats::FirstWins}, keep_title},
    {{"email_to", Kind::Text, "", "", "A recipient.", kAppends}, keep_recipient},
    {{"type", Kind::Special, "email", "email", "How it is delivered."}, keep_report_type},
    {{"frequency", Kind::Text, "", "", "Accepted without effect; reports are daily."}, ignore_value<Report>},
    {{"showlogs", Kind::Special, "yes", "no", "Append the alerts."}, keep_showlogs},
    {{"category", Kind::Text, "", "", "The same as group.", kAppends, kExact, kReads, kUsual, kSome}, keep_filter},
    {{"group", Kind::Text, "", "", "Only alerts whose groups hold this.", kAppends, kExact, kReads, kUsual, kSome},
     keep_filter},
    {{"rule", Kind::Text, "", "", "Only alerts of this rule.", kAppends, kExact, kReads, kUsual, kSome}, keep_filter},
    {{"level", Kind::Text, "", "", "Only alerts of at least this level.", kAppends, kExact, kReads, kUsual, kSome},
     keep_filter},
    {{"location", Kind::Text, "", "", "Only alerts from places that match.", kAppends, kExact, kReads, kUsual, kSome},
     keep_filter},
    {{"srcip", Kind::Text, "", "", "Only alerts about this source.", kAppends, kExact, kReads, kUsual, kSome},
     keep_filter},
    {{"user", Kind::Text, "", "", "Only alerts about this user.", kAppends, kExact, kReads, kUsual, kSome},
     keep_filter},
};

constexpr AttributeInfo kReportAttributes[] = {
    {"category", "type", "relation", "", "The value names a field to list beside this one."},
    {"group", "type", "relation", "", "The value names a field to list beside this one."},
    {"rule", "type", "relation", "", "The value names a field to list beside this one."},
    {"level", "type", "relation", "", "The value names a field to list beside this one."},
    {"location", "type", "relation", "", "The value names a field to list beside this one."},
    {"srcip", "type", "relation", "", "The value names a field to list beside this one."},
    {"user", "type", "relation", "", "The value names a field to list beside this one."},
};

void read_reports(const XmlElement& section, Config& config, SectionReader& reader) {
  Report r;
  r.at = reader.at(section);
  if (!read_options(kReportOptions, section, r, reader)) return;
  if (r.email_to.empty()) {
    const std::string line = r.title.empty()
                                 ? "No \"email to\" and title configured for report. Ignoring it."
                                 : "No \"email to\" configured for the report '" + r.title + "'. Ignoring it.";
    reader.warning(
        {"C111", "this report has no <email_to> and is never sent", r.at, 7, {}, {reader.line(0, "", line)}});
    return;
  }
  config.reports.push_back(std::move(r));
}

std::vector<OptionInfo> email_infos() {
  return infos<EmailAlert>(kEmailOptions);
}

std::vector<OptionInfo> report_infos() {
  return infos<Report>(kReportOptions);
}

}  // namespace

Section email_alerts_section() {
  return {"email_alerts", Pass::NotAnalysis, "Further recipients, one block each.", read_email_alerts, email_infos, {}};
}

Section reports_section() {
  return {"reports",    Pass::NotAnalysis, "A daily report, one block each.",
          read_reports, report_infos,      kReportAttributes};
}

}  // namespace gander::config
