#include "rules/rule_attributes.h"

#include <algorithm>
#include <string>
#include <vector>

namespace gander::rules {
namespace {

struct NumberAttribute {
  std::string_view name;
  std::string_view shown;  // in OSSEC's message
  size_t digits;           // more are cut off
  void (*store)(RuleDraft& draft, int value);
};

constexpr NumberAttribute kNumbers[] = {
    {"id", "rule id", 6, [](RuleDraft& d, int v) { d.id = v; }},
    {"level", "level", 4, [](RuleDraft& d, int v) { d.level = v; }},
    {"maxsize", "maxsize", 4, [](RuleDraft& d, int v) { d.maxsize = v; }},
    {"timeframe", "timeframe", 5, [](RuleDraft& d, int v) { d.timeframe = v; }},
    {"frequency", "frequency", 4, [](RuleDraft& d, int v) { d.frequency = v; }},
    {"accuracy", "accuracy", 4, [](RuleDraft& d, int v) { d.accuracy = v; }},
    {"ignore", "ignore_time", 6, [](RuleDraft& d, int v) { d.ignore_time = v; }},
};

constexpr RuleAttribute kAttributes[] = {
    {"id", "number, 6 digits", "", "Number of the rule. Below 10: a root of the tree."},
    {"level", "number, 4 digits", "", "0 ends the search without an alert; 1 and more is how grave the alert is."},
    {"maxsize", "number, 4 digits", "0", "The log text must have at least that many bytes."},
    {"timeframe", "seconds, 5 digits", "360", "How far back a composite rule counts."},
    {"frequency", "number, 4 digits", "0", "A composite rule fires when one more earlier event than this is found."},
    {"accuracy", "number, 4 digits", "1", "0 puts the rule behind all other rules of the same parent."},
    {"ignore", "seconds, 6 digits", "0", "Silence of this rule after an alert."},
    {"noalert", "anything", "", "The rule itself never alerts; its children may."},
    {"overwrite", "yes or no", "no", "Replaces an earlier rule of the same id in its place."},
};

constexpr std::string_view kInvalid = "ossec-analysisd: Invalid attribute for rule.";

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool read_number(const NumberAttribute& kind, const config::XmlAttribute& a, RuleFindings& findings, RuleDraft& draft) {
  if (!all_digits(a.value)) {
    findings.error(
        "R008", "attribute " + std::string(kind.name) + " is not a number: '" + a.value + "'", findings.name(a),
        {"rules_op: Invalid " + std::string(kind.shown) + ": " + a.value + ". Must be integer", std::string(kInvalid)},
        "only digits");
    return false;
  }
  if (a.value.empty()) return true;
  int value = 0;
  for (const char c : a.value.substr(0, kind.digits)) value = value * 10 + (c - '0');
  kind.store(draft, value);
  if (a.value.size() > kind.digits) {
    findings.warning("R106", "attribute " + std::string(kind.name) + " is cut to " + std::to_string(value),
                     findings.name(a), {}, "at most " + std::to_string(kind.digits) + " digits");
  }
  return true;
}

bool read_overwrite(const config::XmlAttribute& a, RuleFindings& findings, RuleDraft& draft) {
  if (a.value == "yes" || a.value == "no") {
    draft.overwrite = a.value == "yes";
    return true;
  }
  findings.error("R009", "attribute overwrite is neither yes nor no: '" + a.value + "'", findings.name(a),
                 {"rules_op: Invalid overwrite: " + a.value + ". Can only by 'yes' or 'no'.", std::string(kInvalid)},
                 "allowed: yes, no");
  return false;
}

bool read_unknown(const config::XmlAttribute& a, RuleFindings& findings) {
  std::vector<std::string> names;
  for (const RuleAttribute& known : kAttributes) names.emplace_back(known.name);
  findings.error("R010", "a rule has no attribute '" + a.name + "'", findings.name(a),
                 {"rules_op: Invalid attribute \"" + a.name +
                      "\". Only id, level, maxsize, accuracy, noalert and timeframe are allowed.",
                  std::string(kInvalid)},
                 nearest_hint(a.name, names));
  return false;
}

bool read_attribute(const config::XmlAttribute& a, RuleFindings& findings, RuleDraft& draft) {
  for (const NumberAttribute& kind : kNumbers) {
    if (config::same_name(kind.name, a.name)) return read_number(kind, a, findings, draft);
  }
  if (config::same_name(a.name, "overwrite")) return read_overwrite(a, findings, draft);
  if (config::same_name(a.name, "noalert")) {
    draft.noalert = true;
    return true;
  }
  return read_unknown(a, findings);
}

}  // namespace

std::span<const RuleAttribute> rule_attributes() {
  return kAttributes;
}

bool read_rule_attributes(const config::XmlElement& rule, RuleFindings& findings, RuleDraft& draft) {
  bool good = true;
  for (const config::XmlAttribute& a : rule.attributes) {
    if (!read_attribute(a, findings, draft)) good = false;
  }
  return good;
}

}  // namespace gander::rules
