// Bar charts of a report as SVG inside a page: drawn in attributes that hold without a style sheet, named and described
// for those who do not see them.
//
// Threads: functions of their arguments.
// Fails:   cannot; labels may be any bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace gander::report {

struct Bar {
  std::string label;
  uint64_t value = 0;
  std::string_view css = "bar";  // class of the style sheet
  std::string_view fill = "#2f6fab";
};

// `id` is unique in the page. `title` and `description` are plain text.
void append_row_chart(std::string& out, std::string_view id, std::string_view title, const std::vector<Bar>& bars);
void append_column_chart(std::string& out, std::string_view id, std::string_view title, const std::vector<Bar>& bars);

// Hours put together so that there are at most 96 columns, gaps filled; the unit is "hour", "day", "30 days" …
struct TimeColumns {
  std::string unit;
  std::vector<Bar> bars;
};
TimeColumns time_columns(const std::vector<HourCount>& hours);

}  // namespace gander::report
