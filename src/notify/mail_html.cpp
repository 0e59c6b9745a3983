#include "notify/mail_html.h"

#include "base/html_text.h"
#include "model/compat.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

constexpr std::string_view kFont = "font-family:Helvetica,Arial,sans-serif;";

std::string_view colour_of(int level) {
  if (level >= 12) return "#b3261e";
  if (level >= 7) return "#b25c00";
  return "#2f5d8a";
}

void open_page(std::string& out, std::string_view title, std::string_view mark) {
  out.append("<!DOCTYPE html>\r\n<html lang=\"en\">\r\n<head><meta charset=\"utf-8\"><title>");
  base::append_html(out, title);
  out.append("</title></head>\r\n<body style=\"margin:0;padding:16px;background:#ffffff;color:#1b1b1b;")
      .append(kFont)
      .append("font-size:14px\">\r\n");
  if (!mark.empty()) out.append("<p style=\"margin:0\">\r\n").append(mark).append("\r\n</p>\r\n");
}

void close_page(std::string& out) {
  out.append("</body>\r\n</html>\r\n");
}

void row(std::string& out, std::string_view name, std::string_view value) {
  out.append(
      "<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;padding:2px 12px 2px 0;color:#555555;"
      "font-weight:normal\">");
  base::append_html(out, name);
  out.append("</th><td style=\"padding:2px 0;word-break:break-word\">");
  base::append_html(out, value);
  out.append("</td></tr>\r\n");
}

void row_if(std::string& out, std::string_view name, const std::optional<std::string>& value) {
  if (value) row(out, name, *value);
}

void open_block(std::string& out) {
  out.append(
      "<pre style=\"margin:8px 0 0 0;padding:8px;background:#f3f3f3;white-space:pre-wrap;word-break:break-all;"
      "font-size:12px\">");
}

void block_line(std::string& out, std::string_view text) {
  // Tabs are layout here.
  for (;;) {
    const size_t tab = text.find('\t');
    base::append_html(out, text.substr(0, tab));
    if (tab == std::string_view::npos) break;
    out.append("    ");
    text.remove_prefix(tab + 1);
  }
  out.append("\r\n");
}

void append_log(std::string& out, const model::StoredAlert& alert) {
  const LogPortion portion = log_portion(alert, model::Compat::Mended);
  if (portion.lines.empty()) return;
  open_block(out);
  for (const std::string& text : portion.lines) block_line(out, text);
  if (portion.left_out != 0) out.append("(").append(std::to_string(portion.left_out)).append(" lines did not fit)\r\n");
  out.append("</pre>\r\n");
}

void append_change(std::string& out, const model::StoredAlert& alert) {
  constexpr size_t kMostShown = 200;
  const OutputChange change = output_change(alert);
  const auto part = [&](std::string_view title, std::string_view sign, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out.append("<p style=\"margin:8px 0 0 0\">").append(title).append("</p>\r\n");
    open_block(out);
    for (size_t i = 0; i < lines.size() && i < kMostShown; ++i) block_line(out, std::string(sign) + lines[i]);
    if (lines.size() > kMostShown) {
      out.append("(").append(std::to_string(lines.size() - kMostShown)).append(" more lines)\r\n");
    }
    out.append("</pre>\r\n");
  };
  part("Lines that came", "+ ", change.came);
  part("Lines that went", "- ", change.went);
}

void append_alert(std::string& out, const model::StoredAlert& alert, base::Instant made) {
  out.append("<div style=\"margin:0 0 20px 0;padding:10px 14px;border:1px solid #dddddd;border-left:6px solid ")
      .append(colour_of(alert.level))
      .append("\">\r\n<p style=\"margin:0 0 6px 0;font-size:16px\"><strong>");
  base::append_html(out, alert.description.value_or("(no description)"));
  out.append("</strong></p>\r\n<table role=\"presentation\" style=\"border-collapse:collapse;font-size:14px\">\r\n");
  row(out, "Level", std::to_string(alert.level));
  row(out, "Rule", std::to_string(alert.rule));
  row_if(out, "Time", alert.date);
  if (const std::string late = lateness(alert.time, made); !late.empty()) {
    row(out, "Late", "this mail was written " + late + " after the event");
  }
  row(out, "From", alert.location);
  row_if(out, "Source", alert.src_ip);
  row_if(out, "Destination", alert.dst_ip);
  row_if(out, "User", alert.user);
  row_if(out, "Old MD5", alert.old_md5);
  row_if(out, "New MD5", alert.new_md5);
  row_if(out, "Old SHA1", alert.old_sha1);
  row_if(out, "New SHA1", alert.new_sha1);
  row_if(out, "Size", alert.size_change);
  row_if(out, "Owner", alert.owner_change);
  row_if(out, "Group", alert.group_change);
  row_if(out, "Permissions", alert.permissions_change);
  row(out, "Alert", alert.id);
  out.append("</table>\r\n");
  append_log(out, alert);
  append_change(out, alert);
  out.append("</div>\r\n");
}

}  // namespace

std::string alerts_html(std::span<const model::StoredAlert* const> alerts, std::string_view title,
                        std::string_view mark, base::Instant made) {
  std::string out;
  open_page(out, title, mark);
  for (const model::StoredAlert* const alert : alerts) append_alert(out, *alert, made);
  close_page(out);
  return out;
}

std::string text_html(std::string_view text, std::string_view title, std::string_view mark) {
  std::string out;
  open_page(out, title, mark);
  open_block(out);
  for (;;) {
    const size_t end = text.find("\r\n");
    block_line(out, text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
  }
  out.append("</pre>\r\n");
  close_page(out);
  return out;
}

}  // namespace gander::notify
