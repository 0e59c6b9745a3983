// AlertQuery, AlertSearch: questions to the index, over all days.
//
// Owns:    connections to the days it looks into, one at a time.
// Threads: one thread.
// Cost:    the first answers of a million alerts in milliseconds; a filter that fits nothing reads one index.
// Fails:   A207 a day cannot be read: the others are, and notes() says which; A208 a question that is none.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/stored_alert.h"
#include "store/dated_log.h"
#include "store/index_file.h"

namespace gander::store {

struct AlertQuery {
  enum class Order { NewestFirst, OldestFirst };

  std::optional<base::Instant> since;
  std::optional<base::Instant> until;  // not included
  int min_level = 0;
  std::vector<int> rules;  // any of them
  std::string group;       // one word of the group string
  std::string address;     // source or destination; also a network, 10.0.0.0/8
  std::string user;        // destination or source user
  std::string host;
  std::string text;  // as words_query() takes it
  Order order = Order::NewestFirst;
  uint64_t limit = 0;  // 0: all
};

// "2h", "30m", "7d", "90s" before now; "now", "today", "yesterday" (midnight of the zone); or what parse_instant takes.
// Fails with A208.
Result<base::Instant> query_time(std::string_view text, base::Instant now, const base::TimeZone& zone);

class AlertSearch {
 public:
  // `zone`: of the days. False from `take` ends the search.
  using Take = std::function<bool(const model::StoredAlert&)>;

  AlertSearch(std::string home, base::TimeZone zone) : home_(std::move(home)), zone_(std::move(zone)) {}

  // Asked when the file of a day is damaged; true: it was made again.
  using Mend = std::function<bool(const Day&)>;
  void mend_with(Mend mend) { mend_ = std::move(mend); }

  // Ordered by time within a day (with a text: by storing), days in order. Returns how many were given.
  Result<uint64_t> run(const AlertQuery& query, const Take& take);

  // For following: what was stored since the last call (the first call gives nothing, and remembers the end), oldest
  // first.
  Result<uint64_t> run_new(const AlertQuery& query, const Take& take);

  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }
  // Days that could not be read for that, and were left out.
  const std::vector<Day>& damaged_days() const { return damaged_; }

 private:
  std::string home_;
  base::TimeZone zone_;
  Result<IndexFile> open_day(const Day& day);

  std::vector<std::string> notes_;
  std::vector<Day> damaged_;
  Mend mend_;
  std::optional<Day> seen_day_;
  int64_t seen_id_ = 0;
  bool following_ = false;
};

}  // namespace gander::store
