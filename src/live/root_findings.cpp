#include "live/root_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace gander::live {
namespace {

constexpr size_t kTextColumn = 23;  // "!LASTSEEN!!FIRSTSEEN! " of ten digits each
constexpr size_t kTimeDigits = 10;

int64_t number_in(std::string_view text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::vector<RootFinding> parse_findings(std::string_view content) {
  std::vector<RootFinding> out;
  while (!content.empty()) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(content.size(), line.size() + 1));
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '!' && line.size() > kTextColumn) {
      out.push_back({number_in(line.substr(1, kTimeDigits)), number_in(line.substr(kTimeDigits + 2, kTimeDigits)),
                     std::string(line.substr(kTextColumn))});
    } else {
      out.push_back({0, 0, std::string(line)});
    }
  }
  return out;
}

std::string findings_text(std::span<const RootFinding> findings) {
  std::string out;
  for (const RootFinding& f : findings) {
    fmt::format_to(std::back_inserter(out), "!{:010}!{:010} {}\n", f.last, f.first, f.text);
  }
  return out;
}

}  // namespace gander::live
