// Any bytes as a file of alerts: reading ends in both modes, does not depend on how the bytes are cut, and the report's
// forms stay within their bounds, hold no byte that acts, and are valid JSON.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/utf8.h"
#include "report/alert_reader.h"
#include "report/report.h"

namespace {

using gander::model::Compat;
using gander::model::StoredAlert;
using gander::report::AlertReader;
using gander::report::Report;
using gander::report::ReportOptions;

void require(bool holds) {
  if (!holds) std::abort();
}

ReportOptions options_for(Compat compat) {
  ReportOptions options;
  options.compat = compat;
  options.title = "fuzz";
  options.show_alerts = true;
  for (const char* of : {"srcip", "user", "level", "group", "location", "rule", "filename"}) {
    require(options.set_relation(of, "user").has_value());
    require(options.set_relation(of, "location").has_value());
  }
  return options;
}

struct Forms {
  std::string text;
  std::string json;
  std::string html;
  uint64_t alerts = 0;
};

enum class Wanted { Text, All };

Forms forms_of(std::string_view input, Compat compat, size_t piece, Wanted wanted) {
  Report report(options_for(compat));
  AlertReader reader(
      compat, "fuzz", [&](const StoredAlert& alert) { report.add(alert); },
      [&](const std::string& problem) { require(problem.size() < input.size() + 200); });
  for (size_t at = 0; at < input.size(); at += piece) reader.feed(input.substr(at, piece));
  reader.finish();
  Forms forms;
  forms.alerts = reader.counters().alerts;
  gander::report::render_text(report, [&](std::string_view bytes) { forms.text.append(bytes); });
  if (wanted == Wanted::Text) return forms;
  gander::report::render_json(report, [&](std::string_view bytes) { forms.json.append(bytes); });
  gander::report::render_html(report, [&](std::string_view bytes) { forms.html.append(bytes); });
  return forms;
}

void check_json(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  require(parser.parse(json).get(element) == simdjson::SUCCESS);
}

void check_html(const std::string& html) {
  require(html.ends_with("</html>\n") && html.find("<script") == std::string::npos);
  for (size_t i = 0; i < html.size();) {
    const gander::base::Utf8Char c = gander::base::utf8_at(html, i);
    require(c.length != 0 && (c.code == '\n' || !gander::base::acts_on_display(c.code)));
    i += c.length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
    const Forms whole = forms_of(input, compat, size + 1, Wanted::All);
    const Forms pieces = forms_of(input, compat, 7, Wanted::Text);
    require(whole.text == pieces.text && whole.alerts == pieces.alerts);
    require(whole.alerts <= size && whole.text.size() < 64 * 1024 + 2000 * (size + 1));
    check_json(whole.json);
    check_html(whole.html);
  }
  return 0;
}
