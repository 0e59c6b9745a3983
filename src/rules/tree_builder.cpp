#include "rules/tree_builder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "text/pattern.h"

namespace gander::rules {
namespace {

constexpr RuleId kMostRoots = 10;
constexpr std::string_view kNotAnInteger = "rules_list: Signature ID must be an integer. Exiting...";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number as far as its digits go, not above what an id or level can be compared with.
int number_at(std::string_view text) {
  int64_t value = 0;
  for (size_t i = 0; i < text.size() && is_digit(text[i]); ++i) {
    value = std::min<int64_t>(value * 10 + (text[i] - '0'), std::numeric_limits<int>::max() / 100);
  }
  return static_cast<int>(value);
}

// The part of a text that begins at `offset`; the whole of it when lines are in the way.
Span part_of(const JoinedText& text, size_t offset, size_t length) {
  if (text.elements != 1 || text.text.substr(0, offset).find('\n') != std::string::npos) return text.where;
  Span span = text.where;
  span.at.column += static_cast<int>(offset);
  span.length = static_cast<int>(std::max<size_t>(1, length));
  return span;
}

bool is_separator(char c) {
  return c == ',' || c == ' ';
}

}  // namespace

TreeBuilder::Placing TreeBuilder::place(Rule& rule, const RuleDraft& draft, RuleFindings& findings) {
  if (said_too_large_) return Placing::Refused;
  if (rule.composite != Composite::None || rule.check_diff) line_stores_[&rule] = &rule;
  Placing placing = Placing::Placed;
  if (rule.info.id < kMostRoots) {
    attach(rule, nullptr, 0, Share::Nothing);
  } else {
    placing = place_below_root(rule, draft, findings);
  }
  if (placing == Placing::Dropped) line_stores_.erase(&rule);
  return grew_too_large(findings, draft.where) ? Placing::Refused : placing;
}

TreeBuilder::Placing TreeBuilder::place_below_root(Rule& rule, const RuleDraft& draft, RuleFindings& findings) {
  if (draft.if_sid) return place_by_ids(rule, *draft.if_sid, findings);
  if (!draft.if_group && draft.matched_sid.value_or(0) != 0) {
    const JoinedText ids{std::to_string(*draft.matched_sid), draft.matched_sid_at, "if_matched_sid", 1};
    return place_by_ids(rule, ids, findings);
  }
  if (draft.if_level) return place_by_level(rule, *draft.if_level, findings);
  if (draft.if_group) return place_by_group(rule, *draft.if_group, findings);
  if (draft.matched_group) return place_by_group(rule, *draft.matched_group, findings);
  return place_by_category(rule, draft.where, findings);
}

// Numbers between commas and blanks. A separator at the end, or an empty text, asks for rule 0: the root.
TreeBuilder::Placing TreeBuilder::place_by_ids(Rule& rule, const JoinedText& ids, RuleFindings& findings) {
  const std::string& text = ids.text;
  bool in_number = false;
  for (size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size();
    if (!end && is_separator(text[i])) {
      in_number = false;
      continue;
    }
    if (!end && !is_digit(text[i])) {
      findings.tree_error("R015", "<" + std::string(ids.element) + "> holds something that is no rule id",
                          part_of(ids, i, 1), std::string(kNotAnInteger), "numbers between commas or blanks");
      return Placing::Refused;
    }
    if (in_number) continue;
    in_number = true;
    const RuleId id = number_at(std::string_view(text).substr(i));
    if (id == 0) {
      if (place_by_category(rule, ids.where, findings) == Placing::Refused) return Placing::Refused;
      continue;
    }
    if (!attach_below_id(rule, id)) {
      const size_t past = std::min(text.find_first_not_of("0123456789", i), text.size());
      report_unknown_id(id, part_of(ids, i, past - i), rule, findings);
      return Placing::Refused;
    }
  }
  return Placing::Placed;
}

void TreeBuilder::report_unknown_id(RuleId id, Span where, const Rule& rule, RuleFindings& findings) {
  const bool known_cause = forgives(id);
  forgive(rule.info.id);
  if (known_cause) return;
  const std::string line = "rules_list: Signature ID '" + std::to_string(id) + "' not found. Invalid 'if_sid'.";
  const std::string follows = "rule " + std::to_string(rule.info.id) + " follows rule " + std::to_string(id);
  const auto later = positions_.find(id);
  if (later != positions_.end()) {
    findings.tree_error("R014", follows + ", which is defined only later", std::move(where), line,
                        "defined at " + later->second.file + ":" + std::to_string(later->second.line));
    return;
  }
  std::vector<std::string> known;
  for (const auto& [other, rule_of_it] : tree_.by_id) known.push_back(std::to_string(other));
  std::sort(known.begin(), known.end());
  findings.tree_error("R014", follows + ", which no file defines", std::move(where), line,
                      nearest_hint(std::to_string(id), known));
}

TreeBuilder::Placing TreeBuilder::place_by_level(Rule& rule, const JoinedText& level, RuleFindings& findings) {
  const int wanted = number_at(level.text);
  if (wanted == 0) {
    findings.warning("R102", "<if_level> 0 selects nothing: the rule is dropped", level.where,
                     "ossec-analysisd: Invalid level (atoi)", "allowed: 1 and above");
    return Placing::Dropped;
  }
  const int least = static_cast<int>(std::min<int64_t>(int64_t{wanted} * 100, std::numeric_limits<int>::max()));
  const auto qualifies = [&](const Rule& r) { return r.rank >= least; };
  if (attach_where(rule, tree_.roots, 0, Share::Nothing, qualifies)) return Placing::Placed;
  forgive(rule.info.id);
  if (forgive_all_) return Placing::Refused;
  findings.tree_error("R017", "no earlier rule has level " + std::to_string(wanted) + " or above", level.where,
                      "rules_list: Level ID '" + std::to_string(least) + "' not found. Invalid 'if_level'.");
  return Placing::Refused;
}

TreeBuilder::Placing TreeBuilder::place_by_group(Rule& rule, const JoinedText& group, RuleFindings& findings) {
  const auto qualifies = [&](const Rule& r) { return text::word_match(group.text, r.info.group); };
  if (attach_where(rule, tree_.roots, 0, Share::Lines, qualifies)) return Placing::Placed;
  forgive(rule.info.id);
  if (forgive_all_) return Placing::Refused;
  findings.tree_error("R016", "no earlier rule belongs to group '" + group.text + "'", group.where,
                      "rules_list: Group '" + group.text + "' not found. Invalid 'if_group'.",
                      "the rules of the group must stand before this one");
  return Placing::Refused;
}

TreeBuilder::Placing TreeBuilder::place_by_category(Rule& rule, const Span& where, RuleFindings& findings) {
  for (const auto& root : tree_.roots) {
    if (root->rule->category != rule.category) continue;
    attach(rule, root.get(), 1, Share::Nothing);
    return Placing::Placed;
  }
  forgive(rule.info.id);
  if (forgive_all_) return Placing::Refused;
  const std::string number = std::to_string(static_cast<int>(rule.category));
  findings.tree_error(
      "R018", "no root (a rule with an id below 10) has category " + std::string(model::category_word(rule.category)),
      where, "rules_list: Category '" + number + "' not found. Invalid 'category'.",
      "the rule file with the roots must come first");
  return Placing::Refused;
}

// Most rules stand at one place, which the index knows. OSSEC's search stops in a list of siblings at the first that is
// the rule, so with several places it has to be walked through.
bool TreeBuilder::attach_below_id(Rule& rule, RuleId parent) {
  const auto found = places_.find(parent);
  if (found == places_.end()) return false;
  if (found->second.size() == 1) {
    const Place place = found->second.front();
    attach(rule, place.node, place.depth + 1, Share::Lines);
    return true;
  }
  return attach_below_id(rule, parent, tree_.roots, 0);
}

bool TreeBuilder::attach_below_id(Rule& rule, RuleId parent, const Siblings& siblings, int depth) {
  bool any = false;
  for (const auto& node : siblings) {
    if (node->rule->info.id == parent) {
      attach(rule, node.get(), depth + 1, Share::Lines);
      return true;
    }
    if (attach_below_id(rule, parent, node->children, depth + 1)) any = true;
  }
  return any;
}

template <class Wanted>
bool TreeBuilder::attach_where(Rule& rule, const Siblings& siblings, int depth, Share share, const Wanted& wanted) {
  bool any = false;
  for (const auto& node : siblings) {
    if (node->rule == &rule) continue;
    if (wanted(*node->rule)) {
      attach(rule, node.get(), depth + 1, share);
      any = true;
    }
    if (attach_where(rule, node->children, depth + 1, share, wanted)) any = true;
  }
  return any;
}

void TreeBuilder::attach(Rule& rule, RuleNode* parent, int depth, Share share) {
  too_deep_ = too_deep_ || depth > kMostDepth;
  too_many_ = too_many_ || place_count_ >= kMostPlaces;
  if (too_deep_ || too_many_) return;
  ++place_count_;
  Siblings& siblings = children_of(parent);
  const auto before = std::find_if(siblings.begin(), siblings.end(),
                                   [&](const auto& sibling) { return sibling->rule->rank < rule.rank; });
  auto node = std::make_unique<RuleNode>();
  node->rule = &rule;
  places_[rule.info.id].push_back({node.get(), depth});
  siblings.insert(before, std::move(node));
  if (!parent) return;
  rule.category = parent->rule->category;
  if (share == Share::Lines) share_lines(rule, *parent->rule);
}

void TreeBuilder::share_lines(Rule& rule, const Rule& parent) {
  const auto store = line_stores_.find(&parent);
  if (store == line_stores_.end() || !line_stores_.emplace(&rule, store->second).second) return;
  rule.line_store = store->second;
}

bool TreeBuilder::grew_too_large(RuleFindings& findings, const Span& where) {
  if (!too_deep_ && !too_many_) return false;
  said_too_large_ = true;
  const std::string what = too_deep_ ? "more than " + std::to_string(kMostDepth) + " rules below each other"
                                     : "more than " + std::to_string(kMostPlaces) + " places in the tree of rules";
  findings.error("R039", what, where, {}, "does a rule follow another several times over?");
  return true;
}

void TreeBuilder::bind_correlation(Rule& rule) {
  if (rule.composite == Composite::Sid) {
    const auto base = tree_.by_id.find(rule.matched_sid);
    rule.matched_sid_unknown = base == tree_.by_id.end();
    if (!rule.matched_sid_unknown) base->second->keeps_sid_list = true;
    return;
  }
  if (rule.composite != Composite::Group) return;
  const auto pattern =
      text::Pattern::compile(text::Dialect::OsMatch, rule.matched_group, text::OnInvalidUtf8::SearchBytes);
  if (!pattern) return;
  text::MatchContext context;
  for (const auto& other : tree_.rules) {
    if (!pattern->matches(text::Subject::of(other->info.group), context)) continue;
    int times = 0;
    for (const Place& place : places_[other->info.id]) times += place.node->rule == other.get() ? 1 : 0;
    if (times > 0) other->feeds_groups.push_back({&rule, times});
  }
}

}  // namespace gander::rules
