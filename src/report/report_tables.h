// Tables: what a report counts, key by key, within a bound on memory.
//
// Owns:    its keys.
// Threads: one thread.
// Cost:    one hash look-up per key, one more per related value.
// Fails:   cannot; beyond the bound new keys and values are only counted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "report/report.h"

namespace gander::report {

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
};

// Values of one kind that came with a key, each once, in order of first appearance.
class RelatedValues {
 public:
  bool contains(std::string_view value) const;
  void add(std::string_view value);
  const std::vector<std::string>& values() const { return values_; }

 private:
  // Up to this many are compared one by one.
  static constexpr size_t kFew = 8;

  std::vector<std::string> values_;
  std::unordered_set<std::string, TextHash, std::equal_to<>> known_;  // empty for a few
};

// What of an alert relations show, by Item; unset views are what it does not have.
using ItemTexts = std::array<std::string_view, kItemCount>;

class Tables {
 public:
  explicit Tables(const ReportOptions& options);

  // One more of `key`; `texts` are what the alert has to relate to it.
  void count(Item table, std::string_view key, const ItemTexts& texts);
  // The rows of a table, highest count first, equal counts by key in byte order.
  Table table(Item item) const;
  uint64_t uncounted() const { return uncounted_; }

 private:
  struct Row {
    uint64_t count = 0;
    std::unique_ptr<std::array<RelatedValues, kItemCount>> related;
  };
  using Rows = std::unordered_map<std::string, Row, TextHash, std::equal_to<>>;

  bool has_room(size_t bytes);
  void relate(Item table, Row& row, const ItemTexts& texts);

  std::array<std::array<bool, kItemCount>, kItemCount> relations_;
  std::array<bool, kItemCount> related_tables_{};
  std::array<Rows, kItemCount> tables_;
  size_t keys_ = 0;
  size_t key_bytes_ = 0;
  uint64_t uncounted_ = 0;
};

}  // namespace gander::report
