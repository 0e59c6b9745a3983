#include "report/alert_assembler.h"

#include <utility>

#include "report/alert_lines.h"

namespace gander::report {
namespace {

bool is_integrity(const model::StoredAlert& alert) {
  return alert.group && alert.group->find("syscheck") != std::string::npos;
}

void read_file_name(std::string_view line, model::StoredAlert& alert) {
  if (!alert.log.empty() || !line.starts_with(kFileMark) || !is_integrity(alert)) return;
  std::string_view name = line.substr(kFileMark.size());
  name.remove_suffix(name.empty() ? 0 : 1);
  alert.filename = name;
}

}  // namespace

void AlertAssembler::give() {
  ++counters_.alerts;
  sink_(held_);
  held_ = {};
  state_ = State::Outside;
}

void OssecAssembler::line(std::string_view line) {
  if (line.empty() && !held_.log.empty()) {
    if (state_ == State::Body) give();
    state_ = State::Outside;
  } else if (line.starts_with(kAlertMark)) {
    if (read_header_line(line, held_)) state_ = State::Header;
  } else if (state_ == State::Header) {
    date(line);
  } else if (state_ == State::Body) {
    body(line);
  }
}

void OssecAssembler::date(std::string_view line) {
  const DateLine found = read_date_line(line, held_);
  if (found == DateLine::Good) {
    held_.log.clear();
    state_ = State::Body;
    return;
  }
  problem_(program_ + (found == DateLine::NoColon ? ": ERROR: date or location not NULL or p is NULL"
                                                  : ": ERROR: date or location not NULL"));
  damaged();
}

void OssecAssembler::body(std::string_view line) {
  if (line.starts_with(kRuleMark)) {
    if (!read_rule_line(line, held_)) damaged();
    return;
  }
  const FieldLine* const field = field_line(line);
  if (field != nullptr && field->member != nullptr) {
    held_.*field->member = std::string(line.substr(field->mark.size()));
    return;
  }
  read_file_name(line, held_);
  if (held_.log.size() < kMostLines) held_.log.emplace_back(line);
}

void OssecAssembler::damaged() {
  ++counters_.damaged;
  model::StoredAlert next;
  next.rule = held_.rule;
  next.level = held_.level;
  held_ = std::move(next);
  state_ = State::Outside;
}

void OssecAssembler::finish() {
  held_ = {};
  state_ = State::Outside;
}

void MendedAssembler::line(std::string_view line) {
  if (is_exact_header(line)) {
    end_alert();
    start(line);
  } else if (state_ == State::Header) {
    date(line);
  } else if (state_ == State::Body) {
    body(line);
  }
}

void MendedAssembler::start(std::string_view line) {
  held_ = {};
  rule_seen_ = false;
  next_place_ = 0;
  bytes_ = 0;
  state_ = read_header_line(line, held_) ? State::Header : State::Outside;
}

void MendedAssembler::date(std::string_view line) {
  if (read_date_line(line, held_) == DateLine::Good) {
    state_ = State::Body;
  } else {
    damaged("has no date and location");
  }
}

void MendedAssembler::body(std::string_view line) {
  if (line.empty() && !held_.log.empty()) {
    end_alert();
  } else if (!take_as_frame(line)) {
    keep_log_line(line);
  }
}

// The rule line, then fields in their order; behind the first log line everything is log text, but for the lines of
// an integrity alert.
bool MendedAssembler::take_as_frame(std::string_view line) {
  if (held_.log.empty() && !rule_seen_ && line.starts_with(kRuleMark)) {
    rule_seen_ = true;
    if (!read_rule_line(line, held_)) damaged("has a rule line that is not complete");
    return true;
  }
  const FieldLine* const field = field_line(line);
  if (field == nullptr) return false;
  const bool of_every_alert = field->place < 7;
  if (of_every_alert ? !held_.log.empty() || field->place < next_place_ : !is_integrity(held_)) return false;
  if (of_every_alert) next_place_ = field->place + 1;
  if (field->member != nullptr) held_.*field->member = std::string(line.substr(field->mark.size()));
  return true;
}

void MendedAssembler::keep_log_line(std::string_view line) {
  read_file_name(line, held_);
  const std::string_view text = without_guard(line);
  const size_t before = bytes_;
  bytes_ += text.size() + 64;
  if (bytes_ <= AlertReader::kMaxAlert) {
    held_.log.emplace_back(text);
  } else if (before <= AlertReader::kMaxAlert) {
    ++counters_.cut;
  }
}

void MendedAssembler::end_alert() {
  if (state_ == State::Header) damaged("ends behind its first line");
  if (state_ == State::Body && (rule_seen_ || !held_.log.empty())) give();
  state_ = State::Outside;
}

void MendedAssembler::damaged(std::string_view why) {
  if (++counters_.damaged <= kMostMessages) {
    problem_(program_ + ": ERROR: line " + std::to_string(counters_.lines) + ": alert " + held_.id + " " +
             std::string(why) + "; it is left out");
  }
  state_ = State::Outside;
}

void MendedAssembler::finish() {
  end_alert();
}

}  // namespace gander::report
