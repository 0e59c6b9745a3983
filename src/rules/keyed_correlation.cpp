// The default policy of correlation: each composite rule counts per key.

#include <algorithm>
#include <array>
#include <string>

#include "rules/correlation.h"
#include "rules/keyed_plan.h"
#include "rules/window_store.h"

namespace gander::rules {
namespace {

constexpr size_t kClockBlock = 256;   // events
constexpr size_t kSweepAtOnce = 64;   // nodes
constexpr size_t kExpireAtOnce = 16;  // nodes
// So many windows are near the processor anyway.
constexpr size_t kWindowsInCache = 32768;

// The earliest time among the last one to two blocks of events: what is too old even for this may be forgotten. A
// single line dated in the future forgets nothing.
class CautiousClock {
 public:
  void tell(int64_t time) {
    running_ = std::min(running_, time);
    if (++count_ < kClockBlock) return;
    before_ = running_;
    running_ = INT64_MAX;
    count_ = 0;
  }
  int64_t now() const { return std::min(before_, running_); }

 private:
  int64_t before_ = INT64_MIN / 2;
  int64_t running_ = INT64_MAX;
  size_t count_ = 0;
};

class KeyedCorrelation final : public Correlation {
 public:
  KeyedCorrelation(const RuleTree& tree, const CorrelationLimits& limits)
      : plan_(tree),
        store_(plan_, limits.keyed_cap, limits.keyed_bytes),
        context_(limits.match),
        keys_(plan_.key_kinds.size()),
        coming_keys_(plan_.key_kinds.size()) {}

  bool foresees() const override { return store_.windows() >= kWindowsInCache; }
  void foresee(std::span<const ComingEvent> events) override;
  void begin(model::Event& event) override;
  bool search(const Rule& rule) override;
  void set_lines(const Rule& rule, std::string_view first, std::string_view second) override;
  std::span<const std::string_view> lines(const Rule& final_rule) override;
  void remember(const Rule& rule) override;
  void take_over(Correlation& before, const RuleMap& rules) override;
  uint64_t evicted() const override { return evicted_before_ + store_.evicted(); }
  uint64_t limit_hits() const override { return context_.limit_hits(); }

 private:
  struct Key {
    uint64_t event = 0;  // number of the event that it belongs to
    uint64_t hash = 0;   // 0: the event misses a value
  };
  // What the last composite that fired for the event in hand leaves on it. It counts no more for rules of at most this
  // level whose key is made of values in which all the events agreed.
  struct Mark {
    int level = 0;
    ComparedBits agreed = 0;
  };

  uint64_t key_hash(uint32_t kind);
  void foresee(uint32_t composite, const model::Event& event);
  bool marked_for(const KeyedComposite& c, const Mark& mark) const {
    return c.level <= mark.level && (c.same & ~mark.agreed) == 0;
  }
  bool count(const KeyedComposite& c, uint32_t window);
  bool differs_from_counted(const EventCopy& event, ComparedBits different) const;
  void fire(const KeyedComposite& c, uint32_t composite, uint32_t window);
  void spread(uint32_t node, uint32_t composite, const Mark& mark);
  bool make_place(const KeyedComposite& c, uint32_t window);
  void join(uint32_t composite, uint32_t& entry);

  int64_t now() const { return base::unix_seconds(event_->time); }

  KeyedPlan plan_;
  WindowStore store_;
  text::MatchContext context_;
  CautiousClock clock_;

  model::Event* event_ = nullptr;
  uint64_t number_ = 0;
  std::vector<Key> keys_;  // by key kind
  std::vector<Key> coming_keys_;
  uint64_t coming_number_ = 0;
  std::vector<uint64_t> coming_windows_;  // hashes
  Mark mark_;
  std::vector<uint32_t> counted_;  // nodes, newest first
  std::vector<std::string_view> lines_;
  std::array<std::string, 2> own_lines_;
  uint32_t next_swept_ = 0;
  uint64_t evicted_before_ = 0;  // by the objects that this one took over from
};

// Both count the same events by the same key.
bool counts_alike(const KeyedComposite& a, const KeyedComposite& b) {
  if (a.rule->composite != b.rule->composite || a.same != b.same || a.different != b.different) return false;
  switch (a.rule->composite) {
    case Composite::Sid:
      return a.rule->matched_sid == b.rule->matched_sid;
    case Composite::Group:
      return a.rule->matched_group == b.rule->matched_group;
    case Composite::Regex:
      return a.rule->matched_regex && b.rule->matched_regex &&
             a.rule->matched_regex->text() == b.rule->matched_regex->text();
    case Composite::None:
      break;
  }
  return false;
}

void KeyedCorrelation::take_over(Correlation& before, const RuleMap& rules) {
  auto* const old = dynamic_cast<KeyedCorrelation*>(&before);
  if (!old) return;
  std::vector<uint32_t> now(old->plan_.composites.size(), WindowStore::kNone);
  for (size_t i = 0; i < now.size(); ++i) {
    const Rule* const rule = rules.now(*old->plan_.composites[i].rule);
    const uint32_t composite = rule ? plan_.composite_of[rule->index] : KeyedPlan::kNoComposite;
    if (composite == KeyedPlan::kNoComposite) continue;
    if (counts_alike(old->plan_.composites[i], plan_.composites[composite])) now[i] = composite;
  }
  evicted_before_ = old->evicted();
  clock_ = old->clock_;
  store_.take_over(old->store_, now);
}

void KeyedCorrelation::begin(model::Event& event) {
  event_ = &event;
  ++number_;
  mark_ = {};
  lines_.clear();
  store_.begin_event();
  clock_.tell(now());
  if (plan_.composites.empty()) return;
  if (++next_swept_ >= plan_.composites.size()) next_swept_ = 0;
  store_.expire(next_swept_, clock_.now(), kSweepAtOnce);
}

void KeyedCorrelation::foresee(std::span<const ComingEvent> events) {
  coming_windows_.clear();
  const model::Event* event = nullptr;
  for (const ComingEvent& coming : events) {
    if (coming.event != event) ++coming_number_;
    event = coming.event;
    const uint32_t composite = plan_.composite_of[coming.rule->index];
    if (composite != KeyedPlan::kNoComposite) foresee(composite, *event);
    for (const uint32_t fed : plan_.feeds[coming.rule->index]) foresee(fed, *event);
  }
  store_.foresee(coming_windows_);
}

void KeyedCorrelation::foresee(uint32_t composite, const model::Event& event) {
  const uint32_t kind = plan_.composites[composite].key_kind;
  Key& k = coming_keys_[kind];
  if (k.event != coming_number_) k = {coming_number_, store_.hash_key(event, plan_.key_kinds[kind])};
  if (k.hash) coming_windows_.push_back(WindowStore::window_hash(k.hash, composite));
}

uint64_t KeyedCorrelation::key_hash(uint32_t kind) {
  Key& k = keys_[kind];
  if (k.event != number_) k = {number_, store_.hash_key(*event_, plan_.key_kinds[kind])};
  return k.hash;
}

bool KeyedCorrelation::search(const Rule& rule) {
  if (rule.composite == Composite::Sid && rule.matched_sid_unknown) {
    event_->notes.emplace_back("ossec-analysisd: ERROR: No sid search.");
    return false;
  }
  const uint32_t composite = plan_.composite_of[rule.index];
  if (composite == KeyedPlan::kNoComposite) return false;
  const KeyedComposite& c = plan_.composites[composite];
  const uint64_t hash = key_hash(c.key_kind);
  if (!hash) return false;
  const uint32_t window = store_.find(composite, hash, *event_);
  if (window == WindowStore::kNone || store_.count(window) < c.need || !count(c, window)) return false;
  fire(c, composite, window);
  return true;
}

// Fills counted_ with the newest entries that count, up to those that the rule needs.
bool KeyedCorrelation::count(const KeyedComposite& c, uint32_t window) {
  counted_.clear();
  for (uint32_t node = store_.newest(window); node != WindowStore::kNone; node = store_.older(node)) {
    const EventCopy& earlier = store_.event(node);
    if (now() - earlier.time() > c.timeframe) return false;
    if (c.different && !differs_from_counted(earlier, c.different)) continue;
    counted_.push_back(node);
    if (counted_.size() == c.need) return true;
  }
  return false;
}

bool KeyedCorrelation::differs_from_counted(const EventCopy& event, ComparedBits different) const {
  for (unsigned rest = different; rest; rest &= rest - 1) {
    const auto bit = static_cast<ComparedBits>(rest & -rest);
    const std::string_view mine = compared_value(*event_, static_cast<ComparedBit>(bit));
    if (!mine.data() || event.same(*event_, bit)) return false;
    for (const uint32_t node : counted_) {
      if (event.same(store_.event(node), bit)) return false;
    }
  }
  return true;
}

void KeyedCorrelation::fire(const KeyedComposite& c, uint32_t composite, uint32_t window) {
  if (c.lines > 0) {
    lines_.clear();
    for (const uint32_t node : counted_) {
      if (lines_.size() < c.lines) lines_.push_back(store_.event(node).full_log());
    }
  }
  const uint32_t newest = store_.newest(window);
  const uint32_t oldest = counted_.back();
  mark_ = {c.level, static_cast<ComparedBits>(plan_.compared | kCategoryBit)};
  mark_.agreed = store_.event(newest).agreement(*event_, mark_.agreed);
  for (const uint32_t node : counted_) mark_.agreed = store_.event(node).agreement(*event_, mark_.agreed);
  spread(newest, composite, mark_);
  if (oldest != newest) spread(oldest, composite, mark_);
  store_.drop_window(window);
}

// The event behind `node` ends the counting of the other windows for which the mark counts.
void KeyedCorrelation::spread(uint32_t node, uint32_t composite, const Mark& mark) {
  for (uint32_t place = store_.first_place(node); place != WindowStore::kNone;) {
    const uint32_t next = store_.next_place(place);
    const uint32_t other = store_.composite(place);
    if (other != composite && marked_for(plan_.composites[other], mark)) store_.drop_through(place);
    place = next;
  }
}

void KeyedCorrelation::set_lines(const Rule&, std::string_view first, std::string_view second) {
  own_lines_[0] = first;
  own_lines_[1] = second;
  lines_.assign(own_lines_.begin(), own_lines_.end());
}

std::span<const std::string_view> KeyedCorrelation::lines(const Rule&) {
  return lines_;
}

void KeyedCorrelation::remember(const Rule& rule) {
  uint32_t entry = WindowStore::kNone;
  for (const uint32_t composite : plan_.feeds[rule.index]) join(composite, entry);
  for (const uint32_t composite : plan_.regex_composites) {
    const text::Pattern* const pattern = plan_.composites[composite].rule->matched_regex.get();
    if (!pattern || pattern->matches(event_->log_subject(), context_)) join(composite, entry);
  }
}

void KeyedCorrelation::join(uint32_t composite, uint32_t& entry) {
  const KeyedComposite& c = plan_.composites[composite];
  const uint64_t hash = key_hash(c.key_kind);
  if (!hash) return;
  for (unsigned rest = c.different; rest; rest &= rest - 1) {
    if (!compared_value(*event_, static_cast<ComparedBit>(rest & -rest)).data()) return;
  }
  store_.expire(composite, clock_.now(), kExpireAtOnce);
  uint32_t window = store_.find(composite, hash, *event_);
  if (marked_for(c, mark_)) {
    if (window != WindowStore::kNone) store_.drop_window(window);
    return;
  }
  if (window != WindowStore::kNone && !make_place(c, window)) return;
  if (entry == WindowStore::kNone) entry = store_.add_entry(*event_);
  window = store_.find(composite, hash, *event_);  // making place or room may have taken it
  window = store_.join(composite, hash, window, entry);
  if (store_.count(window) > c.keep) store_.drop_node(store_.oldest(window));
}

// Whether the event in hand matters in the window. One before it with the same different values gives way to it.
bool KeyedCorrelation::make_place(const KeyedComposite& c, uint32_t window) {
  if (store_.count(window) >= c.keep && store_.event(store_.oldest(window)).time() > now()) return false;
  if (!c.different) return true;
  for (uint32_t node = store_.newest(window); node != WindowStore::kNone; node = store_.older(node)) {
    if (!store_.event(node).same(*event_, c.different)) continue;
    if (store_.event(node).time() > now()) return false;
    store_.drop_node(node);
    return true;
  }
  return true;
}

}  // namespace

std::unique_ptr<Correlation> make_keyed_correlation(const RuleTree& tree, CorrelationLimits limits) {
  return std::make_unique<KeyedCorrelation>(tree, limits);
}

}  // namespace gander::rules
