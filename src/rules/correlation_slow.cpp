// The search of composite rules as the specification tells it, step by step: obviously right, and slow.

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "rules/correlation.h"

namespace gander::rules {
namespace {

using model::Field;

constexpr size_t kMostLines = 11;
constexpr int kLeastDropped = 10;

struct Kept {
  int64_t time = 0;
  model::Category category = model::Category::Syslog;
  int mark = 0;
  const Rule* rule = nullptr;
  std::array<std::optional<std::string>, model::kFieldCount> fields;
  std::string hostname;
  std::string log;
  std::string full_log;
};
using List = std::deque<std::shared_ptr<Kept>>;  // oldest first

class SlowCorrelation final : public Correlation {
 public:
  SlowCorrelation(const RuleTree& tree, const CorrelationLimits& limits)
      : tree_(tree), limits_(limits), context_(limits.match) {
    for (const auto& rule : tree.rules) most_frequent_ = std::max(most_frequent_, rule->frequency);
  }

  void begin(model::Event& event) override;
  bool search(const Rule& rule) override;
  void set_lines(const Rule&, std::string_view first, std::string_view second) override {
    event_lines_ = {std::string(first), std::string(second)};
  }
  std::span<const std::string_view> lines(const Rule& final_rule) override;
  void remember(const Rule& rule) override;
  uint64_t limit_hits() const override { return context_.limit_hits(); }

 private:
  const List* list_of(const Rule& rule);
  bool counts(const Rule& rule, const Kept& earlier);
  bool same(Field f, const Kept& earlier) const;
  bool different(Field f, const Kept& earlier) const;
  std::shared_ptr<Kept> copy_of_event(const Rule& rule) const;
  void forget_oldest();

  int64_t now() const { return base::unix_seconds(event_->time); }

  const RuleTree& tree_;
  CorrelationLimits limits_;
  text::MatchContext context_;
  int most_frequent_ = 0;

  model::Event* event_ = nullptr;
  int pending_mark_ = 0;
  std::vector<std::string> event_lines_;
  std::vector<std::string_view> shown_;

  List memory_;
  std::map<const Rule*, List> sid_lists_;
  std::map<const Rule*, List> group_lists_;
  std::map<const Rule*, std::vector<std::string>> line_stores_;
};

void SlowCorrelation::begin(model::Event& event) {
  event_ = &event;
  pending_mark_ = 0;
  event_lines_.clear();
}

const List* SlowCorrelation::list_of(const Rule& rule) {
  switch (rule.composite) {
    case Composite::Sid: {
      const Rule* const base = rule.matched_sid_unknown ? nullptr : tree_.find(rule.matched_sid);
      if (!base) event_->notes.emplace_back("ossec-analysisd: ERROR: No sid search.");
      return base ? &sid_lists_[base] : nullptr;
    }
    case Composite::Group:
      return &group_lists_[&rule];
    case Composite::Regex:
      return &memory_;
    case Composite::None:
      break;
  }
  return nullptr;
}

bool SlowCorrelation::search(const Rule& rule) {
  const List* const list = list_of(rule);
  if (!list) return false;
  const int level = rule.info.level;
  const int shown = rule.composite == Composite::Sid ? rule.frequency + 1 : rule.frequency;
  std::vector<std::string>& store = line_stores_[&rule];
  store.clear();
  int counted = 0;
  for (auto at = list->rbegin(); at != list->rend(); ++at) {
    Kept& earlier = **at;
    if (now() - earlier.time > rule.timeframe.count()) return false;
    if (earlier.mark >= level) return false;
    if (!counts(rule, earlier)) continue;
    ++counted;
    if (counted <= shown && store.size() < kMostLines) store.push_back(earlier.full_log);
    if (counted == rule.frequency + 1) {
      pending_mark_ = level;
      earlier.mark = level;
      list->back()->mark = level;
      if (!store.empty()) event_lines_ = std::move(store);
      store.clear();
      return true;
    }
  }
  return false;
}

bool SlowCorrelation::same(Field f, const Kept& earlier) const {
  const auto& before = earlier.fields[static_cast<size_t>(f)];
  return event_->has(f) && before && event_->field(f) == *before;
}

bool SlowCorrelation::different(Field f, const Kept& earlier) const {
  const auto& before = earlier.fields[static_cast<size_t>(f)];
  return event_->has(f) && before && event_->field(f) != *before;
}

bool SlowCorrelation::counts(const Rule& rule, const Kept& earlier) {
  const ContextFlags& c = rule.context;
  if (rule.composite == Composite::Regex) {
    if (earlier.category != event_->category) return false;
    if (rule.matched_regex && !rule.matched_regex->matches(text::Subject::of(earlier.log), context_)) return false;
  } else {
    if (c.same_src_port && !same(Field::SrcPort, earlier)) return false;
    if (c.same_dst_port && !same(Field::DstPort, earlier)) return false;
    if (c.same_location && earlier.hostname != event_->hostname) return false;
  }
  if (c.same_source_ip && !same(Field::SrcIp, earlier)) return false;
  if (c.same_user && !same(Field::DstUser, earlier)) return false;
  if (c.same_id && !same(Field::Id, earlier)) return false;
  if (c.different_url && !different(Field::Url, earlier)) return false;
  // No event carries a geographic text.
  return !c.different_srcgeoip;
}

std::span<const std::string_view> SlowCorrelation::lines(const Rule& final_rule) {
  const std::vector<std::string>* from = &event_lines_;
  if (from->empty() && final_rule.line_store) {
    const Rule* owner = final_rule.line_store;
    while (owner->line_store) owner = owner->line_store;
    from = &line_stores_[owner];
  }
  shown_.assign(from->begin(), from->end());
  return shown_;
}

std::shared_ptr<Kept> SlowCorrelation::copy_of_event(const Rule& rule) const {
  auto kept = std::make_shared<Kept>();
  kept->time = now();
  kept->category = event_->category;
  kept->mark = pending_mark_;
  kept->rule = &rule;
  for (size_t i = 0; i < model::kFieldCount; ++i) {
    const auto f = static_cast<Field>(i);
    if (event_->has(f)) kept->fields[i] = std::string(event_->field(f));
  }
  kept->hostname = event_->hostname;
  kept->log = event_->log;
  kept->full_log = event_->full_log;
  return kept;
}

void SlowCorrelation::remember(const Rule& rule) {
  const std::shared_ptr<Kept> kept = copy_of_event(rule);
  if (rule.keeps_sid_list) {
    List& list = sid_lists_[&rule];
    for (int i = 0; i < rule.sid_places; ++i) {
      list.push_back(kept);
      if (list.size() > static_cast<size_t>(limits_.sid_prev_matched_max)) list.pop_front();
    }
  } else {
    for (const Rule::Feed& feed : rule.feeds_groups) {
      group_lists_[feed.composite].insert(group_lists_[feed.composite].end(), static_cast<size_t>(feed.times), kept);
    }
  }
  memory_.push_back(kept);
  if (memory_.size() <= static_cast<size_t>(limits_.memory_size)) return;
  int dropped = 0;
  while (memory_.size() > 1 && (dropped < kLeastDropped || now() - memory_.front()->time > most_frequent_)) {
    forget_oldest();
    ++dropped;
  }
}

void SlowCorrelation::forget_oldest() {
  const std::shared_ptr<Kept> kept = memory_.front();
  memory_.pop_front();
  if (kept->rule->keeps_sid_list && std::erase(sid_lists_[kept->rule], kept) > 0) return;
  for (const Rule::Feed& feed : kept->rule->feeds_groups) {
    List& list = group_lists_[feed.composite];
    for (int i = 0; i < feed.times && !list.empty(); ++i) list.pop_front();
  }
}

}  // namespace

std::unique_ptr<Correlation> make_compat_correlation_slow(const RuleTree& tree, CorrelationLimits limits) {
  return std::make_unique<SlowCorrelation>(tree, limits);
}

}  // namespace gander::rules
