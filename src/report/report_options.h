// ReportOptions: what a report is asked to count and show, with the checks of the words that people give.
//
// Threads: values.
// Fails:   each set function says no with a Diagnostic: our own message and hint, and OSSEC's log lines for it (the
//          error, then the 1202 line that ends the program). A100 filter, A101 related entry, A102 relation, A103
//          value.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/diagnostic.h"
#include "model/compat.h"

namespace gander::report {

// What is counted, in the order of the tables.
enum class Item { SrcIp, User, Level, Group, Location, Rule, Filename };
constexpr size_t kItemCount = 7;

// "srcip", "user", "level", "group", "location", "rule", "filename".
std::string_view item_word(Item item);
std::optional<Item> item_from(std::string_view word);

struct ReportOptions {
  model::Compat compat = model::Compat::Mended;
  std::string program = "ossec-reportd";  // how messages call it
  std::optional<std::string> title;
  bool show_alerts = false;  // -s
  // Indexed by Item. All that are set must pass.
  std::array<std::optional<std::string>, kItemCount> filters;
  // relations[of][with]: below each row of `of`, the values of `with` that came with it.
  std::array<std::array<bool, kItemCount>, kItemCount> relations{};

  using SetResult = tl::expected<void, Diagnostic>;
  SetResult set_filter(std::string_view name, std::string_view value);
  SetResult set_relation(std::string_view name, std::string_view related);
};

}  // namespace gander::report
