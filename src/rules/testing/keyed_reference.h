// The keyed policy told step by step (docs/decisions/0001-keyed-correlation.md), without limits, trimming or indexes.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/correlation.h"

namespace gander::rules::testing {

class KeyedReference final : public Correlation {
 public:
  explicit KeyedReference(const RuleTree& tree) : tree_(tree) {}

  void begin(model::Event& event) override {
    event_ = &event;
    mark_.reset();
    lines_.clear();
  }
  bool search(const Rule& rule) override;
  void set_lines(const Rule&, std::string_view, std::string_view) override {}
  std::span<const std::string_view> lines(const Rule&) override {
    shown_.assign(lines_.begin(), lines_.end());
    return shown_;
  }
  void remember(const Rule& rule) override;
  uint64_t limit_hits() const override { return 0; }

 private:
  using Values = std::map<std::string, std::optional<std::string>>;  // by name
  struct Kept {
    int64_t time = 0;
    Values values;
    std::string full_log;
  };
  using KeptPtr = std::shared_ptr<Kept>;
  struct Mark {
    int level = 0;
    Values agreed;
  };
  using Names = std::vector<std::string>;

  static Names names_of_key(const Rule& rule);
  static Names names_that_differ(const Rule& rule);
  Values values() const;
  // The values of these names; nothing when one is missing.
  static std::optional<Values> picked(const Values& from, const Names& names) {
    Values found;
    for (const std::string& name : names) {
      if (!from.at(name)) return std::nullopt;
      found[name] = from.at(name);
    }
    return found;
  }
  static bool covers(const Mark& mark, const Rule& rule) {
    const Names names = names_of_key(rule);
    return rule.info.level <= mark.level &&
           std::all_of(names.begin(), names.end(), [&](const std::string& n) { return mark.agreed.contains(n); });
  }
  static bool share_a_value(const Values& a, const Values& b, const Names& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& n) { return a.at(n) == b.at(n); });
  }
  // Behind the entry and before.
  static void cut(std::vector<KeptPtr>& window, const KeptPtr& entry) {
    const auto at = std::find(window.begin(), window.end(), entry);
    if (at != window.end()) window.erase(window.begin(), at + 1);
  }
  // Of entries that agree in all the values that must differ only the newest stays; false: that is not this one.
  static bool give_way(std::vector<KeptPtr>& window, const Kept& kept, const Names& differing) {
    if (differing.empty()) return true;
    const auto twin = std::find_if(window.begin(), window.end(), [&](const KeptPtr& other) {
      return picked(other->values, differing) == picked(kept.values, differing);
    });
    if (twin == window.end()) return true;
    if ((*twin)->time > kept.time) return false;
    window.erase(twin);
    return true;
  }
  bool counted_by(const Rule& composite, const Rule& rule);

  const RuleTree& tree_;
  text::MatchContext context_;
  model::Event* event_ = nullptr;
  std::optional<Mark> mark_;
  std::vector<std::string> lines_;
  std::vector<std::string_view> shown_;
  std::map<const Rule*, std::map<Values, std::vector<KeptPtr>>> windows_;  // by time, then arrival
};

inline KeyedReference::Names KeyedReference::names_of_key(const Rule& rule) {
  const ContextFlags& c = rule.context;
  Names names;
  if (rule.composite == Composite::Regex) names.emplace_back("category");
  if (c.same_source_ip) names.emplace_back("srcip");
  if (c.same_user) names.emplace_back("user");
  if (c.same_id) names.emplace_back("id");
  if (c.same_src_port) names.emplace_back("srcport");
  if (c.same_dst_port) names.emplace_back("dstport");
  if (c.same_location) names.emplace_back("location");
  return names;
}

inline KeyedReference::Names KeyedReference::names_that_differ(const Rule& rule) {
  const ContextFlags& c = rule.context;
  Names names;
  if (c.different_url) names.emplace_back("url");
  if ((c.different_srcip || c.not_same_source_ip) && !c.same_source_ip) names.emplace_back("srcip");
  if (c.not_same_user && !c.same_user) names.emplace_back("user");
  if (c.not_same_id && !c.same_id) names.emplace_back("id");
  if (c.not_same_agent && !c.same_location) names.emplace_back("agent");
  return names;
}

inline KeyedReference::Values KeyedReference::values() const {
  const auto field = [&](model::Field f) {
    return event_->has(f) ? std::optional<std::string>(event_->field(f)) : std::nullopt;
  };
  const std::string location(event_->hostname);
  return {{"category", std::to_string(static_cast<int>(event_->category))},
          {"srcip", field(model::Field::SrcIp)},
          {"user", field(model::Field::DstUser)},
          {"id", field(model::Field::Id)},
          {"srcport", field(model::Field::SrcPort)},
          {"dstport", field(model::Field::DstPort)},
          {"url", field(model::Field::Url)},
          {"location", location},
          {"agent", location.starts_with('(') ? location.substr(0, location.find("->")) : location}};
}

inline bool KeyedReference::search(const Rule& rule) {
  if (rule.composite == Composite::Sid && rule.matched_sid_unknown) {
    event_->notes.emplace_back("ossec-analysisd: ERROR: No sid search.");
    return false;
  }
  const Values mine = values();
  const auto key = picked(mine, names_of_key(rule));
  if (!key || rule.info.level == 0 || rule.context.different_srcgeoip) return false;
  const Names differing = names_that_differ(rule);
  if (!picked(mine, differing)) return false;
  std::vector<KeptPtr>& window = windows_[&rule][*key];
  std::vector<KeptPtr> counted;
  for (auto at = window.rbegin(); at != window.rend() && counted.size() <= static_cast<size_t>(rule.frequency); ++at) {
    if (base::unix_seconds(event_->time) - (*at)->time > rule.timeframe.count()) break;
    bool fresh = !share_a_value((*at)->values, mine, differing);
    for (const KeptPtr& other : counted) fresh = fresh && !share_a_value((*at)->values, other->values, differing);
    if (fresh) counted.push_back(*at);
  }
  if (counted.size() <= static_cast<size_t>(rule.frequency)) return false;
  const size_t lines = rule.composite == Composite::Sid ? counted.size() : counted.size() - 1;
  if (lines > 0) lines_.clear();
  for (size_t i = 0; i < std::min<size_t>(lines, 11); ++i) lines_.push_back(counted[i]->full_log);
  const KeptPtr newest = window.back();
  mark_ = Mark{rule.info.level, mine};
  for (const auto& [name, value] : mine) {
    bool agreed = newest->values.at(name) == value;
    for (const KeptPtr& entry : counted) agreed = agreed && entry->values.at(name) == value;
    if (!agreed) mark_->agreed.erase(name);
  }
  window.clear();
  for (auto& [other, its_windows] : windows_) {
    if (other == &rule || !covers(*mark_, *other)) continue;
    for (auto& [its_key, its_window] : its_windows) {
      cut(its_window, newest);
      cut(its_window, counted.back());
    }
  }
  return true;
}

inline bool KeyedReference::counted_by(const Rule& composite, const Rule& rule) {
  switch (composite.composite) {
    case Composite::Sid:
      return !composite.matched_sid_unknown && tree_.find(composite.matched_sid) == &rule;
    case Composite::Group:
      return std::any_of(rule.feeds_groups.begin(), rule.feeds_groups.end(),
                         [&](const Rule::Feed& f) { return f.composite == &composite; });
    case Composite::Regex:
      return !composite.matched_regex || composite.matched_regex->matches(event_->log_subject(), context_);
    case Composite::None:
      break;
  }
  return false;
}

inline void KeyedReference::remember(const Rule& rule) {
  const auto kept =
      std::make_shared<Kept>(Kept{base::unix_seconds(event_->time), values(), std::string(event_->full_log)});
  for (const auto& composite : tree_.rules) {
    if (!counted_by(*composite, rule)) continue;
    const auto key = picked(kept->values, names_of_key(*composite));
    if (!key || !picked(kept->values, names_that_differ(*composite))) continue;
    std::vector<KeptPtr>& window = windows_[composite.get()][*key];
    if (mark_ && covers(*mark_, *composite)) {
      window.clear();
      continue;
    }
    if (!give_way(window, *kept, names_that_differ(*composite))) continue;
    const auto at = std::upper_bound(window.begin(), window.end(), kept->time,
                                     [](int64_t time, const KeptPtr& other) { return time < other->time; });
    window.insert(at, kept);
  }
}

inline std::unique_ptr<Correlation> make_keyed_reference(const RuleTree& tree, CorrelationLimits) {
  return std::make_unique<KeyedReference>(tree);
}

}  // namespace gander::rules::testing
