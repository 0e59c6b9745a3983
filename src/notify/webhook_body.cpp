#include "notify/webhook_body.h"

#include <algorithm>

#include "base/json_text.h"
#include "model/compat.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

using model::StoredAlert;

constexpr size_t kMostWhole = size_t{64} * 1024;  // of the log in generic bodies
constexpr size_t kMostChat = 2000;
constexpr size_t kMostSummary = 1000;

std::string joined(const StoredAlert& alert, size_t most) {
  std::string out;
  for (const std::string& line : alert.log) {
    if (!out.empty()) out.push_back('\n');
    out.append(line);
    if (out.size() > most) break;
  }
  if (out.size() > most) {
    size_t cut = most;
    while (cut > most - 4 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
    out.resize(cut);
    out.append("...");
  }
  return out;
}

std::string plain(std::string_view text) {
  return one_line(text, model::Compat::Mended);
}

std::string description(const StoredAlert& alert) {
  return plain(alert.description.value_or("(no description)"));
}

std::string title(const StoredAlert& alert) {
  return "Level " + std::to_string(alert.level) + ": " + description(alert);
}

// Slack reads &, < and > as marks, and three backticks as the end of a block.
std::string slack_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out.append("&amp;");
    } else if (c == '<') {
      out.append("&lt;");
    } else if (c == '>') {
      out.append("&gt;");
    } else {
      out.push_back(c == '`' ? '\'' : c);
    }
  }
  return out;
}

std::string dedup_key(const StoredAlert& alert) {
  return alert.stable_id.empty() ? alert.id : alert.stable_id;
}

std::string severity(int level) {
  if (level >= 12) return "critical";
  if (level >= 10) return "error";
  return level >= 7 ? "warning" : "info";
}

std::string colour(int level) {
  return level >= 12 ? "#b3261e" : level >= 7 ? "#b25c00" : "#2f5d8a";
}

void text_if_set(base::JsonBuilder& json, std::string_view key, const std::optional<std::string>& value) {
  if (value) json.string(key, *value);
}

void append_members(base::JsonBuilder& json, const StoredAlert& alert) {
  json.string("id", alert.id);
  json.string_if_any("stable_id", alert.stable_id);
  text_if_set(json, "date", alert.date);
  if (alert.time.time_since_epoch().count() != 0) json.number("time", base::unix_seconds(alert.time));
  json.open_object("rule");
  json.number("id", alert.rule);
  json.number("level", alert.level);
  text_if_set(json, "description", alert.description);
  if (alert.group)
    json.string("group",
                plain(alert.group->substr(std::min(alert.group->size(), alert.group->find_first_not_of(' ')))));
  json.close_object();
  json.string("location", alert.location);
  json.string_if_any("host", alert.host);
  json.string_if_any("program", alert.program);
  text_if_set(json, "srcip", alert.src_ip);
  text_if_set(json, "srcport", alert.src_port);
  text_if_set(json, "dstip", alert.dst_ip);
  text_if_set(json, "dstport", alert.dst_port);
  text_if_set(json, "user", alert.user);
  json.string_if_any("srcuser", alert.src_user);
  json.string_if_any("url", alert.url);
  json.string_if_any("action", alert.action);
  json.string_if_any("status", alert.status);
  text_if_set(json, "file", alert.filename);
  json.string("log", joined(alert, kMostWhole));
}

std::string generic_body(const StoredAlert& alert) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  append_members(json, alert);
  json.close_object();
  return out;
}

void slack_field(base::JsonBuilder& json, std::string_view name, const std::optional<std::string>& value) {
  if (!value) return;
  json.open_object();
  json.string("title", name);
  json.string("value", slack_text(plain(*value)));
  json.close_object();
}

std::string slack_body(const StoredAlert& alert) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("text", slack_text(title(alert)));
  json.open_array("attachments");
  json.open_object();
  json.string("color", colour(alert.level));
  json.string("fallback", slack_text(title(alert)));
  json.open_array("mrkdwn_in");
  json.element("text");
  json.close_array();
  json.string("text", "```" + slack_text(joined(alert, kMostChat)) + "```");
  json.open_array("fields");
  slack_field(json, "Rule", std::to_string(alert.rule));
  slack_field(json, "From", alert.location);
  slack_field(json, "Source", alert.src_ip);
  slack_field(json, "User", alert.user);
  slack_field(json, "Time", alert.date);
  slack_field(json, "Alert", alert.id);
  json.close_array();
  json.close_object();
  json.close_array();
  json.close_object();
  return out;
}

// One block of a card; runs of text are shown as they are.
void teams_text(base::JsonBuilder& json, std::string_view text, std::string_view size, std::string_view font) {
  json.open_object();
  json.string("type", "RichTextBlock");
  json.open_array("inlines");
  json.open_object();
  json.string("type", "TextRun");
  json.string("text", text);
  json.string("size", size);
  json.string("fontType", font);
  json.close_object();
  json.close_array();
  json.close_object();
}

std::string teams_body(const StoredAlert& alert) {
  std::string facts = "Rule " + std::to_string(alert.rule) + " from " + plain(alert.location);
  if (alert.src_ip) facts += ", source " + plain(*alert.src_ip);
  if (alert.user) facts += ", user " + plain(*alert.user);
  facts += ", " + plain(alert.date.value_or("")) + ", alert " + plain(alert.id);
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("type", "message");
  json.open_array("attachments");
  json.open_object();
  json.string("contentType", "application/vnd.microsoft.card.adaptive");
  json.open_object("content");
  json.string("type", "AdaptiveCard");
  json.string("version", "1.2");
  json.open_array("body");
  teams_text(json, title(alert), "large", "default");
  teams_text(json, facts, "default", "default");
  teams_text(json, joined(alert, kMostChat), "default", "monospace");
  json.close_array();
  json.close_object();
  json.close_object();
  json.close_array();
  json.close_object();
  return out;
}

std::string pagerduty_body(const config::Webhook& hook, const StoredAlert& alert) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("routing_key", hook.key);
  json.string("event_action", "trigger");
  json.string("dedup_key", dedup_key(alert));
  json.open_object("payload");
  json.string("summary", (title(alert) + " (" + plain(alert.location) + ")").substr(0, kMostSummary));
  json.string("source", plain(alert.location.substr(0, alert.location.find("->"))));
  json.string("severity", severity(alert.level));
  json.string("component", std::to_string(alert.rule));
  json.string("group", plain(alert.group.value_or("")));
  json.open_object("custom_details");
  append_members(json, alert);
  json.close_object();
  json.close_object();
  json.close_object();
  return out;
}

}  // namespace

std::string webhook_body(const config::Webhook& hook, const model::StoredAlert& alert) {
  switch (hook.type) {
    case config::Webhook::Type::Slack:
      return slack_body(alert);
    case config::Webhook::Type::Teams:
      return teams_body(alert);
    case config::Webhook::Type::PagerDuty:
      return pagerduty_body(hook, alert);
    default:
      return generic_body(alert);
  }
}

}  // namespace gander::notify
