#include "rules/keyed_plan.h"

#include <algorithm>
#include <bit>

namespace gander::rules {
namespace {

constexpr uint32_t kMostLines = 11;
constexpr uint32_t kMostKept = 1024;  // entries of a window of a rule with several different_* values

ComparedBits bits_of_key(const Rule& rule) {
  const ContextFlags& c = rule.context;
  unsigned bits = 0;
  if (rule.composite == Composite::Regex) bits |= kCategoryBit;
  if (c.same_source_ip) bits |= kSrcIpBit;
  if (c.same_user) bits |= kUserBit;
  if (c.same_id) bits |= kIdBit;
  if (c.same_src_port) bits |= kSrcPortBit;
  if (c.same_dst_port) bits |= kDstPortBit;
  if (c.same_location) bits |= kLocationBit;
  return static_cast<ComparedBits>(bits);
}

// A same_* that stands beside a not_same_* of the same value was given behind it, and has the last word.
ComparedBits bits_that_differ(const Rule& rule) {
  const ContextFlags& c = rule.context;
  unsigned bits = 0;
  if (c.different_url) bits |= kUrlBit;
  if ((c.different_srcip || c.not_same_source_ip) && !c.same_source_ip) bits |= kSrcIpBit;
  if (c.not_same_user && !c.same_user) bits |= kUserBit;
  if (c.not_same_id && !c.same_id) bits |= kIdBit;
  if (c.not_same_agent && !c.same_location) bits |= kAgentBit;
  return static_cast<ComparedBits>(bits);
}

// Of one different value the newest entry of each is kept, and one of them may be the current event's.
uint32_t entries_that_matter(uint32_t need, ComparedBits different) {
  if (!different) return need;
  if (std::has_single_bit(static_cast<unsigned>(different))) return need + 1;
  return std::max(need + 1, static_cast<uint32_t>(std::min<uint64_t>(uint64_t{need + 1} * (need + 1), kMostKept)));
}

}  // namespace

KeyedPlan::KeyedPlan(const RuleTree& tree) : composite_of(tree.rules.size(), kNoComposite), feeds(tree.rules.size()) {
  for (const auto& rule : tree.rules) add(*rule);
  feed(tree);
}

void KeyedPlan::add(const Rule& rule) {
  if (rule.composite == Composite::None || !rule.correlates || rule.check_diff) return;
  // As in 4.3 a composite of level 0 never fires, and no event carries the geographic text that this one asks for.
  if (rule.info.level <= 0 || rule.context.different_srcgeoip) return;
  KeyedComposite c;
  c.rule = &rule;
  c.level = rule.info.level;
  c.timeframe = rule.timeframe.count();
  c.need = static_cast<uint32_t>(std::max(rule.frequency, 0)) + 1;
  c.lines = std::min(rule.composite == Composite::Sid ? c.need : c.need - 1, kMostLines);
  c.same = bits_of_key(rule);
  c.different = bits_that_differ(rule);
  c.keep = entries_that_matter(c.need, c.different);
  const auto kind = std::find(key_kinds.begin(), key_kinds.end(), c.same);
  c.key_kind = static_cast<uint32_t>(kind - key_kinds.begin());
  if (kind == key_kinds.end()) key_kinds.push_back(c.same);
  compared = static_cast<ComparedBits>(compared | c.same | c.different);
  composite_of[rule.index] = static_cast<uint32_t>(composites.size());
  composites.push_back(c);
}

void KeyedPlan::feed(const RuleTree& tree) {
  const auto add_once = [](std::vector<uint32_t>& list, uint32_t composite) {
    if (std::find(list.begin(), list.end(), composite) == list.end()) list.push_back(composite);
  };
  for (uint32_t i = 0; i < composites.size(); ++i) {
    const Rule& rule = *composites[i].rule;
    if (rule.composite == Composite::Regex) regex_composites.push_back(i);
    if (rule.composite != Composite::Sid || rule.matched_sid_unknown) continue;
    if (const Rule* const base = tree.find(rule.matched_sid)) add_once(feeds[base->index], i);
  }
  for (const auto& rule : tree.rules) {
    for (const Rule::Feed& f : rule->feeds_groups) {
      const uint32_t composite = composite_of[f.composite->index];
      if (composite != kNoComposite) add_once(feeds[rule->index], composite);
    }
  }
}

}  // namespace gander::rules
