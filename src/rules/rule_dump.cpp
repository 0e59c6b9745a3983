#include "rules/rule_dump.h"

#include <unordered_map>

namespace gander::rules {
namespace {

using Places = std::unordered_map<const Rule*, int>;
using Siblings = std::vector<std::unique_ptr<RuleNode>>;

void count_places(const Siblings& siblings, Places& places) {
  for (const auto& node : siblings) {
    ++places[node->rule];
    count_places(node->children, places);
  }
}

std::string composite_line(const Rule& rule) {
  std::string out = rule.correlates ? "counts " : "would count ";
  switch (rule.composite) {
    case Composite::Sid:
      out += "rule " + std::to_string(rule.matched_sid) + (rule.matched_sid_unknown ? " (unknown)" : "");
      break;
    case Composite::Group:
      out += "group " + rule.matched_group;
      break;
    case Composite::Regex:
      out += "regex " + (rule.matched_regex ? rule.matched_regex->text() : std::string("(everything)"));
      break;
    case Composite::None:
      break;
  }
  return out + ": " + std::to_string(rule.frequency + 1) + " earlier in " + std::to_string(rule.timeframe.count()) +
         " s";
}

class Dump {
 public:
  Dump(const Places& places, DumpDetail detail) : places_(places), detail_(detail) {}

  std::string text(const Siblings& roots) && {
    add(roots, 0);
    return std::move(out_);
  }

 private:
  void add(const Siblings& siblings, size_t depth);
  void add_details(const Rule& rule, size_t depth);
  void line(size_t depth, const std::string& text) { out_ += std::string(depth * 2, ' ') + text + "\n"; }

  const Places& places_;
  DumpDetail detail_;
  std::string out_;
};

void Dump::add(const Siblings& siblings, size_t depth) {
  for (const auto& node : siblings) {
    const Rule& rule = *node->rule;
    std::string text = std::to_string(rule.info.id) + " level " + std::to_string(rule.info.level) + " rank " +
                       std::to_string(rule.rank) + " " + std::string(model::category_word(rule.category));
    if (rule.noalert) text += ", noalert";
    if (!rule.info.log && !rule.noalert && !rule.silent) text += ", not logged";
    const int places = places_.at(&rule);
    if (places > 1) text += ", " + std::to_string(places) + " places";
    line(depth, text + ": " + rule.info.description.value_or("(none)"));
    if (detail_ == DumpDetail::Conditions) add_details(rule, depth + 1);
    add(node->children, depth + 1);
  }
}

void Dump::add_details(const Rule& rule, size_t depth) {
  const auto add_test = [&](const Condition& c) { line(depth, "- " + std::string(c.element()) + " " + c.wanted()); };
  for (const auto& condition : rule.conditions) add_test(*condition);
  if (rule.check_diff) line(depth, "- check_diff");
  if (rule.if_fts) line(depth, "- if_fts");
  for (const auto& condition : rule.list_conditions) add_test(*condition);
  if (rule.composite != Composite::None) line(depth, "- " + composite_line(rule));
}

}  // namespace

std::string dump_rules(const RuleTree& tree, DumpDetail detail) {
  Places places;
  count_places(tree.roots, places);
  return Dump(places, detail).text(tree.roots);
}

}  // namespace gander::rules
