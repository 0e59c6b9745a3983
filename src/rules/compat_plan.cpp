#include "rules/compat_plan.h"

#include <algorithm>

namespace gander::rules {
namespace {

ComparedBits bits_of_key(const Rule& rule) {
  const ContextFlags& c = rule.context;
  unsigned bits = 0;
  if (c.same_source_ip) bits |= kSrcIpBit;
  if (c.same_user) bits |= kUserBit;
  if (c.same_id) bits |= kIdBit;
  if (rule.composite == Composite::Regex) return static_cast<ComparedBits>(bits | kCategoryBit);
  if (c.same_src_port) bits |= kSrcPortBit;
  if (c.same_dst_port) bits |= kDstPortBit;
  if (c.same_location) bits |= kLocationBit;
  return static_cast<ComparedBits>(bits);
}

}  // namespace

CompatPlan::CompatPlan(const RuleTree& tree)
    : composite_of(tree.rules.size(), kNone),
      sid_list_of(tree.rules.size(), kNone),
      groups(tree.rules.size()),
      store_owner_of(tree.rules.size(), kNone) {
  add_lists(tree);
  for (const auto& rule : tree.rules) {
    most_frequent = std::max(most_frequent, rule->frequency);
    if (rule->composite != Composite::None) add_composite(*rule, tree);
  }
  for (const auto& rule : tree.rules) {
    for (const Rule::Feed& feed : rule->feeds_groups) {
      const uint32_t composite = composite_of[feed.composite->index];
      if (feed.composite->composite != Composite::Group) continue;
      groups[rule->index].push_back({composites[composite].list, feed.times});
    }
  }
  share_stores(tree);
}

void CompatPlan::add_lists(const RuleTree& tree) {
  for (const auto& rule : tree.rules) {
    if (rule->keeps_sid_list) sid_list_of[rule->index] = lists++;
  }
}

void CompatPlan::add_composite(const Rule& rule, const RuleTree& tree) {
  CompatComposite c;
  c.rule = &rule;
  c.key = bits_of_key(rule);
  c.other_url = rule.context.different_url;
  c.impossible = rule.context.different_srcgeoip;
  if (rule.composite == Composite::Sid) {
    const Rule* const base = rule.matched_sid_unknown ? nullptr : tree.find(rule.matched_sid);
    if (base) c.list = base->keeps_sid_list ? sid_list_of[base->index] : lists++;
  } else {
    c.list = lists++;
  }
  if (rule.composite == Composite::Regex) has_regex = true;
  compared = static_cast<ComparedBits>(compared | c.key | (c.other_url ? kUrlBit : 0));
  composite_of[rule.index] = static_cast<uint32_t>(composites.size());
  composites.push_back(c);
}

void CompatPlan::share_stores(const RuleTree& tree) {
  for (const auto& rule : tree.rules) {
    const Rule* owner = rule->line_store;
    while (owner && owner->line_store) owner = owner->line_store;
    if (!owner) continue;
    store_owner_of[rule->index] = composite_of[owner->index];
    if (store_owner_of[rule->index] != kNone) composites[store_owner_of[rule->index]].store_is_shared = true;
  }
}

}  // namespace gander::rules
