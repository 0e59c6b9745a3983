// The JSON form: one object, docs/formats/report-json.md.

#include <array>
#include <string>

#include "base/json_text.h"
#include "report/report.h"
#include "report/report_words.h"

namespace gander::report {
namespace {

using base::JsonBuilder;

std::string_view json_key(Item item) {
  constexpr std::array<std::string_view, kItemCount> kKeys = {"srcip",    "user", "level",   "group",
                                                              "location", "rule", "filename"};
  return kKeys[static_cast<size_t>(item)];
}

// Values of one kind stand together.
void write_related(JsonBuilder& json, const Row& row) {
  json.open_object("related");
  for (size_t i = 0; i < row.related.size();) {
    const Item kind = row.related[i].item;
    json.open_array(json_key(kind));
    for (; i < row.related.size() && row.related[i].item == kind; ++i) json.element(row.related[i].value);
    json.close_array();
  }
  json.close_object();
}

void write_tables(JsonBuilder& json, const Summary& s, std::string& text, const Bytes& out) {
  json.open_object("tables");
  for (const Table& t : s.tables) {
    json.open_array(json_key(t.item));
    for (const Row& row : t.rows) {
      json.open_object();
      json.string("key", row.key);
      json.number("count", row.count);
      if (t.has_relations) write_related(json, row);
      json.close_object();
      if (text.size() < kRenderedPiece) continue;
      out(text);
      text.clear();
    }
    json.close_array();
  }
  json.close_object();
}

}  // namespace

void render_json(const Report& report, const Bytes& out) {
  const Summary s = report.summary();
  std::string text;
  JsonBuilder json(text, base::DamagedUtf8::Replace);
  json.open_object();
  if (s.title) json.string("title", *s.title);
  json.number("processed_alerts", s.processed);
  json.number("post_filter_alerts", s.passed);
  if (s.passed != 0) {
    json.string("first_alert", s.first_date);
    json.string("last_alert", s.last_date);
  }
  write_tables(json, s, text, out);
  json.open_array("hours");
  for (const HourCount& h : s.hours) {
    json.open_object();
    json.string("hour", h.hour);
    json.number("count", h.count);
    json.close_object();
  }
  json.close_array();
  if (s.show_alerts) {
    json.open_array("alerts");
    report.each_dumped([&](std::string_view alert) {
      json.element(alert.substr(0, alert.size() - 1));
      out(text);
      text.clear();
    });
    json.close_array();
    if (s.dump_lost != 0) json.number("alerts_lost", s.dump_lost);
  }
  if (s.uncounted != 0) json.number("uncounted", s.uncounted);
  json.close_object();
  text.push_back('\n');
  out(text);
}

}  // namespace gander::report
