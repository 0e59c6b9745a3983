#include <algorithm>
#include <utility>

#include "rules/address_condition.h"
#include "rules/compiled_rules.h"
#include "rules/decoder_condition.h"
#include "rules/element_readers.h"
#include "rules/field_condition.h"
#include "rules/list_condition.h"
#include "rules/sensitive_condition.h"
#include "rules/time_condition.h"

namespace gander::rules {
namespace {

text::OnInvalidUtf8 on_invalid(const RuleLoaderOptions& options) {
  return options.compat == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes;
}

void read_address(ElementReading& r, std::vector<std::string>& entries) {
  if (!r.fits(kFirstTextLimit)) return;
  const Result<void> good = check_address_entry(r.element.content);
  if (good) {
    entries.push_back(r.element.content);
    return;
  }
  r.wrong("R024", good.error().message,
          {"ossec-analysisd(1237): ERROR: Invalid ip address: '" + r.element.content + "'."},
          "one address, address/bits or any in each element, `!` before it negates");
}

// The attributes of <list>; the first bad one ends it.
class ListReader {
 public:
  explicit ListReader(ElementReading& r) : r_(r) {}
  bool read(ListQuestion& question);

 private:
  bool read_attribute(const config::XmlAttribute& a, ListQuestion& question);
  bool read_value(const config::XmlAttribute& a, ListQuestion& question);
  std::string closing_line() const { return invalid_element_line("list", r_.element.content); }

  ElementReading& r_;
  bool has_field_ = false;
};

bool ListReader::read_value(const config::XmlAttribute& a, ListQuestion& question) {
  auto pattern = text::Pattern::compile(text::Dialect::OsMatch, a.value, on_invalid(r_.options));
  if (pattern) {
    question.value = std::move(*pattern);
    return true;
  }
  r_.wrong("R032", "check_value does not compile: " + pattern.error().message, a,
           {closing_line(), bad_pattern_line(a.value, pattern.error().ossec_code)});
  return false;
}

bool ListReader::read_attribute(const config::XmlAttribute& a, ListQuestion& question) {
  if (config::same_name(a.name, "check_value")) return read_value(a, question);
  if (config::same_name(a.name, "lookup")) {
    const std::optional<Lookup> lookup = lookup_from(a.value);
    if (lookup) {
      question.lookup = *lookup;
      return true;
    }
    r_.wrong("R033", "there is no lookup '" + a.value + "'", a,
             {closing_line(), "ossec-analysisd: List match lookup=\"" + a.value + "\" is not valid."},
             "allowed: match_key, not_match_key, match_key_value, address_match_key, not_address_match_key, "
             "address_match_key_value");
    return false;
  }
  if (config::same_name(a.name, "field")) {
    has_field_ = true;
    const std::optional<TextSource> field = list_field_from(a.value);
    if (field) {
      question.field = *field;
      return true;
    }
    r_.wrong("R034", "a list cannot look up '" + a.value + "'", a,
             {closing_line(), "ossec-analysisd: List match field=\"" + a.value + "\" is not valid."},
             "allowed: srcip, srcport, dstip, dstport, user, url, id, hostname, program_name, status, action");
    return false;
  }
  r_.wrong("R035", "<list> has no attribute '" + a.name + "'", a,
           {"ossec-analysisd:List field=\"" + a.value + "\" is not valid", closing_line()},
           "allowed: field, lookup, check_value");
  return false;
}

bool ListReader::read(ListQuestion& question) {
  for (const config::XmlAttribute& a : r_.element.attributes) {
    if (!read_attribute(a, question)) return false;
  }
  if (has_field_) return true;
  const bool none = r_.element.attributes.empty();
  r_.wrong("R031", "<list> needs an attribute field",
           {none ? "ossec-analysisd:List must have a correctly formatted field attribute"
                 : "ossec-analysisd:List requires the field=\"\" Attrubute",
            closing_line()},
           "for example field=\"srcip\"");
  return false;
}

void warn_of_useless_list(ElementReading& r, const ListQuestion& question) {
  if (!question.list) {
    std::vector<std::string> names;
    if (r.options.lists) {
      for (const auto& [name, entry] : r.options.lists->entries()) names.push_back(name);
    }
    r.findings.warning("R208", "the configuration declares no list '" + question.name + "', so this never matches",
                       r.findings.content(r.element), {}, nearest_hint(question.name, names));
  }
  const bool by_value = question.lookup == Lookup::KeyValue || question.lookup == Lookup::AddressKeyValue;
  if (by_value && !question.value) {
    r.findings.warning("R209", "the lookup compares values, but there is no check_value", r.findings.content(r.element),
                       {}, "add check_value=\"PATTERN\"");
  }
}

// The attribute `name` of <field>; null: it is missing or another one is there, which has been said.
const std::string* field_name(ElementReading& r) {
  const std::string* name = nullptr;
  for (const config::XmlAttribute& a : r.element.attributes) {
    if (!config::same_name(a.name, "name")) {
      r.wrong("R036", "<field> has no attribute '" + a.name + "'", a,
              {"ossec-analysisd: Bad attribute '" + a.name + "' for field."}, "allowed: name");
      return nullptr;
    }
    name = &a.value;
  }
  if (!name) {
    r.wrong("R036", "<field> needs an attribute name", {"ossec-analysisd: No such attribute 'name' for field."});
  }
  return name;
}

}  // namespace

void read_srcip(ElementReading& r) {
  read_address(r, r.draft.srcip);
}

void read_dstip(ElementReading& r) {
  read_address(r, r.draft.dstip);
}

void read_decoded_as(ElementReading& r) {
  const std::string& name = r.element.content;
  const auto known = r.options.decoder_identities.find(name);
  if (known != r.options.decoder_identities.end()) {
    r.draft.condition(Slot::DecodedAs) = std::make_shared<DecodedAsCondition>(name, known->second);
    return;
  }
  std::vector<std::string> names;
  for (const auto& [decoder, identity] : r.options.decoder_identities) names.push_back(decoder);
  r.wrong("R023", "there is no decoder '" + name + "'", {"ossec-analysisd: Invalid decoder name: '" + name + "'."},
          nearest_hint(name, names));
}

void read_time(ElementReading& r) {
  const std::string& text = r.element.content;
  std::vector<std::string> lines;
  std::vector<std::string> reported;
  std::optional<TimeRange> range = parse_time_range(text, r.options.compat, reported);
  for (const std::string& rest : reported) {
    lines.push_back(r.options.program + "(1240): ERROR: Invalid time format: '" + rest + "'.");
  }
  if (!range) {
    lines.push_back(invalid_element_line("time", text));
    r.wrong("R026", "no times of day: '" + text + "'", std::move(lines), "for example: 8:30 am - 6 pm");
    return;
  }
  for (const std::string& line : lines) {
    r.findings.warning("R103", "an hour is missing and counts as 00:00", r.findings.content(r.element), line);
  }
  r.draft.condition(Slot::Time) = std::make_shared<TimeCondition>(text, std::move(*range), r.options.zone);
}

void read_weekday(ElementReading& r) {
  const std::string& text = r.element.content;
  std::string rest;
  const std::optional<uint8_t> days = parse_weekdays(text, rest);
  if (!days) {
    r.wrong("R027", "no days of the week: '" + text + "'",
            {r.options.program + "(1241): ERROR: Invalid day format: '" + rest + "'.",
             invalid_element_line("weekday", text)},
            "for example: monday, tue weekends");
    return;
  }
  r.draft.condition(Slot::Weekday) = std::make_shared<WeekdayCondition>(text, *days, r.options.zone);
}

void read_compiled_rule(ElementReading& r) {
  const std::string& name = r.element.content;
  if (const CompiledRule* const rule = find_compiled_rule(name)) {
    r.draft.condition(Slot::CompiledRule) = std::make_shared<CompiledRuleCondition>(*rule, r.options.resolver);
    return;
  }
  r.wrong(
      "R029", "there is no compiled rule '" + name + "'",
      {"ossec-analysisd: ERROR: Compiled rule not found: '" + name + "'", invalid_element_line("compiled_rule", name)},
      nearest_hint(name, compiled_rule_names()));
}

void read_field(ElementReading& r) {
  const std::string* const name = field_name(r);
  if (!name || !r.fits(kFirstTextLimit)) return;
  const std::string& text = r.element.content;
  auto pattern = text::Pattern::compile(text::Dialect::OsRegex, text, on_invalid(r.options));
  if (!pattern) {
    r.wrong("R025", "the pattern of <field> does not compile: " + pattern.error().message,
            {bad_pattern_line(text, pattern.error().ossec_code)});
    return;
  }
  if (r.draft.fields.size() >= static_cast<size_t>(r.options.decoder_order_size)) {
    r.wrong("R038", "the rule has too many <field> elements", {},
            "allowed: " + std::to_string(r.options.decoder_order_size));
    return;
  }
  r.draft.fields.push_back(std::make_shared<FieldCondition>(*name, std::move(*pattern)));
}

void read_sensitive(ElementReading& r) {
  std::string wrong;
  const auto kinds = sensitive::parse_kinds(r.element.content, wrong);
  if (kinds) {
    r.draft.condition(Slot::Sensitive) = std::make_shared<SensitiveCondition>(*kinds);
    return;
  }
  r.wrong("R040",
          wrong.empty() ? std::string("<sensitive> names nothing to look for") : "there is no kind '" + wrong + "'", {},
          "allowed: " + sensitive::words_of(sensitive::KindSet::all()));
}

void read_list(ElementReading& r) {
  if (!r.fits(kFirstTextLimit)) return;
  ListQuestion question;
  question.name = r.element.content;
  question.list = r.options.lists ? r.options.lists->find(question.name) : nullptr;
  question.on_missing = r.draft.level == 0 ? OnMissingList::AbsenceFails : OnMissingList::AbsenceHolds;
  question.compat = r.options.compat;
  if (!ListReader(r).read(question)) return;
  warn_of_useless_list(r, question);
  r.draft.lists.push_back(std::make_shared<ListCondition>(std::move(question)));
}

}  // namespace gander::rules
