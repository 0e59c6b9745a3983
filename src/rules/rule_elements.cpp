#include "rules/rule_elements.h"

#include <utility>

#include "rules/element_readers.h"

namespace gander::rules {
namespace {

using C = ContextFlags;
using D = RuleDraft;

constexpr std::string_view kMatch = "os_match";
constexpr std::string_view kRegex = "os_regex";
constexpr std::string_view kPcre2 = "pcre2";
constexpr std::string_view kFlag = "flag";
constexpr std::string_view kNumber = "number";
constexpr std::string_view kText = "text";

constexpr RuleElement kRuleElements[] = {
    // where the rule hangs
    {"if_sid", &read_joined<&D::if_sid>, "rule ids", "Child of these rules, wherever they stand."},
    {"if_group", &read_joined<&D::if_group>, "word match", "Child of every earlier rule whose groups hold this text."},
    {"if_level", &read_if_level, kNumber, "Child of every earlier rule of this level or above."},
    {"category", &read_category, "word", "Root for a rule without if_sid, if_group and if_level."},
    // patterns and texts
    {"decoded_as", &read_decoded_as, "decoder name", "The decoder that claimed the event."},
    {"program_name", &read_text<Slot::ProgramName, Form::Plain>, kMatch, "Program name of the header."},
    {"program_name_pcre2", &read_text<Slot::ProgramName, Form::Pcre2>, kPcre2, "Program name of the header."},
    {"id", &read_text<Slot::Id, Form::Plain>, kMatch, "Decoded id."},
    {"id_pcre2", &read_text<Slot::Id, Form::Pcre2>, kPcre2, "Decoded id."},
    {"match", &read_text<Slot::Match, Form::Plain>, kMatch, "Log text, behind the header."},
    {"match_pcre2", &read_text<Slot::Match, Form::Pcre2>, kPcre2, "Log text; without effect beside match."},
    {"regex", &read_text<Slot::Regex, Form::Plain>, kRegex, "Log text, behind the header."},
    {"pcre2", &read_text<Slot::Regex, Form::Pcre2>, kPcre2, "Log text; without effect beside regex."},
    {"action", &read_text<Slot::Action, Form::Plain>, "exact text", "Decoded action, compared byte for byte."},
    {"url", &read_text<Slot::Url, Form::Plain>, kMatch, "Decoded URL."},
    {"url_pcre2", &read_text<Slot::Url, Form::Pcre2>, kPcre2, "Decoded URL."},
    {"field", &read_field, kRegex, "Dynamic field given by the attribute name; several must all match."},
    {"srcip", &read_srcip, "address",
     "Decoded source address: address, address/bits or any, `!` negates; several: one of them."},
    {"dstip", &read_dstip, "address", "Decoded destination address, as srcip."},
    {"srcport", &read_text<Slot::SrcPort, Form::Plain>, kMatch, "Decoded source port, as text (80 also finds 8080)."},
    {"srcport_pcre2", &read_text<Slot::SrcPort, Form::Pcre2>, kPcre2, "Decoded source port."},
    {"dstport", &read_text<Slot::DstPort, Form::Plain>, kMatch, "Decoded destination port, as text."},
    {"dstport_pcre2", &read_text<Slot::DstPort, Form::Pcre2>, kPcre2, "Decoded destination port."},
    {"compiled_rule", &read_compiled_rule, "word", "A test that exists as code."},
    {"user", &read_text<Slot::User, Form::Plain>, kMatch, "Decoded destination user; without one, the source user."},
    {"user_pcre2", &read_text<Slot::User, Form::Pcre2>, kPcre2, "As user."},
    {"srcgeoip", &read_text<Slot::SrcGeoip, Form::Plain>, kMatch, "Place of the source address; no event has one."},
    {"srcgeoip_pcre2", &read_text<Slot::SrcGeoip, Form::Pcre2>, kPcre2,
     "Place of the source address; no event has one."},
    {"dstgeoip", &read_text<Slot::DstGeoip, Form::Plain>, kMatch,
     "Place of the destination address; no event has one."},
    {"dstgeoip_pcre2", &read_text<Slot::DstGeoip, Form::Pcre2>, kPcre2,
     "Place of the destination address; no event has one."},
    {"time", &read_time, "times of day", "When the event was received: `8:30 am - 6 pm`, `!` negates."},
    {"weekday", &read_weekday, "days", "When the event was received: `monday, tue weekends`."},
    {"extra_data", &read_text<Slot::ExtraData, Form::Plain>, kMatch, "Decoded extra_data."},
    {"extra_data_pcre2", &read_text<Slot::ExtraData, Form::Pcre2>, kPcre2, "Decoded extra_data."},
    {"hostname", &read_text<Slot::Hostname, Form::Plain>, kMatch,
     "Host name of the header; for agents `(name) ip->file`."},
    {"hostname_pcre2", &read_text<Slot::Hostname, Form::Pcre2>, kPcre2, "As hostname."},
    {"status", &read_text<Slot::Status, Form::Plain>, kMatch, "Decoded status."},
    {"status_pcre2", &read_text<Slot::Status, Form::Pcre2>, kPcre2, "Decoded status."},
    {"list", &read_list, "list name", "A field (attribute field) looked up (lookup, check_value) in a compiled list."},
    {"sensitive", &read_sensitive, "kinds",
     "The log text holds one of `card|iban|ssn|key|token|password`; alerts of the rule and of those below it show it "
     "masked (not in OSSEC)."},
    // tests with memory
    {"check_diff", &read_check_diff, kFlag,
     "The log text differs from the last one that this rule saw from this host."},
    {"if_fts", &read_if_fts, kFlag, "The event's key, as its decoder defines it, was never seen before."},
    {"if_matched_sid", &read_if_matched_sid, kNumber, "Counts earlier events that this rule decided."},
    {"if_matched_group", &read_if_matched_group, kMatch, "Counts earlier events decided by rules of these groups."},
    {"if_matched_regex", &read_if_matched_regex, kRegex, "Counts earlier events by their log text."},
    {"same_source_ip", &read_context<&C::same_source_ip>, kFlag, "Counted events have the same source address."},
    {"same_user", &read_context<&C::same_user>, kFlag, "Counted events have the same destination user."},
    {"same_id", &read_context<&C::same_id>, kFlag, "Counted events have the same id.", NameCase::Exact},
    {"same_src_port", &read_context<&C::same_src_port>, kFlag, "Counted events have the same source port."},
    {"same_dst_port", &read_context<&C::same_dst_port>, kFlag, "Counted events have the same destination port."},
    {"same_location", &read_context<&C::same_location>, kFlag, "Counted events come from the same host."},
    {"different_url", &read_context<&C::different_url>, kFlag, "Counted events have another URL.", NameCase::Exact},
    {"different_srcip", &read_context<&C::different_srcip>, kFlag,
     "Counted events have another source address (no effect in OSSEC 4.3).", NameCase::Exact},
    {"different_srcgeoip", &read_context<&C::different_srcgeoip>, kFlag, "Never holds: no event has a place.",
     NameCase::Exact},
    {"not_same_source_ip", &read_not_same<&C::not_same_source_ip, &C::same_source_ip>, kFlag,
     "Counted events have another source address (OSSEC 4.3: takes back an earlier same_source_ip)."},
    {"not_same_user", &read_not_same<&C::not_same_user, &C::same_user>, kFlag,
     "Counted events have another user (OSSEC 4.3: takes back an earlier same_user)."},
    {"not_same_id", &read_not_same<&C::not_same_id, &C::same_id>, kFlag,
     "Counted events have another id (OSSEC 4.3: takes back an earlier same_id).", NameCase::Exact},
    {"not_same_agent", &read_not_same<&C::not_same_agent, &C::same_location>, kFlag,
     "Counted events come from another agent (OSSEC 4.3: takes back an earlier same_location)."},
    {"ignore", &read_ignore, "field names", "Later events alike in these fields are ignored by check_if_ignored."},
    {"check_if_ignored", &read_check_if_ignored, "field names",
     "No alert when such an event was put on the ignore list."},
    // what is shown and done
    {"description", &read_description, kText, "Text of the alert."},
    {"group", &read_group, kText,
     "Groups of the rule, appended to those of the surrounding group; end each in a comma."},
    {"info", &read_info, kText, "More about the rule; attribute type: text, link, cve or osvdb."},
    {"cve", &read_cve, kText, "The same as info of type cve."},
    {"options", &read_options, "word", "alert_by_email, no_email_alert, log_alert, no_log or no_ar."},
};

// Elements that people look for, and what there is.
struct Instead {
  std::string_view name;
  std::string_view hint;
};
constexpr Instead kInstead[] = {
    {"srcuser", "there is only: user"},
    {"dstuser", "there is only: user"},
    {"data", "the element is called: extra_data"},
    {"location", "ask for the host or agent with: hostname"},
    {"same_srcip", "the element is called: same_source_ip"},
    {"same_srcuser", "the element is called: same_user"},
    {"same_agent", "the element is called: same_location"},
    {"if_matched_level", "there are: if_matched_sid, if_matched_group, if_matched_regex"},
};

std::string hint_for(std::string_view name) {
  for (const Instead& i : kInstead) {
    if (i.name == name) return std::string(i.hint);
  }
  std::vector<std::string> names;
  for (const RuleElement& e : kRuleElements) {
    if (config::same_name(e.name, name)) return "write it in lower case: " + std::string(e.name);
    names.emplace_back(e.name);
  }
  return nearest_hint(name, names);
}

}  // namespace

void ElementReading::wrong(ErrorCode code, std::string message, std::vector<std::string> lines, std::string hint) {
  draft.broken = true;
  findings.error(code, std::move(message), findings.content(element), std::move(lines), std::move(hint));
}

void ElementReading::wrong(ErrorCode code, std::string message, const config::XmlAttribute& a,
                           std::vector<std::string> lines, std::string hint) {
  draft.broken = true;
  findings.error(code, std::move(message), findings.name(a), std::move(lines), std::move(hint));
}

bool ElementReading::fits(size_t limit) const {
  if (options.compat == model::Compat::Mended || element.content.size() <= limit) return true;
  findings.warning("R101", "<" + element.name + "> is longer than OSSEC takes, and is dropped",
                   findings.content(element),
                   "ossec-analysisd(1104): ERROR: Maximum string size reached for: " + element.content + ".",
                   "allowed: " + std::to_string(limit) + " bytes");
  return false;
}

void ElementReading::join(std::optional<JoinedText>& text) const {
  if (!fits(text ? kLaterTextLimit : kFirstTextLimit)) return;
  if (!text) {
    text = JoinedText{element.content, findings.content(element), kind.name, 1};
    return;
  }
  text->text += element.content;
  ++text->elements;
}

std::span<const RuleElement> rule_elements() {
  return kRuleElements;
}

const RuleElement* find_rule_element(std::string_view name) {
  for (const RuleElement& e : kRuleElements) {
    if (e.name_case == NameCase::Exact ? e.name == name : config::same_name(e.name, name)) return &e;
  }
  return nullptr;
}

void read_rule_element(const config::XmlElement& element, RuleDraft& draft, RuleFindings& findings,
                       const RuleLoaderOptions& options) {
  const RuleElement* const kind = find_rule_element(element.name);
  if (!kind) {
    draft.broken = true;
    const std::string id = std::to_string(draft.id.value_or(0));
    findings.error("R013", "a rule has no element <" + element.name + ">", findings.name(element),
                   {"ossec-analysisd: Invalid option '" + element.name + "' for rule '" + id + "'."},
                   hint_for(element.name));
    return;
  }
  ElementReading reading{*kind, element, draft, findings, options};
  kind->read(reading);
}

}  // namespace gander::rules
