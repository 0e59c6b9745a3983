#include "ruletools/lint.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

#include "ruletools/rule_texts.h"

namespace gander::ruletools {
namespace {

using rules::Rule;
using rules::RuleNode;
using Conditions = std::vector<std::shared_ptr<const rules::Condition>>;
using Siblings = std::vector<std::unique_ptr<RuleNode>>;

constexpr int kTaggedFrom = 3;

std::string name_of(const Rule& rule) {
  return "rule " + std::to_string(rule.info.id);
}

// Every condition of `some` is one of `all`.
bool subset(const Conditions& some, const Conditions& all) {
  return std::all_of(some.begin(), some.end(), [&](const auto& a) {
    return std::any_of(all.begin(), all.end(), [&](const auto& b) { return a == b || a->equals(*b); });
  });
}

bool same_counting(const Rule& a, const Rule& b) {
  return a.check_diff == b.check_diff && a.if_fts == b.if_fts && counting_text(a) == counting_text(b);
}

class Linter {
 public:
  explicit Linter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void tree(const rules::RuleTree& tree) {
    for (const auto& root : tree.roots) place(*root, -1);
    for (const auto& root : tree.roots) siblings(root->children);
    for (const auto& rule : tree.rules) {
      const auto fate = unreached_.find(rule.get());
      if (fate == unreached_.end() || reached_.contains(rule.get())) continue;
      const Rule& other = *fate->second.other;
      if (fate->second.contradiction) {
        warn("R220", name_of(*rule) + " is never reached: " + name_of(other) + " above it asks for another decoder",
             *rule);
      } else {
        warn("R221", name_of(*rule) + " is never reached: " + name_of(other) + " comes first and asks for less", *rule,
             "make it a child of rule " + std::to_string(other.info.id) + ", or give it a higher level");
      }
    }
    duplicates(tree);
    for (const auto& rule : tree.rules) {
      tags(*rule);
      speed(*rule);
    }
  }

  void tests(const rules::RuleTree& tree, const std::vector<TestPack>& packs) {
    std::unordered_set<std::string> expected;
    for (const TestPack& pack : packs) {
      for (const TestFile& file : pack.files) {
        for (const TestStep& step : file.steps) {
          if (step.expected.rule && !step.expected.refused) expected.insert(*step.expected.rule);
        }
      }
    }
    for (const auto& rule : tree.rules) {
      const bool excused = std::any_of(packs.begin(), packs.end(),
                                       [&](const TestPack& pack) { return pack.excused.contains(rule->info.id); });
      if (rule->noalert || excused || expected.contains(std::to_string(rule->info.id))) continue;
      warn("R223", "no test expects " + name_of(*rule), *rule, "`gander rules new` shows what one looks like");
    }
  }

 private:
  struct Fate {
    const Rule* other = nullptr;
    bool contradiction = false;
  };

  void warn(ErrorCode code, std::string message, const Rule& rule, std::string hint = {}) {
    diagnostics_.warning(code, std::move(message), rule.info.at, std::move(hint));
  }

  static int decoder_of(const Rule& rule) {
    for (const auto& condition : rule.conditions) {
      if (condition->decoder_identity() >= 0) return condition->decoder_identity();
    }
    return -1;
  }

  // Looks for decoders that contradict each other on the way down.
  void place(const RuleNode& node, int decoder, const Rule* by = nullptr) {
    for (const auto& child : node.children) {
      const int own = decoder_of(*child->rule);
      if (own >= 0 && decoder >= 0 && own != decoder) {
        unreached_.insert_or_assign(child->rule, Fate{by, true});
        continue;
      }
      asked_.insert(child->rule);
      if (own >= 0)
        place(*child, own, child->rule);
      else
        place(*child, decoder, by);
    }
  }

  // Rules that a broader one before them always takes the events of.
  void siblings(const Siblings& list) {
    std::vector<const Rule*> ending;
    for (const auto& node : list) {
      const Rule& rule = *node->rule;
      const auto broader = std::find_if(ending.begin(), ending.end(), [&](const Rule* other) {
        return other != &rule && other->conditions.size() < rule.conditions.size() &&
               subset(other->conditions, rule.conditions);
      });
      if (broader != ending.end()) {
        unreached_.try_emplace(&rule, Fate{*broader, false});
      } else {
        if (asked_.contains(&rule)) reached_.insert(&rule);
        const bool ends = !rule.noalert && !rule.stateful() && rule.list_conditions.empty() && !rule.conditions.empty();
        if (ends) ending.push_back(&rule);
      }
      siblings(node->children);
    }
  }

  void duplicates(const rules::RuleTree& tree) {
    const RulePlaces places(tree);
    std::unordered_multimap<std::string, const Rule*> seen;
    for (const auto& rule : tree.rules) {
      if (!rule->stateful() || places.is_root(*rule)) continue;
      const std::string key = key_of(*rule, places);
      const auto [begin, end] = seen.equal_range(key);
      const auto same = std::find_if(begin, end, [&](const auto& entry) {
        const Rule& other = *entry.second;
        return other.conditions.size() == rule->conditions.size() && subset(other.conditions, rule->conditions) &&
               subset(rule->conditions, other.conditions) && same_counting(other, *rule) &&
               other.list_conditions.size() == rule->list_conditions.size() &&
               subset(other.list_conditions, rule->list_conditions);
      });
      if (same != end) warn("R222", name_of(*rule) + " asks for the same as " + name_of(*same->second), *rule);
      seen.emplace(key, rule.get());
    }
  }

  static std::string key_of(const Rule& rule, const RulePlaces& places) {
    std::vector<model::RuleId> parents;
    for (const Rule* parent : places.parents(rule)) parents.push_back(parent->info.id);
    std::sort(parents.begin(), parents.end());
    std::string key = counting_text(rule);
    for (const model::RuleId id : parents) key += " " + std::to_string(id);
    return key;
  }

  void tags(const Rule& rule) {
    if (rule.info.level < kTaggedFrom || rule.noalert || rule.silent) return;
    const std::vector<std::string_view> groups = groups_of(rule);
    if (std::any_of(groups.begin(), groups.end(), is_tag)) return;
    warn("R224", name_of(rule) + " of level " + std::to_string(rule.info.level) + " has no tag", rule,
         "a group such as mitre_T1110.001 or pci_dss_10.2.4");
  }

  void speed(const Rule& rule) {
    for (const auto& condition : rule.conditions) {
      const text::Pattern* const pattern = condition->log_pattern();
      if (!pattern || pattern->dialect() != text::Dialect::Pcre2 || !repeats_inside_repetition(pattern->text()))
        continue;
      warn("R225", name_of(rule) + " can be slow: a repeated group of its pattern repeats again inside", rule,
           "make the inner or the outer repetition possessive (++, *+)");
      return;
    }
  }

  Diagnostics& diagnostics_;
  std::unordered_map<const Rule*, Fate> unreached_;
  std::unordered_set<const Rule*> asked_;    // at a place that nothing contradicts
  std::unordered_set<const Rule*> reached_;  // at one where no sibling takes its events
};

// One run over a PCRE2 text: groups, classes, escapes and quantifiers.
class RepetitionScan {
 public:
  explicit RepetitionScan(std::string_view text) : text_(text) {}

  bool run() {
    group(0);
    return found_;
  }

 private:
  struct Seen {
    bool repeats = false;    // holds an unbounded, backtracking repetition
    bool separated = false;  // and something that must stand beside it
  };

  // Behind an atom: 0 none, 1 unbounded and backtracking, 2 other.
  int quantifier() {
    if (at_ >= text_.size()) return 0;
    bool unbounded = false;
    if (text_[at_] == '*' || text_[at_] == '+') {
      unbounded = true;
      ++at_;
    } else if (text_[at_] == '?') {
      ++at_;
    } else if (text_[at_] == '{') {
      const size_t end = text_.find('}', at_);
      const std::string_view inside = end == std::string_view::npos ? "" : text_.substr(at_ + 1, end - at_ - 1);
      if (inside.empty() || inside.find_first_not_of("0123456789,") != std::string_view::npos) return 0;
      unbounded = inside.ends_with(',');
      at_ = end + 1;
    } else {
      return 0;
    }
    bool possessive = false;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '?')) possessive = text_[at_++] == '+';
    return unbounded && !possessive ? 1 : 2;
  }

  void skip_class() {
    ++at_;
    if (at_ < text_.size() && text_[at_] == '^') ++at_;
    if (at_ < text_.size() && text_[at_] == ']') ++at_;
    while (at_ < text_.size() && text_[at_] != ']') {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_.substr(at_).starts_with("[:")) {
        const size_t end = text_.find(":]", at_);
        if (end != std::string_view::npos) at_ = end + 1;
      }
      ++at_;
    }
    ++at_;
  }

  // "?:", "?>", "?<name>", "?i:"; "?i" alone ends at its ).
  void skip_group_prefix() {
    const size_t end = text_.find_first_of(":>=!|)", at_);
    at_ = end == std::string_view::npos ? text_.size() : text_[end] == ')' ? end : end + 1;
  }

  Seen group(int depth) {
    constexpr int kDeepest = 200;
    Seen seen;
    while (at_ < text_.size() && text_[at_] != ')') {
      const char c = text_[at_];
      if (c == '(' && depth < kDeepest) {
        ++at_;
        const bool atomic = text_.substr(at_).starts_with("?>");
        if (at_ < text_.size() && text_[at_] == '?') skip_group_prefix();
        Seen inner = group(depth + 1);
        if (at_ < text_.size()) ++at_;
        const int q = quantifier();
        if (atomic) inner.repeats = false;
        if (q == 1 && inner.repeats && !inner.separated) found_ = true;
        if (inner.repeats || q == 1) seen.repeats = true;
        if (q == 0 && inner.separated) seen.separated = true;
        continue;
      }
      if (c == '|') {
        seen.separated = false;  // another alternative need not have it
        ++at_;
        continue;
      }
      if (c == '[') {
        skip_class();
      } else {
        const bool escape = c == '\\';
        at_ += escape ? 2 : 1;
        if (!escape && (c == '?' || c == '^' || c == '$' || c == ':' || c == '.')) {
          if (quantifier() == 1) seen.repeats = true;
          continue;
        }
        const int q = quantifier();
        if (q == 1) seen.repeats = true;
        if (q == 0 && (!escape || std::isalpha(static_cast<unsigned char>(text_[at_ - 1])) == 0)) seen.separated = true;
        continue;
      }
      if (quantifier() == 1) seen.repeats = true;
    }
    return seen;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool found_ = false;
};

}  // namespace

bool repeats_inside_repetition(std::string_view pcre2) {
  return RepetitionScan(pcre2).run();
}

void lint(const rules::RuleTree& tree, const std::vector<TestPack>* packs, Diagnostics& diagnostics) {
  Linter linter(diagnostics);
  linter.tree(tree);
  if (packs) linter.tests(tree, *packs);
}

}  // namespace gander::ruletools
