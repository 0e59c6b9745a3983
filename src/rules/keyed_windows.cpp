#include "rules/keyed_windows.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace gander::rules {
namespace {

constexpr size_t kExpireAtOnce = 16;     // events
constexpr size_t kLookAtIdleQueue = 16;  // events between two looks at queues that get none
// Records looked at when one is made: those that are over are then a third of all at most.
constexpr size_t kSweptForNew = 4;

bool counts(const RecordedEvent& event, size_t window) {
  return (event.windows >> window & 1) != 0;
}

void clear(KeyRecord& record, RecordedEvent& event, size_t window) {
  if (!counts(event, window)) return;
  event.windows &= ~(1U << window);
  if (record.count[window] != UINT16_MAX) --record.count[window];
}

}  // namespace

KeyedWindows::KeyedWindows(const KeyedPlan& plan, EventPool::Caps caps) : plan_(plan), pool_(plan.ages, caps) {}

void KeyedWindows::begin_event(int64_t now) {
  now_ = now;
  pool_.begin_event();
  if (pool_.queues() == 0 || ++events_ % kLookAtIdleQueue != 0) return;
  if (++next_expired_ >= pool_.queues()) next_expired_ = 0;
  pool_.expire(next_expired_, now_, kExpireAtOnce * kLookAtIdleQueue);
  sweep(kLookAtIdleQueue);
}

KeyedWindows::Key KeyedWindows::key(const model::Event& event, uint16_t kind) const {
  const KeyedPlan::Kind& k = plan_.key_kinds[kind];
  Key key{.kind = kind, .tell = 0, .complete = true, .hash = hasher_(event, k.key)};
  if (!k.different) return key;
  const KeyHash different = hasher_(event, k.different);
  key.tell = static_cast<uint16_t>(different.high);
  key.complete = !different.none();
  return key;
}

uint32_t KeyedWindows::first(Key& key) const {
  if (key.version != table_.version()) {
    key.first = table_.find(key.kind, key.hash);
    key.version = table_.version();
  }
  return key.first;
}

KeyedWindows::Window KeyedWindows::find(uint32_t composite, Key& key) const {
  const uint16_t number = plan_.composites[composite].number;
  for (uint32_t r = first(key); r != RecordTable::kNone; r = table_.next(r)) {
    const KeyRecord& record = table_.at(r);
    if (const size_t window = record.window(number); window != record.windows) return {r, window};
  }
  return {};
}

HeldEvent KeyedWindows::add(const model::Event& event, const Rule& rule) {
  const uint32_t age = plan_.age_of[rule.index];
  pool_.expire(age, now_, kExpireAtOnce);
  return pool_.add(event, plan_.compared, age, &plan_.feeds[rule.index]);
}

void KeyedWindows::join(std::span<const uint32_t> composites, Key& key, HeldEvent held) {
  if (!join_known(composites, key, held)) join_new(composites, key, held);
  if (!plan_.key_kinds[key.kind].different) return;
  for (const uint32_t composite : composites) trim(find(composite, key));
}

// The usual case: one record, which has all these windows.
bool KeyedWindows::join_known(std::span<const uint32_t> composites, Key& key, HeldEvent held) {
  const uint32_t r = first(key);
  if (r == RecordTable::kNone) return false;
  KeyRecord& record = table_.at(r);
  unsigned windows = 0;
  int64_t longest = 0;
  for (const uint32_t composite : composites) {
    const KeyedComposite& c = plan_.composites[composite];
    const size_t window = record.window(c.number);
    if (window == record.windows) return false;
    windows |= 1U << window;
    longest = std::max(longest, c.timeframe);
  }
  record.until = std::max(record.until, held.time + longest);
  put({r, windows}, held, key.tell);
  return true;
}

void KeyedWindows::join_new(std::span<const uint32_t> composites, Key& key, HeldEvent held) {
  sweep(kSweptForNew);
  if (first(key) == RecordTable::kNone && composites.size() <= KeyRecord::kMostWindows) {
    key.first = make_record(composites, key);
    key.version = table_.version();
    join_known(composites, key, held);
    return;
  }
  parts_.clear();
  for (const uint32_t composite : composites) {
    const Window window = place_for(composite, key);
    KeyRecord& record = table_.at(window.record);
    record.until = std::max(record.until, held.time + plan_.composites[composite].timeframe);
    part(window.record).windows |= 1U << window.number;
  }
  for (const Part& part : parts_) put(part, held, key.tell);
}

// One that has all these windows.
uint32_t KeyedWindows::make_record(std::span<const uint32_t> composites, const Key& key) {
  const uint32_t r = table_.make(key.kind, key.hash);
  KeyRecord& record = table_.at(r);
  record.windows = static_cast<uint8_t>(composites.size());
  for (size_t i = 0; i < composites.size(); ++i) record.window_of[i] = plan_.composites[composites[i]].number;
  return r;
}

KeyedWindows::Part& KeyedWindows::part(uint32_t record) {
  const auto known = std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.record == record; });
  return known != parts_.end() ? *known : parts_.emplace_back(Part{record, 0});
}

// The composite's window; if there is none, one that is made where there is room for it.
KeyedWindows::Window KeyedWindows::place_for(uint32_t composite, Key& key) {
  if (const Window window = find(composite, key)) return window;
  uint32_t r = first(key);
  while (r != RecordTable::kNone && table_.at(r).free_window(part(r).windows) == KeyRecord::kMostWindows) {
    r = table_.next(r);
  }
  if (r == RecordTable::kNone) r = table_.make(key.kind, key.hash);
  KeyRecord& record = table_.at(r);
  const size_t window = record.free_window(part(r).windows);
  record.windows = std::max(record.windows, static_cast<uint8_t>(window + 1));
  record.window_of[window] = plan_.composites[composite].number;
  record.count[window] = 0;
  return {r, window};
}

void KeyedWindows::put(Part part, HeldEvent held, uint16_t tell) {
  if (!part.windows) return;
  const uint32_t r = table_.full(part.record) ? make_room(part.record) : part.record;
  table_.insert(r, {held.time, part.windows, tell, held.place, held.arrival});
  pool_.hold(held);
  KeyRecord& record = table_.at(r);
  for (unsigned rest = part.windows; rest; rest &= rest - 1) {
    uint16_t& count = record.count[static_cast<size_t>(std::countr_zero(rest))];
    if (count != UINT16_MAX) ++count;
  }
}

uint32_t KeyedWindows::make_room(uint32_t record) {
  tidy(record);
  const size_t room = RecordTable::room(table_.at(record));
  return table_.at(record).size > room / 4 * 3 ? table_.grow(record) : record;
}

// Lets go what no window asks for any more.
void KeyedWindows::tidy(uint32_t r) {
  KeyRecord& record = table_.at(r);
  record.count.fill(0);
  const std::span<RecordedEvent> events = record.events();
  for (size_t i = events.size(); i-- > 0;) {
    for (unsigned rest = events[i].windows; rest; rest &= rest - 1) {
      const auto window = static_cast<size_t>(std::countr_zero(rest));
      if (matters(record, window, i)) {
        ++record.count[window];
      } else {
        events[i].windows &= ~(1U << window);
      }
    }
  }
  let_go(r);
}

bool KeyedWindows::matters(const KeyRecord& record, size_t window, size_t event) const {
  const KeyedComposite& c = composite_of(record, window);
  const HeldEvent held = record.events()[event].held();
  return record.count[window] < c.keep && now_ - held.time <= c.timeframe && pool_.alive(held);
}

// Events that are in none of the record's windows leave it.
void KeyedWindows::let_go(uint32_t r) {
  KeyRecord& record = table_.at(r);
  const std::span<RecordedEvent> events = record.events();
  size_t kept = 0;
  for (const RecordedEvent& event : events) {
    if (event.windows) {
      events[kept++] = event;
    } else {
      pool_.release(event.held());
    }
  }
  record.size = static_cast<uint32_t>(kept);
}

void KeyedWindows::drop(uint32_t r) {
  for (const RecordedEvent& event : table_.at(r).events()) pool_.release(event.held());
  table_.drop(r);
}

void KeyedWindows::empty(Window window) {
  empty_first(window, table_.at(window.record).size);
}

void KeyedWindows::empty_through(Window window, HeldEvent last) {
  const std::span<const RecordedEvent> events = table_.at(window.record).events();
  size_t through = events.size();
  while (through > 0 && events[through - 1].held() != last) --through;
  if (through > 0 && counts(events[through - 1], window.number)) empty_first(window, through);
}

void KeyedWindows::empty_first(Window window, size_t count) {
  KeyRecord& record = table_.at(window.record);
  for (RecordedEvent& event : record.events().first(count)) clear(record, event, window.number);
  if (count == record.size) record.count[window.number] = 0;
  let_go(window.record);
  if (record.size == 0) drop(window.record);
}

void KeyedWindows::remove(Window window, HeldEvent held) {
  remove_first(window, [&](const RecordedEvent& event) { return event.held() == held; });
}

void KeyedWindows::trim(Window window) {
  const KeyRecord& record = table_.at(window.record);
  if (record.count[window.number] <= composite_of(record, window.number).keep) return;
  remove_first(window, [&](const RecordedEvent& event) { return counts(event, window.number); });
}

// The first event that is meant leaves the window.
template <class Meant>
void KeyedWindows::remove_first(Window window, const Meant& meant) {
  KeyRecord& record = table_.at(window.record);
  const std::span<RecordedEvent> events = record.events();
  const auto event = std::find_if(events.begin(), events.end(), meant);
  if (event == events.end()) return;
  clear(record, *event, window.number);
  if (event->windows == 0) let_go(window.record);
}

// All that it holds left because of a cap.
bool KeyedWindows::over(const KeyRecord& record) const {
  const std::span<const RecordedEvent> events = record.events();
  if (!events.empty() && pool_.arrived_lately(events.back().held())) return false;
  return std::none_of(events.begin(), events.end(), [&](const RecordedEvent& e) { return pool_.alive(e.held()); });
}

// What is over is dropped at the next sweep: until then its bucket, not looked at for long, is on its way.
void KeyedWindows::sweep(size_t most) {
  const auto is_over = [&](uint32_t record) {
    const KeyRecord& r = table_.at(record);
    return r.kind != KeyRecord::kNoKind && (now_ > r.until || over(r));
  };
  for (const uint32_t record : doomed_) {
    if (is_over(record)) drop(record);
  }
  doomed_.clear();
  table_.sweep(most, [&](uint32_t record) {
    if (!is_over(record)) return;
    table_.prefetch_bucket(record);
    doomed_.push_back(record);
  });
}

void KeyedWindows::prefetch(std::span<const RecordedEvent> events) const {
  for (const RecordedEvent& event : events) pool_.prefetch_event(event.held());
  for (const RecordedEvent& event : events) pool_.event(event.held()).prefetch();
}

void KeyedWindows::foresee(std::vector<RecordTable::Coming>& coming) {
  // What joining lets go.
  for (const uint32_t record : table_.foresee(coming)) {
    const std::span<const RecordedEvent> events = table_.at(record).events();
    if (!events.empty()) pool_.prefetch(events.front().held());
  }
  coming.clear();
}

void KeyedWindows::take_over(KeyedWindows& before, const std::vector<uint32_t>& composite_now) {
  now_ = before.now_;
  hasher_ = before.hasher_;
  const std::vector<HeldEvent> moved = pool_.take_over(before.pool_, [&](const std::vector<uint32_t>& fed) {
    std::vector<uint32_t> still;
    for (const uint32_t composite : fed) {
      if (composite_now[composite] != KeyedPlan::kNoComposite) still.push_back(composite_now[composite]);
    }
    if (still.empty() && plan_.regex_composites.empty()) return EventPool::Fate{};
    return EventPool::Fate{plan_.longest_age(still), &*fed_before_.insert(std::move(still)).first};
  });
  before.table_.each([&](uint32_t r) { move(before, before.table_.at(r), composite_now, moved); });
}

void KeyedWindows::move(const KeyedWindows& before, const KeyRecord& record, const std::vector<uint32_t>& composite_now,
                        const std::vector<HeldEvent>& moved) {
  const std::vector<uint32_t>& old = before.plan_.key_kinds[record.kind].composites;
  std::vector<uint32_t> composites;
  for (const RecordedEvent& event : record.events()) {
    const HeldEvent now = moved[event.place];
    if (!before.pool_.alive(event.held()) || !now.arrival || !pool_.alive(now)) continue;
    composites.clear();
    for (unsigned rest = event.windows; rest; rest &= rest - 1) {
      const uint32_t composite = composite_now[old[record.window_of[static_cast<size_t>(std::countr_zero(rest))]]];
      if (composite != KeyedPlan::kNoComposite) composites.push_back(composite);
    }
    if (composites.empty()) continue;
    Key key{.kind = plan_.composites[composites.front()].key_kind,
            .tell = static_cast<uint16_t>(event.tell),
            .complete = true,
            .hash = record.key};
    join(composites, key, now);
  }
}

}  // namespace gander::rules
