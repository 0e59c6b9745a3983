#include "report/alert_lines.h"

#include <array>
#include <cstdint>
#include <limits>

namespace gander::report {
namespace {

constexpr int kIntegrityPlace = 7;

constexpr std::array<FieldLine, 15> kFields = {
    {{&model::StoredAlert::src_ip, "Src IP: ", 0},
     {nullptr, "Src Location: ", 1},
     {&model::StoredAlert::src_port, "Src Port: ", 2},
     {&model::StoredAlert::dst_ip, "Dst IP: ", 3},
     {nullptr, "Dst Location: ", 4},
     {&model::StoredAlert::dst_port, "Dst Port: ", 5},
     {&model::StoredAlert::user, "User: ", 6},
     {&model::StoredAlert::old_md5, "Old md5sum was: ", kIntegrityPlace},
     {&model::StoredAlert::new_md5, "New md5sum is : ", kIntegrityPlace},
     {&model::StoredAlert::old_sha1, "Old sha1sum was: ", kIntegrityPlace},
     {&model::StoredAlert::new_sha1, "New sha1sum is : ", kIntegrityPlace},
     {&model::StoredAlert::size_change, "Size changed from ", kIntegrityPlace},
     {&model::StoredAlert::owner_change, "Ownership was ", kIntegrityPlace},
     {&model::StoredAlert::group_change, "Group ownership was ", kIntegrityPlace},
     {&model::StoredAlert::permissions_change, "Permissions changed from ", kIntegrityPlace}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

int leading_integer(std::string_view text) noexcept {
  size_t at = text.find_first_not_of(" \t\n\v\f\r");
  if (at == std::string_view::npos) return 0;
  const bool negative = text[at] == '-';
  if (text[at] == '-' || text[at] == '+') ++at;
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  uint64_t value = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    const auto digit = static_cast<uint64_t>(text[at] - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  // The C library reads a long and keeps its lower half.
  return static_cast<int>(static_cast<uint32_t>(negative ? 0 - value : value));
}

bool read_header_line(std::string_view line, model::StoredAlert& alert) {
  if (!line.starts_with(kAlertMark) || line.size() <= kAlertMark.size()) return false;
  const std::string_view text = line.substr(kAlertMark.size() + 1);
  const size_t colon = text.find(':');
  const size_t blank = text.find(' ');
  if (colon == std::string_view::npos || blank == std::string_view::npos) return false;
  alert.id = text.substr(0, colon);
  const std::string_view rest = text.substr(blank + 1);
  alert.mail = rest.starts_with("mail");
  const size_t dash = rest.find('-');
  if (dash != std::string_view::npos) alert.group = rest.substr(dash + 1);
  return true;
}

bool is_exact_header(std::string_view line) noexcept {
  if (!line.starts_with(kAlertMark) || line.substr(kAlertMark.size()).substr(0, 1) != " ") return false;
  const std::string_view text = line.substr(kAlertMark.size() + 1);
  const size_t colon = text.find(':');
  const size_t point = text.find('.');
  if (colon == std::string_view::npos || point == 0 || point >= colon || point + 1 == colon) return false;
  for (size_t i = 0; i < colon; ++i) {
    if (i != point && !is_digit(text[i])) return false;
  }
  return text.substr(colon).starts_with(": ");
}

DateLine read_date_line(std::string_view line, model::StoredAlert& alert) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || alert.date) return DateLine::NoColon;
  const size_t blank = line.find(' ', colon);
  if (blank == std::string_view::npos) return DateLine::NoLocation;
  alert.date = line.substr(0, blank);
  alert.location = line.substr(blank + 1);
  return DateLine::Good;
}

bool read_rule_line(std::string_view line, model::StoredAlert& alert) {
  const std::string_view text = line.substr(kRuleMark.size());
  alert.rule = leading_integer(text);
  const size_t first = text.find(' ');
  const size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos) return false;
  alert.level = leading_integer(text.substr(second + 1));
  const size_t open = text.find('\'', second);
  const size_t close = text.rfind('\'');
  if (open == std::string_view::npos || close <= open) return false;
  alert.description = text.substr(open + 1, close - open - 1);
  return true;
}

const FieldLine* field_line(std::string_view line) noexcept {
  for (const FieldLine& f : kFields) {
    if (line.starts_with(f.mark)) return &f;
  }
  return nullptr;
}

std::string_view without_guard(std::string_view line) noexcept {
  if (!line.starts_with(' ')) return line;
  const std::string_view behind = line.substr(1);
  const FieldLine* const field = field_line(behind);
  const bool guarded = behind.empty() || behind.starts_with(kAlertMark) || behind.starts_with(kRuleMark) ||
                       (field != nullptr && field->member != nullptr && field->place < kIntegrityPlace);
  return guarded ? behind : line;
}

}  // namespace gander::report
