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

// Of one different value the newest entry of each is kept, and one of them may be the current event's. With several,
// any number of newer ones may agree with it in one of them.
uint32_t entries_that_matter(uint32_t need, ComparedBits different) {
  if (!different) return need;
  if (std::has_single_bit(static_cast<unsigned>(different))) return need + 1;
  return std::max(need + 1, kMostKept);
}

}  // namespace

KeyedPlan::KeyedPlan(const RuleTree& tree) : composite_of(tree.rules.size(), kNoComposite), feeds(tree.rules.size()) {
  for (const auto& rule : tree.rules) add(*rule);
  feed(tree);
  sort_by_age();
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
  c.key_kind = kind_of(c.same, c.different);
  std::vector<uint32_t>& alike = key_kinds[c.key_kind].composites;
  c.number = static_cast<uint16_t>(alike.size());
  alike.push_back(static_cast<uint32_t>(composites.size()));
  compared = static_cast<ComparedBits>(compared | c.same | c.different);
  keyed = static_cast<ComparedBits>(keyed | c.same);
  composite_of[rule.index] = static_cast<uint32_t>(composites.size());
  composites.push_back(c);
}

uint16_t KeyedPlan::kind_of(ComparedBits key, ComparedBits different) {
  const auto kind = std::find_if(key_kinds.begin(), key_kinds.end(), [&](const Kind& k) {
    return k.key == key && k.different == different && k.composites.size() < UINT16_MAX;
  });
  if (kind != key_kinds.end()) return static_cast<uint16_t>(kind - key_kinds.begin());
  key_kinds.push_back({key, different, {}});
  return static_cast<uint16_t>(key_kinds.size() - 1);
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
  for (std::vector<uint32_t>& fed : feeds) sort_by_kind(fed);
  sort_by_kind(regex_composites);
}

void KeyedPlan::sort_by_kind(std::vector<uint32_t>& fed) const {
  std::stable_sort(fed.begin(), fed.end(),
                   [&](uint32_t a, uint32_t b) { return composites[a].key_kind < composites[b].key_kind; });
}

void KeyedPlan::sort_by_age() {
  for (const KeyedComposite& c : composites) ages.push_back(c.timeframe);
  std::sort(ages.begin(), ages.end());
  ages.erase(std::unique(ages.begin(), ages.end()), ages.end());
  if (ages.empty()) return;
  for (const std::vector<uint32_t>& fed : feeds) age_of.push_back(longest_age(fed));
}

uint32_t KeyedPlan::longest_age(const std::vector<uint32_t>& fed) const {
  int64_t longest = ages.front();
  for (const auto* const list : {&fed, &regex_composites}) {
    for (const uint32_t composite : *list) longest = std::max(longest, composites[composite].timeframe);
  }
  return static_cast<uint32_t>(std::lower_bound(ages.begin(), ages.end(), longest) - ages.begin());
}

}  // namespace gander::rules
