// Report: alerts counted by source, user, level, group, location, rule and file, with what came together with what.
//
// Owns:    the counts, and with -s the alerts to be dumped.
// Threads: one thread.
// Cost:    a few look-ups per alert. Memory grows with distinct keys, not with alerts, and ends at kMaxKeys and
//          kMaxKeyBytes over all tables: later keys are only counted (Summary::uncounted). Dumped alerts beyond
//          kDumpInMemory bytes go to an unnamed temporary file.
// Fails:   cannot. A dump that finds no room on disk is cut, and says so (Summary::dump_lost).
// Source:  docs/formats/report-json.md; text form as OSSEC 4.3's report program gives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/stored_alert.h"
#include "report/report_options.h"

namespace gander::report {

struct Related {
  Item item;
  std::string value;
};

struct Row {
  std::string key;  // "10.0.0.1", "Severity 5", "100 - login seen"
  uint64_t count = 0;
  std::vector<Related> related;  // in the order in which they are shown
};

struct Table {
  Item item;
  std::vector<Row> rows;  // highest count first
  bool has_relations = false;
};

struct HourCount {
  std::string hour;  // "2024-03-05 10"
  uint64_t count = 0;
};

// What the renderers show; plain data.
struct Summary {
  model::Compat compat = model::Compat::Mended;
  std::optional<std::string> title;
  uint64_t processed = 0;
  uint64_t passed = 0;  // the filters; 0 = there is no report
  std::string first_date;
  std::string last_date;
  std::vector<Table> tables;     // those with rows, in order
  std::vector<HourCount> hours;  // in time order, hours without alerts left out
  uint64_t uncounted = 0;        // keys and values beyond the limits
  bool show_alerts = false;
  uint64_t dump_lost = 0;  // dumped alerts that found no room
};

class Report {
 public:
  static constexpr size_t kMaxKeys = 1'000'000;
  static constexpr size_t kMaxKeyBytes = size_t{256} * 1024 * 1024;
  static constexpr size_t kDumpInMemory = size_t{64} * 1024 * 1024;

  explicit Report(ReportOptions options);
  Report(Report&&) noexcept;
  ~Report();

  void add(const model::StoredAlert& alert);

  Summary summary() const;
  // One alert of the dump: "DATE LOCATION", rule line, first log line (each ends in LF), in input order.
  void each_dumped(const std::function<void(std::string_view)>& take) const;
  // OSSEC's closing message without time and program name in front of the level: "ossec-reportd: INFO: Report ...".
  std::string closing_message() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Renderers pass their bytes on when this many have come together.
constexpr size_t kRenderedPiece = size_t{64} * 1024;
// Takes the rendered bytes, piece by piece.
using Bytes = std::function<void(std::string_view)>;

// Each gives nothing when no alert passed, as OSSEC's program does; JSON and HTML then say that there is none.
void render_text(const Report& report, const Bytes& out);
void render_json(const Report& report, const Bytes& out);
void render_html(const Report& report, const Bytes& out);

}  // namespace gander::report
