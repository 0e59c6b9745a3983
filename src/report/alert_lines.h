// The lines of an alert's frame in alerts.log, one by one.
//
// Threads: functions of their arguments.
// Fails:   each says whether the line was what it should be.
// Source:  docs/formats/alerts-log.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/stored_alert.h"

namespace gander::report {

constexpr std::string_view kAlertMark = "** Alert";
constexpr std::string_view kRuleMark = "Rule: ";
constexpr std::string_view kFileMark = "Integrity checksum changed for: '";

// What C's atoi gives: blanks, a sign, digits; 0 without any.
int leading_integer(std::string_view text) noexcept;

// "** Alert 1709632815.4: mail  - t,auth,": sets id, mail and group. False: not a header, nothing set.
bool read_header_line(std::string_view line, model::StoredAlert& alert);
// As Gander and OSSEC write it: digits, a point, digits and a colon behind the mark.
bool is_exact_header(std::string_view line) noexcept;

enum class DateLine { Good, NoLocation, NoColon };
DateLine read_date_line(std::string_view line, model::StoredAlert& alert);

// "Rule: 101 (level 10) -> 'many'". False: parts are missing (what comes before them is set).
bool read_rule_line(std::string_view line, model::StoredAlert& alert);

// The field that a line of the body is, with its place in the order in which writers give them.
struct FieldLine {
  std::optional<std::string> model::StoredAlert::*member;  // null: known, but not kept
  std::string_view mark;
  int place;  // 0-6 of every alert, 7 of integrity alerts
};
const FieldLine* field_line(std::string_view line) noexcept;

// The log line behind the blank that a writer puts in front of one that looks like a part of the frame.
std::string_view without_guard(std::string_view line) noexcept;

}  // namespace gander::report
