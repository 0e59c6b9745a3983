// The default policy of correlation: each composite rule counts per key.

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "rules/correlation.h"
#include "rules/keyed_plan.h"
#include "rules/keyed_windows.h"

namespace gander::rules {
namespace {

constexpr size_t kClockBlock = 256;  // events
// So many records of keys are near the processor anyway.
constexpr size_t kRecordsInCache = 8192;

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
        windows_(plan_, {limits.keyed_cap, limits.keyed_bytes}),
        context_(limits.match),
        own_keys_(plan_.key_kinds.size()) {}

  bool foresees() const override { return windows_.records() >= kRecordsInCache; }
  void foresee(std::span<const ComingEvent> events) override;
  void begin(model::Event& event) override;
  bool search(const Rule& rule) override;
  void set_lines(const Rule& rule, std::string_view first, std::string_view second) override;
  std::span<const std::string_view> lines(const Rule& final_rule) override;
  void remember(const Rule& rule) override;
  void take_over(Correlation& before, const RuleMap& rules) override;
  uint64_t evicted() const override { return evicted_before_ + windows_.evicted(); }
  uint64_t limit_hits() const override { return context_.limit_hits(); }

 private:
  struct Key {
    uint64_t event = 0;  // number of the event that it belongs to
    KeyedWindows::Key key;
  };
  struct Coming {
    const model::Event* event = nullptr;
    uint64_t number = 0;
  };
  // What the last composite that fired for the event in hand leaves on it. It counts no more for rules of at most this
  // level whose key is made of values in which all the events agreed.
  struct Mark {
    int level = 0;
    ComparedBits agreed = 0;
  };

  KeyedWindows::Key& key(uint16_t kind);
  void foresee(uint32_t composite);
  bool marked_for(const KeyedComposite& c) const { return c.level <= mark_.level && (c.same & ~mark_.agreed) == 0; }
  bool count(const KeyedComposite& c, KeyedWindows::Window window, uint16_t tell);
  bool differs_from_counted(const RecordedEvent& earlier, ComparedBits different, uint16_t tell) const;
  void fire(const KeyedComposite& c, uint32_t composite, KeyedWindows::Window window);
  ComparedBits agreement(const KeyedComposite& c) const;
  void spread(HeldEvent held, uint32_t composite);
  bool matters(uint32_t composite, KeyedWindows::Key& key);
  void join_all(std::span<const uint32_t> composites, const Rule& rule, HeldEvent& held);
  void join(std::span<const uint32_t> composites, const Rule& rule, HeldEvent& held);

  int64_t now() const { return base::unix_seconds(event_->time); }

  KeyedPlan plan_;
  KeyedWindows windows_;
  text::MatchContext context_;
  CautiousClock clock_;

  model::Event* event_ = nullptr;
  uint64_t numbers_ = 0;       // given to events
  uint64_t number_ = 0;        // of the event in hand
  std::span<Key> keys_;        // its, by kind
  std::vector<Key> own_keys_;  // of an event that was not foreseen
  std::vector<Coming> coming_;
  std::vector<Key> coming_keys_;  // of all of these
  size_t next_coming_ = 0;
  std::vector<RecordTable::Coming> coming_records_;
  Mark mark_;
  std::vector<RecordedEvent> counted_;  // newest first
  HeldEvent newest_;                    // of the window that count() went through
  std::vector<uint32_t> matching_;
  std::vector<uint32_t> joining_;
  std::vector<std::string_view> lines_;
  std::array<std::string, 2> own_lines_;
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
      if (!a.rule->matched_regex || !b.rule->matched_regex) return a.rule->matched_regex == b.rule->matched_regex;
      return a.rule->matched_regex->text() == b.rule->matched_regex->text();
    case Composite::None:
      break;
  }
  return false;
}

void KeyedCorrelation::take_over(Correlation& before, const RuleMap& rules) {
  auto* const old = dynamic_cast<KeyedCorrelation*>(&before);
  if (!old || plan_.composites.empty()) return;
  std::vector<uint32_t> now(old->plan_.composites.size(), KeyedPlan::kNoComposite);
  for (size_t i = 0; i < now.size(); ++i) {
    const Rule* const rule = rules.now(*old->plan_.composites[i].rule);
    const uint32_t composite = rule ? plan_.composite_of[rule->index] : KeyedPlan::kNoComposite;
    if (composite == KeyedPlan::kNoComposite) continue;
    if (counts_alike(old->plan_.composites[i], plan_.composites[composite])) now[i] = composite;
  }
  evicted_before_ = old->evicted();
  clock_ = old->clock_;
  windows_.take_over(old->windows_, now);
}

void KeyedCorrelation::begin(model::Event& event) {
  event_ = &event;
  keys_ = own_keys_;
  if (next_coming_ < coming_.size() && coming_[next_coming_].event == &event) {
    number_ = coming_[next_coming_].number;
    keys_ = std::span(coming_keys_).subspan(next_coming_ * own_keys_.size(), own_keys_.size());
    ++next_coming_;
  } else {
    number_ = ++numbers_;
  }
  mark_ = {};
  lines_.clear();
  clock_.tell(now());
  windows_.begin_event(clock_.now());
}

void KeyedCorrelation::foresee(std::span<const ComingEvent> events) {
  coming_.clear();
  next_coming_ = 0;
  for (const ComingEvent& coming : events) {
    if (coming_.empty() || coming.event != coming_.back().event) {
      coming_.push_back({coming.event, ++numbers_});
      if (coming_keys_.size() < coming_.size() * own_keys_.size())
        coming_keys_.resize(coming_.size() * own_keys_.size());
    }
    const uint32_t composite = plan_.composite_of[coming.rule->index];
    if (composite != KeyedPlan::kNoComposite) foresee(composite);
    for (const uint32_t fed : plan_.feeds[coming.rule->index]) foresee(fed);
  }
  windows_.foresee(coming_records_);
}

// For the last of the coming events.
void KeyedCorrelation::foresee(uint32_t composite) {
  const uint16_t kind = plan_.composites[composite].key_kind;
  Key& k = coming_keys_[(coming_.size() - 1) * own_keys_.size() + kind];
  if (k.event == coming_.back().number) return;
  k = {coming_.back().number, windows_.key(*coming_.back().event, kind)};
  if (!k.key.hash.none()) coming_records_.push_back({kind, k.key.hash});
}

KeyedWindows::Key& KeyedCorrelation::key(uint16_t kind) {
  Key& k = keys_[kind];
  if (k.event != number_) k = {number_, windows_.key(*event_, kind)};
  return k.key;
}

bool KeyedCorrelation::search(const Rule& rule) {
  if (rule.composite == Composite::Sid && rule.matched_sid_unknown) {
    event_->notes.emplace_back("ossec-analysisd: ERROR: No sid search.");
    return false;
  }
  const uint32_t composite = plan_.composite_of[rule.index];
  if (composite == KeyedPlan::kNoComposite) return false;
  const KeyedComposite& c = plan_.composites[composite];
  KeyedWindows::Key& key = this->key(c.key_kind);
  if (key.hash.none()) return false;
  if (!key.complete) return false;
  const KeyedWindows::Window window = windows_.find(composite, key);
  if (!window || windows_.count_at_most(window) < c.need || !count(c, window, key.tell)) return false;
  fire(c, composite, window);
  return true;
}

// Fills counted_ with the newest events that count, up to those that the rule needs.
bool KeyedCorrelation::count(const KeyedComposite& c, KeyedWindows::Window window, uint16_t tell) {
  counted_.clear();
  newest_ = {};
  windows_.each(window, [&](const RecordedEvent& earlier) {
    if (now() - earlier.time > c.timeframe) return false;
    if (!newest_.arrival) newest_ = earlier.held();
    if (c.different && !differs_from_counted(earlier, c.different, tell)) return true;
    counted_.push_back(earlier);
    return counted_.size() < c.need;
  });
  return counted_.size() == c.need;
}

// `tell`: of the event in hand.
bool KeyedCorrelation::differs_from_counted(const RecordedEvent& earlier, ComparedBits different, uint16_t tell) const {
  const bool one_value = (different & (different - 1)) == 0;
  const auto shares = [&](uint16_t its_tell, const auto& with) {
    if (one_value && its_tell != earlier.tell) return false;
    return with(windows_.event(earlier.held()));
  };
  for (unsigned rest = different; rest; rest &= rest - 1) {
    const auto bit = static_cast<ComparedBits>(rest & -rest);
    if (shares(tell, [&](const EventCopy& event) { return event.same(*event_, bit); })) return false;
    for (const RecordedEvent& counted : counted_) {
      const auto with = [&](const EventCopy& event) { return event.same(windows_.event(counted.held()), bit); };
      if (shares(static_cast<uint16_t>(counted.tell), with)) return false;
    }
  }
  return true;
}

void KeyedCorrelation::fire(const KeyedComposite& c, uint32_t composite, KeyedWindows::Window window) {
  windows_.prefetch(counted_);
  if (c.lines > 0) {
    lines_.clear();
    for (const RecordedEvent& counted : counted_) {
      if (lines_.size() < c.lines) lines_.push_back(windows_.event(counted.held()).full_log());
    }
  }
  const HeldEvent newest = newest_;
  const HeldEvent oldest = counted_.back().held();
  mark_ = {c.level, agreement(c)};
  windows_.empty(window);
  spread(newest, composite);
  if (oldest != newest) spread(oldest, composite);
}

// The key is shared by all of them anyway.
ComparedBits KeyedCorrelation::agreement(const KeyedComposite& c) const {
  auto others = static_cast<ComparedBits>(plan_.keyed & ~c.same);
  others = windows_.event(newest_).agreement(*event_, others);
  for (const RecordedEvent& counted : counted_) {
    if (!others) break;
    others = windows_.event(counted.held()).agreement(*event_, others);
  }
  return static_cast<ComparedBits>(c.same | others);
}

// The marked event and those before it count no more in the other windows for which the mark counts. The key of these
// is that of the event in hand, for the events agree in it.
void KeyedCorrelation::spread(HeldEvent held, uint32_t composite) {
  for (const auto* const fed : {&windows_.fed(held), &std::as_const(plan_.regex_composites)}) {
    for (const uint32_t other : *fed) {
      if (other == composite || !marked_for(plan_.composites[other])) continue;
      KeyedWindows::Key& key = this->key(plan_.composites[other].key_kind);
      if (key.hash.none()) continue;
      if (const KeyedWindows::Window window = windows_.find(other, key)) windows_.empty_through(window, held);
    }
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
  HeldEvent held;
  join_all(plan_.feeds[rule.index], rule, held);
  if (plan_.regex_composites.empty()) return;
  matching_.clear();
  for (const uint32_t composite : plan_.regex_composites) {
    const text::Pattern* const pattern = plan_.composites[composite].rule->matched_regex.get();
    if (!pattern || pattern->matches(event_->log_subject(), context_)) matching_.push_back(composite);
  }
  join_all(matching_, rule, held);
}

// `composites`: by kind. An event stands in a record once, so all of a kind join together.
void KeyedCorrelation::join_all(std::span<const uint32_t> composites, const Rule& rule, HeldEvent& held) {
  for (size_t first = 0, end = 0; first < composites.size(); first = end) {
    const uint16_t kind = plan_.composites[composites[first]].key_kind;
    while (end < composites.size() && plan_.composites[composites[end]].key_kind == kind) ++end;
    join(composites.subspan(first, end - first), rule, held);
  }
}

// `composites`: of one kind. `held`: the event in hand; its arrival is 0 until the windows have it.
void KeyedCorrelation::join(std::span<const uint32_t> composites, const Rule& rule, HeldEvent& held) {
  KeyedWindows::Key& key = this->key(plan_.composites[composites.front()].key_kind);
  if (key.hash.none() || !key.complete) return;
  joining_.clear();
  for (const uint32_t composite : composites) {
    if (matters(composite, key)) joining_.push_back(composite);
  }
  if (joining_.empty()) return;
  if (!held.arrival) held = windows_.add(*event_, rule);
  windows_.join(joining_, key, held);
}

// Whether the event in hand matters in the window. One before it with the same different values gives way to it.
bool KeyedCorrelation::matters(uint32_t composite, KeyedWindows::Key& key) {
  const KeyedComposite& c = plan_.composites[composite];
  const bool marked = marked_for(c);
  if (!c.different && !marked) return true;
  const KeyedWindows::Window window = windows_.find(composite, key);
  if (window && marked) windows_.empty(window);
  if (!window || marked) return !marked;
  HeldEvent alike;
  windows_.each(window, [&](const RecordedEvent& before) {
    if (before.tell == key.tell && windows_.event(before.held()).same(*event_, c.different)) alike = before.held();
    return !alike.arrival;
  });
  if (!alike.arrival) return true;
  if (alike.time > now()) return false;
  windows_.remove(window, alike);
  return true;
}

}  // namespace

std::unique_ptr<Correlation> make_keyed_correlation(const RuleTree& tree, CorrelationLimits limits) {
  return std::make_unique<KeyedCorrelation>(tree, limits);
}

}  // namespace gander::rules
