#include "report/report_charts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/html_text.h"
#include "base/time.h"

namespace gander::report {
namespace {

using base::html;
using base::shortened;

constexpr int kWidth = 560;
constexpr int kRow = 24;
constexpr int kLabelWidth = 226;
constexpr int kValueWidth = 70;
constexpr int kColumnHeight = 140;
constexpr int kAxisHeight = 22;
constexpr size_t kLabelCharacters = 28;
constexpr int64_t kMostColumns = 96;

uint64_t highest(const std::vector<Bar>& bars) {
  uint64_t most = 1;
  for (const Bar& b : bars) most = std::max(most, b.value);
  return most;
}

// At least a sliver, so that one alert among a million is seen.
int scaled(uint64_t value, uint64_t most, int room) {
  if (value == 0) return 0;
  const double part = static_cast<double>(value) / static_cast<double>(most);
  return std::max(2, static_cast<int>(part * room));
}

void open_chart(std::string& out, std::string_view id, std::string_view title, std::string_view description,
                int height) {
  fmt::format_to(std::back_inserter(out),
                 "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{0}-t {0}-d\" viewBox=\"0 0 {1} {2}\" "
                 "width=\"{1}\" height=\"{2}\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" "
                 "font-size=\"13\"><title id=\"{0}-t\">{3}</title><desc id=\"{0}-d\">{4}</desc>",
                 id, kWidth, height, html(title), html(description));
}

struct Label {
  int x;
  int y;
  std::string_view anchor;
};

void append_label(std::string& out, const Label& at, std::string_view text) {
  fmt::format_to(std::back_inserter(out),
                 "<text class=\"ink\" x=\"{}\" y=\"{}\" text-anchor=\"{}\" fill=\"#1c2733\">{}</text>", at.x, at.y,
                 at.anchor, html(text));
}

std::string describe(const std::vector<Bar>& bars, std::string_view each) {
  if (bars.empty()) return "No bars.";
  const auto most =
      std::max_element(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value < b.value; });
  return fmt::format("{} {}, one for each {}. The longest is {} with {} alerts. The numbers are in the table.",
                     bars.size(), bars.size() == 1 ? "bar" : "bars", each, shortened(most->label, kLabelCharacters),
                     most->value);
}

int64_t hour_number(std::string_view hour) {
  const auto digits = [&](size_t at, size_t count) {
    int value = 0;
    for (const char c : hour.substr(at, count)) value = value * 10 + (c - '0');
    return value;
  };
  return base::days_from_civil(digits(0, 4), digits(5, 2), digits(8, 2)) * 24 + digits(11, 2);
}

std::string hour_label(int64_t hour, int64_t size) {
  const base::Civil c = base::TimeZone::utc().civil(base::from_unix(hour * 3600));
  std::string day = fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
  return size < 24 ? fmt::format("{} {:02}:00", day, c.hour) : day;
}

}  // namespace

void append_row_chart(std::string& out, std::string_view id, std::string_view title, const std::vector<Bar>& bars) {
  const uint64_t most = highest(bars);
  open_chart(out, id, title, describe(bars, "entry"), kRow * static_cast<int>(bars.size()) + 4);
  int y = 2;
  for (const Bar& b : bars) {
    const int width = scaled(b.value, most, kWidth - kLabelWidth - kValueWidth);
    append_label(out, {kLabelWidth - 8, y + 16, "end"}, shortened(b.label, kLabelCharacters));
    fmt::format_to(std::back_inserter(out),
                   "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"2\" fill=\"{}\"/>", b.css,
                   kLabelWidth, y + 3, width, kRow - 6, b.fill);
    append_label(out, {kLabelWidth + width + 6, y + 16, "start"}, std::to_string(b.value));
    y += kRow;
  }
  out.append("</svg>\n");
}

void append_column_chart(std::string& out, std::string_view id, std::string_view title, const std::vector<Bar>& bars) {
  const uint64_t most = highest(bars);
  const int count = std::max(1, static_cast<int>(bars.size()));
  open_chart(out, id, title, describe(bars, "span of time"), kColumnHeight + kAxisHeight + 18);
  append_label(out, {0, 12, "start"}, std::to_string(most));
  const int width = std::clamp(kWidth / count - 1, 1, 40);
  for (int i = 0; i < static_cast<int>(bars.size()); ++i) {
    const Bar& b = bars[static_cast<size_t>(i)];
    const int height = scaled(b.value, most, kColumnHeight);
    fmt::format_to(std::back_inserter(out),
                   "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"><title>{}: {}</title>"
                   "</rect>",
                   b.css, i * kWidth / count, 18 + kColumnHeight - height, width, height, b.fill, html(b.label),
                   b.value);
  }
  fmt::format_to(std::back_inserter(out),
                 "<rect class=\"axis\" x=\"0\" y=\"{}\" width=\"{}\" height=\"1\" fill=\"#8494a3\"/>",
                 18 + kColumnHeight, kWidth);
  if (!bars.empty()) append_label(out, {0, 18 + kColumnHeight + 16, "start"}, bars.front().label);
  if (bars.size() > 1) append_label(out, {kWidth, 18 + kColumnHeight + 16, "end"}, bars.back().label);
  out.append("</svg>\n");
}

TimeColumns time_columns(const std::vector<HourCount>& hours) {
  struct Unit {
    int64_t hours;
    std::string_view name;
  };
  // The last one holds all years of four digits.
  constexpr std::array<Unit, 9> kUnits = {{{1, "hour"},
                                           {6, "6 hours"},
                                           {24, "day"},
                                           {168, "week"},
                                           {720, "30 days"},
                                           {8760, "365 days"},
                                           {87600, "10 years"},
                                           {876000, "100 years"},
                                           {8760000, "1000 years"}}};
  if (hours.empty()) return {};
  const int64_t first = hour_number(hours.front().hour);
  const int64_t last = hour_number(hours.back().hour);
  const auto* unit = kUnits.begin();
  while (unit + 1 != kUnits.end() && last / unit->hours - first / unit->hours >= kMostColumns) ++unit;
  const int64_t begin = first - ((first % unit->hours) + unit->hours) % unit->hours;
  TimeColumns out{std::string(unit->name), {}};
  for (int64_t at = begin; at <= last; at += unit->hours) out.bars.push_back({hour_label(at, unit->hours), 0});
  for (const HourCount& h : hours) {
    const int64_t place = (hour_number(h.hour) - begin) / unit->hours;
    if (place >= 0 && static_cast<size_t>(place) < out.bars.size())
      out.bars[static_cast<size_t>(place)].value += h.count;
  }
  return out;
}

}  // namespace gander::report
