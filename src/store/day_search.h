// DaySearch: one question to the index of one day: which index of the file leads, and what is left to be checked.
//
// Owns:    statements.
// Threads: one thread.
// Fails:   A207, A208.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "store/alert_query.h"
#include "store/index_file.h"
#include "text/ip_set.h"

namespace gander::store {

class DaySearch {
 public:
  DaySearch(IndexFile& file, const AlertQuery& query, int64_t after_id)
      : file_(file), query_(query), after_id_(after_id) {}

  // Calls take for what fits, until it says no. False: it said so.
  Result<bool> run(const AlertSearch::Take& take);

 private:
  // Alerts in the order of the question, out of one index.
  struct Stream {
    Statement statement;
    int64_t time = 0;
    int64_t id = 0;
  };

  Result<bool> choose_kinds();
  Result<void> choose_streams();
  Result<void> add_stream(const char* column, const std::string& value);
  Result<void> add_kind_stream(int64_t kind);
  Result<void> add_time_stream();
  Result<void> open_stream(const std::string& where, const std::function<void(Statement&)>& bind);
  Result<bool> advance(Stream& stream);
  Result<bool> walk(const AlertSearch::Take& take);
  Result<bool> walk_text(const AlertSearch::Take& take);
  Result<std::pair<int64_t, int64_t>> ids_of_the_time();
  // False: take said no.
  Result<bool> give(int64_t id, const AlertSearch::Take& take);
  bool fits() const;
  bool address_fits(int column) const;
  bool newest_first() const { return query_.order == AlertQuery::Order::NewestFirst; }

  IndexFile& file_;
  const AlertQuery& query_;
  int64_t after_id_;
  bool filter_kinds_ = false;
  std::unordered_set<int64_t> kinds_;
  std::optional<text::AddressList> network_;
  std::vector<Stream> streams_;
  Statement row_;
  Statement record_;
};

}  // namespace gander::store
