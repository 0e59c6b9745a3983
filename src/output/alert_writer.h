// AlertWriter: alerts as bytes, in the form that was asked for. It fills a buffer; who owns the buffer writes it out.
//
// Owns:    its settings and working memory.
// Threads: one thread.
// Needs:   begin() once, alert() for each, end() once; a form without frame may leave begin() and end() out.
// Cost:    no allocation after warm-up but the growth of `out`; calendar arithmetic once per second of log time.
// Fails:   cannot; every alert gives output, whatever bytes its values hold.
// Source:  docs/formats/ (alerts-log, alerts-json, alerts-csv, ecs).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/time.h"
#include "model/alert.h"
#include "model/compat.h"

namespace gander::output {

// Text: alerts.log. Json: one array of objects. Ndjson: one object a line (alerts.json). Csv: with a header line.
// Line: one short coloured line for people at a terminal.
enum class Format { Text, Json, Ndjson, Csv, Line };
// Names of the JSON forms' keys: OSSEC's alerts.json, or the Elastic Common Schema.
enum class Schema { Ossec, Ecs };

// "text", "json", "ndjson", "csv", "line"; "ossec", "ecs".
std::optional<Format> format_from(std::string_view word);
std::optional<Schema> schema_from(std::string_view word);

struct WriterOptions {
  model::Compat compat = model::Compat::Mended;
  base::TimeZone zone = base::TimeZone::utc();
  std::string custom_format;    // <custom_alert_output>, Text only; empty: the usual text
  Colour colour = Colour::Off;  // Line only
  size_t width = 0;             // Line only: columns of the terminal, 0 = as long as it gets
};

class AlertWriter {
 public:
  virtual ~AlertWriter() = default;
  virtual void begin(std::string& out) = 0;
  virtual void alert(std::string& out, const model::Alert& alert) = 0;
  virtual void end(std::string& out) = 0;
};

std::unique_ptr<AlertWriter> make_alert_writer(Format format, Schema schema, WriterOptions options);

}  // namespace gander::output
