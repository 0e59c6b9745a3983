// Names of tables and related values, shared by the forms of a report.
#pragma once

#include <array>
#include <string_view>

#include "report/report_options.h"

namespace gander::report {

// In the order of Item.
constexpr std::array<std::string_view, kItemCount> kTableNames = {"Source ip", "Username", "Level",    "Group",
                                                                  "Location",  "Rule",     "Filenames"};

inline std::string_view table_name(Item item) {
  return kTableNames[static_cast<size_t>(item)];
}

}  // namespace gander::report
