// The text form, to the byte that of OSSEC 4.3's report program: lines end in CR LF, widths count bytes.

#include <algorithm>
#include <string>

#include "report/report.h"
#include "report/report_words.h"

namespace gander::report {
namespace {

constexpr std::string_view kDashes = "------------------------------------------------\r\n";
constexpr std::string_view kEnd = " \r\n \r\n";
constexpr size_t kKeyColumns = 78;
constexpr size_t kLongestKey = 76;
constexpr size_t kCutKey = 74;
constexpr size_t kCountColumns = 8;

class TextReport {
 public:
  TextReport(const Report& report, const Bytes& out) : report_(report), summary_(report.summary()), out_(out) {}

  void render() {
    if (summary_.passed == 0) return;
    head();
    for (const Table& t : summary_.tables) {
      title("Top entries", table_name(t.item));
      for (const Row& row : t.rows) row_line(row);
      put(kEnd);
    }
    for (const Table& t : summary_.tables) {
      if (t.has_relations) relations(t);
    }
    if (summary_.show_alerts) dump();
    if (summary_.uncounted != 0) {
      put("Not counted (more distinct values than fit): " + std::to_string(summary_.uncounted) + "\r\n");
    }
    out_(text_);
  }

 private:
  void put(std::string_view text) { text_.append(text); }

  // Text from a log; it cannot act on a terminal but under 4.3's habits.
  void put_shown(std::string_view text) {
    const size_t begin = text_.size();
    text_.append(text);
    if (summary_.compat == model::Compat::Ossec43) return;
    std::replace_if(
        text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  }

  void head() {
    put(" \r\nReport ");
    if (summary_.title) {
      put("'");
      put_shown(*summary_.title);
      put("' completed.\r\n");
    } else {
      put("completed. ==\r\n");
    }
    put(kDashes);
    put("->Processed alerts: " + std::to_string(summary_.processed) + "\r\n");
    put("->Post-filtering alerts: " + std::to_string(summary_.passed) + "\r\n");
    put("->First alert: ");
    put_shown(summary_.first_date);
    put("\r\n->Last alert: ");
    put_shown(summary_.last_date);
    put("\r\n");
    put(kEnd);
  }

  void title(std::string_view what, std::string_view name) {
    put(what);
    put(" for '");
    put(name);
    put("':\r\n");
    put(kDashes);
  }

  void row_line(const Row& row) {
    const bool cut = row.key.size() > kLongestKey;
    const size_t shown = cut ? kCutKey : row.key.size();
    put_shown(std::string_view(row.key).substr(0, shown));
    if (cut) put("..");
    text_.append(kKeyColumns - shown - (cut ? 2 : 0), ' ').push_back('|');
    const std::string count = std::to_string(row.count);
    put(count);
    text_.append(kCountColumns - std::min(kCountColumns, count.size()), ' ');
    put("|\r\n");
    pass_on();
  }

  void relations(const Table& t) {
    title("Related entries", t.item == Item::Filename ? "Filename" : table_name(t.item));
    for (const Row& row : t.rows) {
      row_line(row);
      for (const Related& r : row.related) {
        put("   ");
        put(item_word(r.item));
        put(": '");
        put_shown(r.value);
        put("'\r\n");
        pass_on();
      }
    }
    put(kEnd);
  }

  void dump() {
    put("Log dump:\r\n");
    put(kDashes);
    report_.each_dumped([this](std::string_view alert) {
      for (size_t begin = 0; begin < alert.size();) {
        const size_t end = std::min(alert.find('\n', begin), alert.size());
        put_shown(alert.substr(begin, end - begin));
        put("\n");
        begin = end + 1;
      }
      put("\n\r\n");
      pass_on();
    });
    if (summary_.dump_lost != 0) put("Not dumped (no room): " + std::to_string(summary_.dump_lost) + "\r\n");
  }

  void pass_on() {
    if (text_.size() < kRenderedPiece) return;
    out_(text_);
    text_.clear();
  }

  const Report& report_;
  const Summary summary_;
  const Bytes& out_;
  std::string text_;
};

}  // namespace

void render_text(const Report& report, const Bytes& out) {
  TextReport(report, out).render();
}

}  // namespace gander::report
