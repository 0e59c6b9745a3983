// The HTML form: one file without scripts and references, readable in a mail client that drops the style sheet.

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/html_text.h"
#include "report/report.h"
#include "report/report_charts.h"
#include "report/report_words.h"

namespace gander::report {
namespace {

using base::append_html;
using base::html;
using base::shortened;

constexpr size_t kBars = 10;
constexpr size_t kTableRows = 25;
constexpr size_t kTableKey = 200;
constexpr size_t kRelatedShown = 20;
constexpr uint64_t kDumped = 5000;

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>";

constexpr std::string_view kStyle = R"(</title>
<style>
body{margin:0 auto;padding:24px;max-width:1120px;background:#fff;color:#1c2733;font:15px/1.5 sans-serif}
h1{font-size:24px;margin:0 0 8px}h2{font-size:18px;margin:32px 0 8px}
.facts td{padding:2px 16px 2px 0}.muted{color:#5a6b7b}
.pair>*{display:inline-block;vertical-align:top;margin:0 24px 8px 0}
.chart{max-width:100%;height:auto}
table.rows{border-collapse:collapse}
table.rows th,table.rows td{text-align:left;padding:3px 12px 3px 0;border-bottom:1px solid #dbe2e8;overflow-wrap:anywhere}
table.rows .n{text-align:right;padding-right:0;padding-left:12px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border-left:3px solid #dbe2e8;padding-left:12px;margin:8px 0}
@media (prefers-color-scheme:dark){
body{background:#14191f;color:#e4e9ee}.muted{color:#9aabb9}
table.rows th,table.rows td{border-color:#2d3843}pre{border-color:#2d3843}
svg .ink{fill:#e4e9ee}svg .bar{fill:#6aa9e0}svg .high{fill:#f0806f}svg .middle{fill:#e3b04b}svg .low{fill:#8494a3}
}
</style>
</head>
<body>
)";

std::string_view heading(Item item) {
  constexpr std::array<std::string_view, kItemCount> kHeadings = {
      "Top source addresses", "Top users", "Alerts by level", "Top groups",
      "Top locations",        "Top rules", "Changed files"};
  return kHeadings[static_cast<size_t>(item)];
}

int level_of(std::string_view key) {
  const size_t blank = key.rfind(' ');
  int level = 0;
  for (const char c : key.substr(blank + 1)) {
    if (c >= '0' && c <= '9' && level < 1000) level = level * 10 + (c - '0');
  }
  return level;
}

Bar bar_of(Item item, const Row& row) {
  Bar bar{row.key, row.count};
  if (item != Item::Level) return bar;
  const int level = level_of(row.key);
  bar.css = level >= 10 ? "high" : level >= 7 ? "middle" : "low";
  bar.fill = level >= 10 ? "#b3372b" : level >= 7 ? "#b57a12" : "#5a6b7b";
  return bar;
}

class HtmlReport {
 public:
  HtmlReport(const Report& report, const Bytes& out) : report_(report), summary_(report.summary()), out_(out) {}

  void render() {
    head();
    hours();
    for (const Table& t : summary_.tables) table(t);
    if (summary_.show_alerts) dump();
    if (summary_.uncounted != 0) {
      note(fmt::format("{} more distinct values did not fit and are not counted.", summary_.uncounted));
    }
    text_.append("</body>\n</html>\n");
    out_(text_);
  }

 private:
  void head() {
    const std::string title = html(summary_.title.value_or("Alert report"));
    text_.append(kHead).append(title).append(kStyle).append("<h1>").append(title).append("</h1>\n");
    text_.append("<table class=\"facts\" role=\"presentation\">\n");
    fact("Alerts read", std::to_string(summary_.processed));
    fact("Alerts in this report", std::to_string(summary_.passed));
    if (summary_.passed != 0) {
      fact("First alert", summary_.first_date);
      fact("Last alert", summary_.last_date);
    }
    text_.append("</table>\n");
    if (summary_.passed == 0) note("No alert passed the filters.");
  }

  void fact(std::string_view name, std::string_view value) {
    text_.append("<tr><td class=\"muted\">").append(name).append("</td><td>");
    append_html(text_, value);
    text_.append("</td></tr>\n");
  }

  void note(std::string_view text) {
    text_.append("<p class=\"muted\">");
    append_html(text_, text);
    text_.append("</p>\n");
  }

  void open_section(std::string_view title) {
    text_.append("<section>\n<h2>").append(title).append("</h2>\n<div class=\"pair\">\n");
  }

  void close_section() {
    text_.append("</div>\n</section>\n");
    if (text_.size() < kRenderedPiece) return;
    out_(text_);
    text_.clear();
  }

  void open_table(std::string_view key, std::string_view more) {
    text_.append("<table class=\"rows\">\n<tr><th scope=\"col\">").append(key);
    text_.append("</th><th scope=\"col\" class=\"n\" align=\"right\">Alerts</th>");
    if (!more.empty()) text_.append("<th scope=\"col\">").append(more).append("</th>");
    text_.append("</tr>\n");
  }

  void open_row(std::string_view key, uint64_t count) {
    text_.append("<tr><td>");
    append_html(text_, shortened(key, kTableKey));
    text_.append("</td><td class=\"n\" align=\"right\">").append(std::to_string(count)).append("</td>");
  }

  void hours() {
    const TimeColumns columns = time_columns(summary_.hours);
    if (columns.bars.empty()) return;
    const std::string title = columns.unit == "hour" ? "Alerts per hour" : "Alerts per " + columns.unit;
    open_section(title);
    append_column_chart(text_, "time", title, columns.bars);
    std::vector<Bar> busiest;
    std::copy_if(columns.bars.begin(), columns.bars.end(), std::back_inserter(busiest),
                 [](const Bar& b) { return b.value != 0; });
    std::stable_sort(busiest.begin(), busiest.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    open_table("Busiest", {});
    for (size_t i = 0; i < std::min(busiest.size(), kBars); ++i) {
      open_row(busiest[i].label, busiest[i].value);
      text_.append("</tr>\n");
    }
    text_.append("</table>\n");
    close_section();
  }

  void table(const Table& t) {
    open_section(heading(t.item));
    std::vector<Bar> bars;
    for (size_t i = 0; i < std::min(t.rows.size(), kBars); ++i) bars.push_back(bar_of(t.item, t.rows[i]));
    append_row_chart(text_, item_word(t.item), heading(t.item), bars);
    open_table(table_name(t.item), t.has_relations ? "Came with" : "");
    for (size_t i = 0; i < std::min(t.rows.size(), kTableRows); ++i) {
      open_row(t.rows[i].key, t.rows[i].count);
      if (t.has_relations) related(t.rows[i]);
      text_.append("</tr>\n");
    }
    text_.append("</table>\n");
    if (t.rows.size() > kTableRows) note(fmt::format("and {} more", t.rows.size() - kTableRows));
    close_section();
  }

  void related(const Row& row) {
    text_.append("<td>");
    for (size_t i = 0; i < std::min(row.related.size(), kRelatedShown); ++i) {
      text_.append(i == 0 ? "" : ", ").append(item_word(row.related[i].item)).append(" ");
      append_html(text_, shortened(row.related[i].value, kTableKey));
    }
    if (row.related.size() > kRelatedShown) {
      text_.append(fmt::format(" and {} more", row.related.size() - kRelatedShown));
    }
    text_.append("</td>");
  }

  void dump() {
    text_.append("<section>\n<h2>Alerts</h2>\n");
    uint64_t seen = 0;
    report_.each_dumped([&](std::string_view alert) {
      if (++seen > kDumped) return;
      text_.append("<pre>");
      for (size_t begin = 0; begin < alert.size();) {
        const size_t end = std::min(alert.find('\n', begin), alert.size());
        append_html(text_, alert.substr(begin, end - begin));
        text_.append("\n");
        begin = end + 1;
      }
      text_.append("</pre>\n");
      if (text_.size() < kRenderedPiece) return;
      out_(text_);
      text_.clear();
    });
    if (seen > kDumped) note(fmt::format("and {} more", seen - kDumped));
    if (summary_.dump_lost != 0) note(fmt::format("{} alerts found no room.", summary_.dump_lost));
    text_.append("</section>\n");
  }

  const Report& report_;
  const Summary summary_;
  const Bytes& out_;
  std::string text_;
};

}  // namespace

void render_html(const Report& report, const Bytes& out) {
  HtmlReport(report, out).render();
}

}  // namespace gander::report
