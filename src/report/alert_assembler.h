// AlertAssembler: from the lines of alerts.log to alerts; one for OSSEC's way of reading, one for ours.
//
// Owns:    the alert in the making.
// Threads: one thread.
// Fails:   cannot; damaged alerts are counted and told.
// Source:  docs/formats/alerts-log.md.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "report/alert_reader.h"

namespace gander::report {

class AlertAssembler {
 public:
  AlertAssembler(const std::string& program, ReadCounters& counters, const AlertReader::Sink& sink,
                 const AlertReader::Problem& problem)
      : program_(program), counters_(counters), sink_(sink), problem_(problem) {}
  virtual ~AlertAssembler() = default;

  virtual void line(std::string_view line) = 0;
  virtual void finish() = 0;

 protected:
  enum class State { Outside, Header, Body };

  void give();

  const std::string& program_;
  ReadCounters& counters_;
  const AlertReader::Sink& sink_;
  const AlertReader::Problem& problem_;
  State state_ = State::Outside;
  model::StoredAlert held_;
};

// OSSEC 4.3's, with what it loses.
class OssecAssembler final : public AlertAssembler {
 public:
  static constexpr size_t kMostLines = 20;

  using AlertAssembler::AlertAssembler;
  void line(std::string_view line) override;
  void finish() override;

 private:
  void date(std::string_view line);
  void body(std::string_view line);
  void damaged();
};

// Fields stand before the log lines and in their order, the rule line is the first one, a new header ends the alert
// before it, and so does the end of the file.
class MendedAssembler final : public AlertAssembler {
 public:
  // Of these, messages are given for the first few only; all are counted.
  static constexpr uint64_t kMostMessages = 5;

  using AlertAssembler::AlertAssembler;
  void line(std::string_view line) override;
  void finish() override;

 private:
  void start(std::string_view line);
  void date(std::string_view line);
  void body(std::string_view line);
  bool take_as_frame(std::string_view line);
  void keep_log_line(std::string_view line);
  void end_alert();
  void damaged(std::string_view why);

  bool rule_seen_ = false;
  int next_place_ = 0;
  size_t bytes_ = 0;
};

}  // namespace gander::report
