#include "rules/rule_reference.h"

#include "rules/compiled_rules.h"
#include "rules/rule_attributes.h"
#include "rules/rule_elements.h"

namespace gander::rules {
namespace {

constexpr config::CodeMeaning kCodes[] = {
    {"R001", "A rule file holds no element."},
    {"R002", "Another element than <group> stands at the root of a rule file."},
    {"R003", "A <group> does not have exactly one attribute, name."},
    {"R004", "A <group> holds no rule."},
    {"R005", "Another element than <rule> stands in a group."},
    {"R006", "A rule has no attributes."},
    {"R007", "A rule has no id or no level."},
    {"R008", "An attribute of a rule is not a number."},
    {"R009", "The attribute overwrite is neither yes nor no."},
    {"R010", "A rule does not know this attribute."},
    {"R011", "A rule id is used twice without overwrite."},
    {"R012", "A rule has no elements."},
    {"R013", "A rule does not know this element."},
    {"R014", "A rule follows a rule that no file defines, or that is defined only later."},
    {"R015", "A list of rule ids holds something else."},
    {"R016", "No earlier rule belongs to the group that a rule follows."},
    {"R017", "No earlier rule has the level that a rule follows."},
    {"R018", "No root has the category of a rule."},
    {"R019", "A rule is to be overwritten that does not exist."},
    {"R020", "A rule counts events but does not say which."},
    {"R021", "A rule option does not exist."},
    {"R022", "A category does not exist."},
    {"R023", "A decoder does not exist."},
    {"R024", "An address or network is not well formed."},
    {"R025", "A pattern does not compile."},
    {"R026", "Times of day are not well formed."},
    {"R027", "Days of the week are not well formed."},
    {"R028", "The content of an element is not a number."},
    {"R029", "A compiled rule does not exist."},
    {"R030", "An ignore list names no field."},
    {"R031", "A <list> names no field."},
    {"R032", "The check_value of a <list> does not compile."},
    {"R033", "A look-up of a <list> does not exist."},
    {"R034", "A field cannot be looked up in a list."},
    {"R035", "A <list> does not know this attribute."},
    {"R036", "A <field> has no attribute name, or another one."},
    {"R037", "An <info> has a wrong type or another attribute."},
    {"R038", "A rule has more <field> elements than a decoder can have fields."},
    {"R039", "The tree of rules grows too large or too deep."},
    {"R040", "A <sensitive> names no kind, or one that does not exist."},
    {"R101", "An element is too long for OSSEC, which drops it."},
    {"R102", "A rule follows all rules of level 0, which OSSEC drops."},
    {"R103", "An hour is missing and counts as midnight."},
    {"R104", "The PCRE2 form of an element has no effect beside the plain form."},
    {"R105", "Several if_sid elements are joined to one text, without anything between them."},
    {"R106", "A number has more digits than are read."},
    {"R201", "A rule is searched in every event of its category."},
    {"R202", "A pattern names an alternative twice."},
    {"R203", "A rule is never reached."},
    {"R204", "A composite rule counts events of a rule that does not exist, and never matches."},
    {"R205", "An element means something else in OSSEC 4.3."},
    {"R206", "An element of an overwriting rule has no effect."},
    {"R207", "A simple rule is overwritten with a composite one, and does not count."},
    {"R208", "A rule looks up a list that the configuration does not declare, and never matches."},
    {"R209", "A look-up compares values but names none."},
    {"L001", "A compiled list cannot be read."},
    {"L002", "A compiled list is damaged."},
};

constexpr ReferenceRow kLookups[] = {
    {"match_key", "", "the default", "The text is a key."},
    {"not_match_key", "", "", "The text is no key."},
    {"match_key_value", "", "", "The text is a key whose value matches check_value."},
    {"address_match_key", "", "", "The text, or a beginning of it that ends in a dot, is a key."},
    {"not_address_match_key", "", "", "Neither the text nor a beginning of it that ends in a dot is a key."},
    {"address_match_key_value", "", "",
     "As address_match_key, and the value matches check_value (the opposite in OSSEC 4.3)."},
};

}  // namespace

std::vector<ReferenceRow> rule_attribute_reference() {
  std::vector<ReferenceRow> rows;
  for (const RuleAttribute& a : rule_attributes()) rows.push_back({a.name, a.value, a.fallback, a.help});
  return rows;
}

std::vector<ReferenceRow> rule_element_reference() {
  std::vector<ReferenceRow> rows;
  for (const RuleElement& e : rule_elements()) rows.push_back({e.name, e.engine, {}, e.help});
  return rows;
}

std::vector<ReferenceRow> compiled_rule_reference() {
  std::vector<ReferenceRow> rows;
  for (const CompiledRule& rule : compiled_rules()) rows.push_back({rule.name, {}, {}, rule.help});
  return rows;
}

std::vector<ReferenceRow> list_lookup_reference() {
  return {std::begin(kLookups), std::end(kLookups)};
}

std::span<const config::CodeMeaning> rule_codes() {
  return kCodes;
}

}  // namespace gander::rules
