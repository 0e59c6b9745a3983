#include "cli/shown_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace gander::cli {

std::string shown_text(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const base::Utf8Char c = base::utf8_at(text, i);
    if (c.length == 0 || base::acts_on_display(c.code)) {
      out += '?';
      i += std::max<size_t>(c.length, 1);
    } else {
      out.append(text, i, c.length);
      i += c.length;
    }
  }
  return out;
}

std::string shown_duration(std::chrono::seconds time) {
  constexpr int64_t kMinute = 60;
  constexpr int64_t kHour = 3600;
  constexpr int64_t kDay = 86400;
  const int64_t s = std::max<int64_t>(time.count(), 0);
  if (s < kMinute) return fmt::format("{} s", s);
  if (s < kHour)
    return s % kMinute == 0 ? fmt::format("{} min", s / kMinute) : fmt::format("{} min {} s", s / kMinute, s % kMinute);
  if (s < kDay) return fmt::format("{} h {} min", s / kHour, s % kHour / kMinute);
  return fmt::format("{} d {} h", s / kDay, s % kDay / kHour);
}

}  // namespace gander::cli
