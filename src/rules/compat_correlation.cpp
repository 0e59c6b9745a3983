// OSSEC 4.3's search of composite rules, to the letter, by indexes over the same lists.

#include <algorithm>
#include <array>
#include <string>

#include "rules/compat_plan.h"
#include "rules/correlation.h"
#include "rules/event_list.h"

namespace gander::rules {
namespace {

constexpr size_t kMostLines = 11;
constexpr int kLeastDropped = 10;

struct Remembered {
  EventCopy copy;
  const Rule* rule = nullptr;
  int64_t time = 0;
  int mark = 0;
};

// Lines of one composite's latest unsuccessful search; the strings are used again.
struct LineStore {
  std::array<std::string, kMostLines> lines;
  size_t count = 0;
};

class CompatCorrelation final : public Correlation {
 public:
  CompatCorrelation(const RuleTree& tree, const CorrelationLimits& limits);

  void begin(model::Event& event) override;
  bool search(const Rule& rule) override;
  void set_lines(const Rule& rule, std::string_view first, std::string_view second) override;
  std::span<const std::string_view> lines(const Rule& final_rule) override;
  void remember(const Rule& rule) override;
  void take_over(Correlation& before, const RuleMap& rules) override;
  uint64_t limit_hits() const override { return context_.limit_hits(); }

 private:
  // What a search needs beside the composite's own description.
  struct Searched {
    size_t chains = 0;          // of the list, when the composite has a key
    EventNumber looked_at = 0;  // if_matched_regex: events up to this one are in the list when they match
    LineStore store;
  };
  struct Kind {
    ComparedBits key = 0;
    uint64_t event = 0;  // number of the event that the hash belongs to
    uint64_t hash = 0;
  };

  uint64_t hash_of(ComparedBits key);
  void push(uint32_t list, EventNumber event, int weight);
  void push_again(uint32_t list, EventNumber event, int weight);
  EventNumber stop(const EventList& list, const Rule& rule) const;
  void look_at_new_events(const CompatComposite& c, Searched& searched);
  bool count(const CompatComposite& c, const Searched& searched, EventNumber stopped);
  bool count_all(const CompatComposite& c, EventNumber stopped);
  bool count_chain(const CompatComposite& c, const KeyChains& chains, EventNumber stopped);
  bool take(const CompatComposite& c, const EventList::Entry& entry);
  void succeed(const CompatComposite& c, EventNumber newest);
  void keep_unsuccessful(LineStore& store);
  void mark(EventNumber event, int level);
  void forget_oldest();

  int64_t now() const { return base::unix_seconds(event_->time); }

  CompatPlan plan_;
  CorrelationLimits limits_;
  text::MatchContext context_;
  uint64_t seed_ = draw_hash_seed();

  Ring<Remembered> memory_;  // position = EventNumber
  AgeStops ages_;            // of the memory, for if_matched_regex
  MarkStops marks_;
  std::vector<EventList> lists_;
  std::vector<Searched> searched_;  // by composite
  std::vector<Kind> kinds_;
  std::vector<uint64_t> hashes_;

  model::Event* event_ = nullptr;
  uint64_t number_ = 0;
  int pending_mark_ = 0;
  int counted_ = 0;
  EventNumber last_counted_ = 0;
  std::array<EventNumber, kMostLines> found_{};  // events whose lines are shown, newest first
  size_t found_count_ = 0;
  std::vector<std::string_view> lines_;
  std::vector<std::string_view> shown_;
  std::array<std::string, 2> own_lines_;
};

CompatCorrelation::CompatCorrelation(const RuleTree& tree, const CorrelationLimits& limits)
    : plan_(tree), limits_(limits), context_(limits.match), lists_(plan_.lists), searched_(plan_.composites.size()) {
  for (size_t i = 0; i < plan_.composites.size(); ++i) {
    const CompatComposite& c = plan_.composites[i];
    if (c.key && c.list != CompatComposite::kNoList) searched_[i].chains = lists_[c.list].add_chains(c.key);
  }
}

void CompatCorrelation::begin(model::Event& event) {
  event_ = &event;
  ++number_;
  pending_mark_ = 0;
  lines_.clear();
}

bool CompatCorrelation::search(const Rule& rule) {
  const uint32_t index = plan_.composite_of[rule.index];
  if (index == CompatPlan::kNone) return false;
  const CompatComposite& c = plan_.composites[index];
  if (c.list == CompatComposite::kNoList) {
    event_->notes.emplace_back("ossec-analysisd: ERROR: No sid search.");
    return false;
  }
  Searched& searched = searched_[index];
  searched.store.count = 0;
  const bool regex = rule.composite == Composite::Regex;
  if (rule.info.level <= 0 || c.impossible || (regex ? memory_.empty() : lists_[c.list].empty())) return false;
  const EventNumber stopped =
      regex ? std::max(ages_.newest_before(now() - rule.timeframe.count()), marks_.newest_marked(rule.info.level))
            : stop(lists_[c.list], rule);
  const EventNumber newest = regex ? memory_.end() - 1 : lists_[c.list].entries().back().event;
  if (stopped >= newest) return false;
  if (regex) look_at_new_events(c, searched);
  if (count(c, searched, stopped)) {
    succeed(c, newest);
    return true;
  }
  if (c.store_is_shared) keep_unsuccessful(searched.store);
  return false;
}

EventNumber CompatCorrelation::stop(const EventList& list, const Rule& rule) const {
  return std::max(list.ages().newest_before(now() - rule.timeframe.count()),
                  list.marks().newest_marked(rule.info.level));
}

// Each event is matched at most once, and only when the composite is searched while it is remembered.
void CompatCorrelation::look_at_new_events(const CompatComposite& c, Searched& searched) {
  EventList& list = lists_[c.list];
  while (!list.empty() && list.entries().at(list.entries().begin()).event < memory_.begin()) list.pop_front();
  const text::Pattern* const pattern = c.rule->matched_regex.get();
  for (EventNumber e = std::max(searched.looked_at + 1, memory_.begin()); e != memory_.end(); ++e) {
    const EventCopy& copy = memory_.at(e).copy;
    if (pattern && !pattern->matches(copy.log(), context_)) continue;
    hashes_.clear();
    for (size_t i = 0; i < list.chain_count(); ++i) {
      hashes_.push_back(copy.hash(list.chains(i).key(), seed_));
    }
    list.push(e, memory_.at(e).time, 0, 1, hashes_);
  }
  searched.looked_at = memory_.end() - 1;
}

bool CompatCorrelation::count(const CompatComposite& c, const Searched& searched, EventNumber stopped) {
  counted_ = 0;
  found_count_ = 0;
  if (c.key) return count_chain(c, lists_[c.list].chains(searched.chains), stopped);
  return count_all(c, stopped);
}

bool CompatCorrelation::count_all(const CompatComposite& c, EventNumber stopped) {
  const Ring<EventList::Entry>& entries = lists_[c.list].entries();
  for (uint64_t p = entries.end(); p-- != entries.begin();) {
    if (entries.at(p).event <= stopped) return false;
    if (take(c, entries.at(p))) return true;
  }
  return false;
}

bool CompatCorrelation::count_chain(const CompatComposite& c, const KeyChains& chains, EventNumber stopped) {
  const uint64_t hash = hash_of(c.key);
  if (!hash) return false;
  const Ring<EventList::Entry>& entries = lists_[c.list].entries();
  for (uint64_t p = chains.first(hash); p; p = chains.next(p)) {
    if (entries.at(p).event <= stopped) return false;
    if (memory_.at(entries.at(p).event).copy.same(*event_, c.key) && take(c, entries.at(p))) return true;
  }
  return false;
}

// Counts the entry, as often as OSSEC's list holds it; true when that is enough.
bool CompatCorrelation::take(const CompatComposite& c, const EventList::Entry& entry) {
  if (c.other_url) {
    const std::string_view before = memory_.at(entry.event).copy.value(kUrlBit);
    const std::string_view url = event_->field(model::Field::Url);
    if (!before.data() || !url.data() || before == url) return false;
  }
  const int needed = c.rule->frequency + 1;
  const int shown = c.rule->composite == Composite::Sid ? needed : needed - 1;
  for (int i = 0; i < entry.weight; ++i) {
    if (++counted_ <= shown && found_count_ < kMostLines) found_[found_count_++] = entry.event;
    if (counted_ < needed) continue;
    last_counted_ = entry.event;
    return true;
  }
  return false;
}

void CompatCorrelation::succeed(const CompatComposite& c, EventNumber newest) {
  pending_mark_ = c.rule->info.level;
  mark(last_counted_, pending_mark_);
  mark(newest, pending_mark_);
  if (found_count_ == 0) return;
  lines_.clear();
  for (size_t i = 0; i < found_count_; ++i) lines_.push_back(memory_.at(found_[i]).copy.full_log());
}

void CompatCorrelation::keep_unsuccessful(LineStore& store) {
  for (size_t i = 0; i < found_count_; ++i) store.lines[i] = memory_.at(found_[i]).copy.full_log();
  store.count = found_count_;
}

void CompatCorrelation::mark(EventNumber event, int level) {
  Remembered& remembered = memory_.at(event);
  remembered.mark = level;
  marks_.mark(event, level);
  const uint32_t sid_list = plan_.sid_list_of[remembered.rule->index];
  if (sid_list != CompatPlan::kNone) {
    lists_[sid_list].marks().mark(event, level);
    return;
  }
  for (const CompatPlan::Feed& feed : plan_.groups[remembered.rule->index]) {
    lists_[feed.list].marks().mark(event, level);
  }
}

void CompatCorrelation::set_lines(const Rule&, std::string_view first, std::string_view second) {
  own_lines_[0] = first;
  own_lines_[1] = second;
  lines_.assign(own_lines_.begin(), own_lines_.end());
}

std::span<const std::string_view> CompatCorrelation::lines(const Rule& final_rule) {
  const uint32_t owner = plan_.store_owner_of[final_rule.index];
  if (!lines_.empty() || owner == CompatPlan::kNone) return lines_;
  const LineStore& store = searched_[owner].store;
  shown_.assign(store.lines.begin(), store.lines.begin() + static_cast<std::ptrdiff_t>(store.count));
  return shown_;
}

uint64_t CompatCorrelation::hash_of(ComparedBits key) {
  auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& k) { return k.key == key; });
  if (kind == kinds_.end()) kind = kinds_.insert(kind, {key, 0, 0});
  if (kind->event != number_) *kind = {key, number_, hash_values(*event_, key, seed_)};
  return kind->hash;
}

void CompatCorrelation::remember(const Rule& rule) {
  const EventNumber event = memory_.end();
  Remembered& remembered = memory_.push();
  // The memory is larger than the nearest caches, and the places that come next are known.
  if (const Remembered* const next = memory_.coming(1)) {
    __builtin_prefetch(next, 1);
    memory_.coming(0)->copy.prefetch();
  }
  remembered.rule = &rule;
  remembered.time = now();
  remembered.mark = pending_mark_;
  const uint32_t sid_list = plan_.sid_list_of[rule.index];
  const std::vector<CompatPlan::Feed>& groups = plan_.groups[rule.index];
  if (plan_.has_regex || sid_list != CompatPlan::kNone || !groups.empty()) {
    remembered.copy.assign(*event_, plan_.compared,
                           plan_.has_regex ? EventCopy::LogText::Keep : EventCopy::LogText::Skip);
  }
  ages_.push(event, remembered.time);
  marks_.mark(event, pending_mark_);
  if (sid_list != CompatPlan::kNone) {
    push(sid_list, event, rule.sid_places);
    const int64_t too_many = lists_[sid_list].weight() - limits_.sid_prev_matched_max;
    if (too_many > 0) lists_[sid_list].pop_oldest(static_cast<int>(too_many));
  } else {
    for (const CompatPlan::Feed& feed : groups) push(feed.list, event, feed.times);
  }
  if (memory_.size() <= static_cast<size_t>(limits_.memory_size)) return;
  int dropped = 0;
  while (memory_.size() > 1 && (dropped < kLeastDropped || now() - memory_.front().time > plan_.most_frequent)) {
    forget_oldest();
    ++dropped;
  }
}

// The remembered events are remembered once more, in their order, with the marks that they have by now.
void CompatCorrelation::take_over(Correlation& before, const RuleMap& rules) {
  auto* const old = dynamic_cast<CompatCorrelation*>(&before);
  if (!old) return;
  for (size_t i = 0; i < old->plan_.composites.size(); ++i) {
    const Rule* const rule = rules.now(*old->plan_.composites[i].rule);
    const uint32_t composite = rule ? plan_.composite_of[rule->index] : CompatPlan::kNone;
    if (composite != CompatPlan::kNone) searched_[composite].store = std::move(old->searched_[i].store);
  }
  for (uint64_t p = old->memory_.begin(); p != old->memory_.end(); ++p) {
    Remembered& kept = old->memory_.at(p);
    const Rule* const rule = rules.now(*kept.rule);
    if (!rule) continue;
    const EventNumber event = memory_.end();
    Remembered& remembered = memory_.push();
    remembered = {std::move(kept.copy), rule, kept.time, kept.mark};
    ages_.push(event, remembered.time);
    marks_.mark(event, remembered.mark);
    const uint32_t sid_list = plan_.sid_list_of[rule->index];
    if (sid_list != CompatPlan::kNone) {
      push_again(sid_list, event, rule->sid_places);
      const int64_t too_many = lists_[sid_list].weight() - limits_.sid_prev_matched_max;
      if (too_many > 0) lists_[sid_list].pop_oldest(static_cast<int>(too_many));
    } else {
      for (const CompatPlan::Feed& feed : plan_.groups[rule->index]) push_again(feed.list, event, feed.times);
    }
  }
}

void CompatCorrelation::push_again(uint32_t list, EventNumber event, int weight) {
  EventList& l = lists_[list];
  const Remembered& remembered = memory_.at(event);
  hashes_.clear();
  for (size_t i = 0; i < l.chain_count(); ++i) hashes_.push_back(remembered.copy.hash(l.chains(i).key(), seed_));
  l.push(event, remembered.time, remembered.mark, weight, hashes_);
}

void CompatCorrelation::push(uint32_t list, EventNumber event, int weight) {
  EventList& l = lists_[list];
  hashes_.clear();
  for (size_t i = 0; i < l.chain_count(); ++i) hashes_.push_back(hash_of(l.chains(i).key()));
  l.push(event, now(), pending_mark_, weight, hashes_);
}

void CompatCorrelation::forget_oldest() {
  const EventNumber event = memory_.begin();
  const Rule& rule = *memory_.front().rule;
  memory_.pop_front();
  ages_.forget_through(event);
  const uint32_t sid_list = plan_.sid_list_of[rule.index];
  if (sid_list != CompatPlan::kNone && lists_[sid_list].holds(event)) {
    lists_[sid_list].pop_front();
    return;
  }
  // Oddity: an event that its sid list lost before takes the oldest entries of lists that it never joined with it.
  for (const CompatPlan::Feed& feed : plan_.groups[rule.index]) lists_[feed.list].pop_oldest(feed.times);
}

}  // namespace

std::unique_ptr<Correlation> make_compat_correlation(const RuleTree& tree, CorrelationLimits limits) {
  return std::make_unique<CompatCorrelation>(tree, limits);
}

}  // namespace gander::rules
