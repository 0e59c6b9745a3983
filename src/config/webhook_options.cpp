// <webhook>: alerts posted to a chat or an incident service. Gander's own section; OSSEC 4.3 refuses it.
#include <algorithm>

#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

constexpr std::string_view kPagerDutyUrl = "https://events.pagerduty.com/v2/enqueue";

void keep_type(Webhook& w, const Value& value, SectionReader&) {
  using Type = Webhook::Type;
  w.type = value.text == "slack"       ? Type::Slack
           : value.text == "teams"     ? Type::Teams
           : value.text == "pagerduty" ? Type::PagerDuty
                                       : Type::Generic;
}

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

// The message does not repeat the address: it may be a key.
void keep_url(Webhook& w, const Value& value, SectionReader& reader) {
  const bool https = value.text.starts_with("https://") && value.text.size() > 8;
  const bool http = value.text.starts_with("http://") && value.text.size() > 7;
  if ((https || http) && plain(value.text)) {
    w.url = std::string(value.text);
    return;
  }
  reader.error({"C026", "the <url> of a webhook is an http or https address without blanks",
                reader.content_at(value.element), static_cast<int>(std::max<size_t>(1, value.text.size())),
                "https://host/path"});
}

void keep_header(Webhook& w, const Value& value, SectionReader& reader) {
  const size_t colon = value.text.find(':');
  const bool name = colon != std::string_view::npos && colon != 0 && plain(value.text.substr(0, colon));
  const bool fine = name && std::all_of(value.text.begin(), value.text.end(),
                                        [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
  if (fine) {
    w.headers.emplace_back(value.text);
    return;
  }
  reader.error({"C026", "this <header> is none", reader.content_at(value.element),
                static_cast<int>(std::max<size_t>(1, value.text.size())), "Name: value"});
}

void keep_rule_ids(Webhook& w, const Value& value, SectionReader& reader) {
  std::string bad;
  w.rule_ids = parse_numbers(value.text, bad);
  if (bad.empty()) return;
  reader.warning({"C112", "'" + bad + "' is no rule id and is left out", reader.content_at(value.element),
                  static_cast<int>(value.text.size())});
}

constexpr Option<Webhook> kWebhookOptions[] = {
    {{"type", Kind::Words, "generic|slack|teams|pagerduty", "generic", "What the other side understands."}, keep_type},
    {{"url", Kind::Special, "http or https address", "PagerDuty's for pagerduty",
      "Where alerts are posted. It is never written to a log."},
     keep_url},
    {{"name", Kind::Text, "", "type and host", "How logs and metrics call it."}, keep<&Webhook::name>},
    {{"key", Kind::Text, "", "", "PagerDuty's routing key."}, keep<&Webhook::key>},
    {{"header", Kind::Special, "Name: value", "", "A header to be sent.", Repeats::Appends}, keep_header},
    {{"tls_verify", Kind::YesNo, "", "yes", "Check the server's certificate."}, keep<&Webhook::tls_verify>},
    {{"tls_ca", Kind::Path, "", "the system's", "File of trusted certificates."}, keep<&Webhook::tls_ca>},
    {{"level", Kind::Number, "", "", "Least level."}, keep<&Webhook::level>},
    {{"rule_id", Kind::Numbers, "rule ids with commas", "", "Rules."}, keep_rule_ids},
    {{"group", Kind::Match, "match pattern", "", "Groups."}, keep<&Webhook::group>},
    {{"location", Kind::Match, "match pattern", "", "Where the event comes from."}, keep<&Webhook::location>},
};

void read_webhook(const XmlElement& section, Config& config, SectionReader& reader) {
  if (reader.exact()) {
    reader.error({"C002",
                  "OSSEC has no section <webhook>",
                  reader.at(section),
                  7,
                  {},
                  {reader.error_line(1230, "Invalid element in the configuration: 'webhook'.")}});
    return;
  }
  Webhook w;
  w.at = reader.at(section);
  if (!read_options(kWebhookOptions, section, w, reader)) return;
  const bool pagerduty = w.type == Webhook::Type::PagerDuty;
  if (w.url.empty() && pagerduty) w.url = std::string(kPagerDutyUrl);
  if (w.url.empty()) {
    reader.error({"C012", "<webhook> has no <url>", w.at, 7});
    return;
  }
  if (pagerduty && w.key.empty()) {
    reader.error({"C012", "a webhook of type pagerduty needs <key>", w.at, 7, "the routing key of the service"});
    return;
  }
  config.webhooks.push_back(std::move(w));
}

std::vector<OptionInfo> webhook_infos() {
  return infos<Webhook>(kWebhookOptions);
}

}  // namespace

Section webhook_section() {
  return {"webhook",    Pass::Settings, "An address that alerts are posted to, one block each (not in OSSEC).",
          read_webhook, webhook_infos,  {}};
}

}  // namespace gander::config
