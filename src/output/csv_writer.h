// CsvWriter: RFC 4180 with a header line, and line feeds as line ends.
//
// A value that a spreadsheet would run (it begins with = + - @ or a tab) gets a ' in front; control characters become
// `?`, damaged UTF-8 U+FFFD, so that a log line can neither start a formula nor break a record.
//
// Owns:    its settings.
// Threads: one thread.
// Source:  docs/formats/alerts-csv.md; RFC 4180.
#pragma once

#include <string>
#include <string_view>

#include "output/alert_time.h"
#include "output/alert_writer.h"

namespace gander::output {

class CsvWriter final : public AlertWriter {
 public:
  explicit CsvWriter(base::TimeZone zone) : time_(std::move(zone)) {}

  void begin(std::string& out) override;
  void alert(std::string& out, const model::Alert& alert) override;
  void end(std::string&) override {}

 private:
  void value(std::string& out, std::string_view text);

  AlertTime time_;
  std::string shown_;
  std::string joined_;
};

}  // namespace gander::output
