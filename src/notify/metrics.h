// Metrics: a snapshot of counts as Prometheus text.
//
// Owns:    values.
// Threads: functions of their arguments.
// Fails:   cannot; label values are escaped, bytes that are no UTF-8 become U+FFFD.
// Source:  Prometheus text format 0.0.4; docs/formats/metrics.md.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gander::notify {

struct Metric {
  enum class Type { Counter, Gauge };
  struct Sample {
    std::vector<std::pair<std::string, std::string>> labels;
    double value = 0;
  };
  std::string name;  // "gander_source_lines_total"
  std::string help;
  Type type = Type::Counter;
  std::vector<Sample> samples;
};

// What /metrics and /health show; whoever gathers the counts fills it.
struct Snapshot {
  std::vector<Metric> metrics;
  bool healthy = true;
  std::vector<std::string> problems;  // said by /health, one line each
};

class Notifier;
// Appends the counts of the notifier's channels and its mail.
void add_metrics(const Notifier& notifier, Snapshot& snapshot);

std::string prometheus_text(const Snapshot& snapshot);
// {"status":"ok"} or {"status":"degraded","problems":[…]}
std::string health_json(const Snapshot& snapshot);

}  // namespace gander::notify
