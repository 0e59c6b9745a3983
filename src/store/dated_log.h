// DatedLog: names and links of OSSEC's dated log files: which file the bytes of a moment go to.
//
// A file of a day is made when its first bytes come; the fixed name (logs/alerts/alerts.log) is a hard link to it.
//
// Owns:    the day it stands at.
// Threads: one thread.
// Source:  OSSEC 4.3; docs/formats/dated-logs.md.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace gander::store {

enum class LogKind { Alerts, AlertsJson, Archives, ArchivesJson, Firewall };
constexpr size_t kLogKinds = 5;

struct Day {
  int year = 1970;
  int month = 1;
  int day = 1;

  auto operator<=>(const Day&) const = default;
  static Day of(const base::Civil& c) { return {c.year, c.month, c.day}; }
  Day next() const;
  Day previous() const;
  std::string iso() const;  // "2024-03-05"
  static std::optional<Day> from_iso(std::string_view text);
};

// "logs/alerts/2024/Mar/ossec-alerts-05.log", relative to the home.
std::string dated_name(LogKind kind, const Day& day);
// "logs/alerts/alerts.log"
std::string_view fixed_name(LogKind kind);
// The days below `home` that have a file of this kind, plain or .gz, oldest first.
std::vector<Day> days_of(const std::string& home, LogKind kind);
// Those that have a chain (store/alert_chain.h).
std::vector<Day> chained_days_of(const std::string& home, LogKind kind);

}  // namespace gander::store
