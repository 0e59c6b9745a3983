#include "notify/syslog_format.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/json_text.h"

namespace gander::notify {
namespace {

using model::StoredAlert;
using Text = std::optional<std::string>;

constexpr std::string_view kDots = "...";

// "2024 Mar 05 10:00:00" → "Mar  5 10:00:00"
std::string time_stamp(const StoredAlert& alert) {
  std::string out = alert.date && alert.date->size() > 5 ? alert.date->substr(5) : std::string();
  if (out.size() > 4 && out[4] == '0') out[4] = ' ';
  return out;
}

std::string joined_log(const StoredAlert& alert) {
  std::string out;
  for (const std::string& line : alert.log) {
    if (&line != &alert.log.front()) out.push_back('\n');
    out.append(line);
  }
  return out;
}

// Values that stand for nothing. OSSEC means `(none)` and looks at single characters.
bool is_nothing(std::string_view value, model::Compat compat) {
  if (compat == model::Compat::Mended) return value.empty() || value == "(none)" || value == "(null)";
  const auto is = [&](size_t at, char c) { return value.size() > at && value[at] == c; };
  return (is(0, '(') && (is(1, 'n') || is(4, 'k'))) || (is(1, 'n') && is(2, 'n'));
}

std::optional<int> port_of(const Text& text) {
  int port = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), port).ec != std::errc() || port <= 0) {
    return std::nullopt;
  }
  return port;
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string cef_header(std::string_view text) {
  std::string out = escaped(text, "\\|");
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return out;
}

std::string cef_value(std::string_view text) {
  std::string out;
  for (const char c : escaped(text, "\\=")) {
    if (c == '\r') {
      out.append("\\r");
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// A message in the making.
class Message {
 public:
  Message(const StoredAlert& alert, std::string_view host, model::Compat compat)
      : alert_(alert), host_(host), compat_(compat), out_("<132>" + time_stamp(alert)) {}

  std::string as_default() {
    out_.append(" ").append(host_).append(" ossec: Alert Level: ").append(std::to_string(alert_.level));
    out_.append("; Rule: ").append(std::to_string(alert_.rule)).append(" - ").append(description());
    out_.append("; Location: ").append(alert_.location).append(";");
    field(" classification: ", alert_.group, ";");
    field(" srcip: ", alert_.src_ip, ";");
    field(" dstip: ", alert_.dst_ip, ";");
    field(" user: ", alert_.user, ";");
    field(" Previous MD5: ", alert_.old_md5, ";");
    field(" Current MD5: ", alert_.new_md5, ";");
    field(" Previous SHA1: ", alert_.old_sha1, ";");
    field(" Current SHA1: ", alert_.new_sha1, ";");
    field(" Size changed: from ", alert_.size_change, ";");
    field(" User ownership: was ", alert_.owner_change, ";");
    field(" Group ownership: was ", alert_.group_change, ";");
    field(" Permissions changed: from ", alert_.permissions_change, ";");
    const std::string log = joined_log(alert_);
    if (!alert_.log.empty() && !is_nothing(log, compat_)) last(" ", log, "");
    return finish();
  }

  std::string as_cef() {
    out_.append(" CEF:0|OSSEC Foundation|OSSEC HIDS|v4.2.0|").append(std::to_string(alert_.rule)).append("|");
    out_.append(cef_header(description())).append("|").append(std::to_string(std::min(alert_.level, 10)));
    out_.append("|dvc=").append(host_);
    cef(" cs1Label=Location cs1=", alert_.location);
    cef(" classification=", alert_.group);
    cef(" src=", alert_.src_ip);
    number(" dpt=", port_of(alert_.dst_port));
    number(" spt=", port_of(alert_.src_port));
    cef(" fname=", alert_.filename);
    cef(" dhost=", alert_.dst_ip);
    cef(" shost=", alert_.src_ip);
    cef(" suser=", alert_.user);
    cef(" dst=", alert_.dst_ip);
    if (alert_.new_md5 && alert_.new_sha1) {
      cef(" cs2Label=OldMD5 cs2=", alert_.old_md5);
      cef(" cs3Label=NewMD5 cs3=", alert_.new_md5);
      cef(" oldFileHash=", alert_.old_sha1);
      cef(" fhash=", alert_.new_sha1);
      cef(" fileHash=", alert_.new_sha1);
    }
    const std::string log = joined_log(alert_);
    if (!alert_.log.empty() && !is_nothing(log, compat_)) last(" msg=", cef_value(log), "");
    return finish();
  }

  std::string as_splunk() {
    out_.append(" ").append(host_).append(" ossec: crit=").append(std::to_string(alert_.level));
    out_.append(" id=").append(std::to_string(alert_.rule)).append(" description=\"").append(quoted(description()));
    out_.append("\" component=\"").append(quoted(alert_.location)).append("\",");
    splunk(" classification=\"", alert_.group);
    splunk(" src_ip=\"", alert_.src_ip);
    if (alert_.src_ip) number(" src_port=", port_of(alert_.src_port), ",");
    splunk(" dst_ip=\"", alert_.dst_ip);
    if (alert_.dst_ip) number(" dst_port=", port_of(alert_.dst_port), ",");
    splunk(" file=\"", alert_.filename);
    splunk(" acct=\"", alert_.user);
    splunk(" md5_old=\"", alert_.old_md5);
    splunk(" md5_new=\"", alert_.new_md5);
    splunk(" sha1_old=\"", alert_.old_sha1);
    splunk(" sha1_new=\"", alert_.new_sha1);
    const std::string log = joined_log(alert_);
    if (!alert_.log.empty() && !is_nothing(log, compat_)) last(" message=\"", quoted(log), "\"");
    return finish();
  }

 private:
  std::string description() const { return alert_.description.value_or("(null)"); }

  std::string quoted(std::string_view text) const {
    return compat_ == model::Compat::Mended ? escaped(text, "\\\"") : std::string(text);
  }
  // A value that holds the separator would begin a field of its own.
  std::string unseparated(std::string_view text) const {
    std::string out(text);
    if (compat_ == model::Compat::Mended) std::replace(out.begin(), out.end(), ';', ',');
    return out;
  }

  bool shown(const Text& value) const { return value && !is_nothing(*value, compat_); }
  void field(std::string_view name, const Text& value, std::string_view end) {
    if (shown(value)) out_.append(name).append(unseparated(*value)).append(end);
  }
  void cef(std::string_view name, const Text& value) {
    if (shown(value)) out_.append(name).append(cef_value(*value));
  }
  void splunk(std::string_view name, const Text& value) {
    if (shown(value)) out_.append(name).append(quoted(*value)).append("\",");
  }
  void number(std::string_view name, std::optional<int> value, std::string_view end = {}) {
    if (value) out_.append(name).append(std::to_string(*value)).append(end);
  }
  // The log, cut so that the message fits.
  void last(std::string_view name, std::string_view value, std::string_view end) {
    const size_t taken = out_.size() + name.size() + end.size();
    if (taken + value.size() <= kMostMessage) {
      out_.append(name).append(value).append(end);
    } else if (taken + kDots.size() < kMostMessage) {
      std::string_view kept = value.substr(0, kMostMessage - taken - kDots.size());
      // Half an escape would act on what follows.
      size_t slashes = 0;
      while (slashes < kept.size() && kept[kept.size() - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 1 && compat_ == model::Compat::Mended) kept.remove_suffix(1);
      out_.append(name).append(kept).append(kDots).append(end);
    }
  }
  std::string finish() {
    if (out_.size() > kMostMessage) out_.replace(kMostMessage - kDots.size(), std::string::npos, kDots);
    return std::move(out_);
  }

  const StoredAlert& alert_;
  std::string_view host_;
  model::Compat compat_;
  std::string out_;
};

std::string json_object(const StoredAlert& alert, model::Compat compat, std::string_view log, bool cut) {
  std::string out;
  base::JsonBuilder json(out, compat == model::Compat::Mended ? base::DamagedUtf8::Replace : base::DamagedUtf8::Keep);
  const auto text = [&](std::string_view key, const Text& value) {
    if (value) json.string(key, *value);
  };
  const auto port = [&](std::string_view key, const Text& value) {
    if (const auto number = port_of(value)) json.number(key, *number);
  };
  json.open_object();
  json.number("crit", alert.level);
  json.number("id", alert.rule);
  json.string("component", alert.location);
  text("classification", alert.group);
  text("description", alert.description);
  if (!alert.log.empty()) json.string("message", log);
  text("acct", alert.user);
  text("src_ip", alert.src_ip);
  port("src_port", alert.src_port);
  text("dst_ip", alert.dst_ip);
  port("dst_port", alert.dst_port);
  text("file", alert.filename);
  text("md5_old", alert.old_md5);
  text("md5_new", alert.new_md5);
  text("sha1_old", alert.old_sha1);
  text("sha1_new", alert.new_sha1);
  if (cut) out.append(",\"truncated\":true");
  json.close_object();
  return out;
}

std::string json_message(const StoredAlert& alert, std::string_view host, model::Compat compat) {
  const std::string head = "<132>" + time_stamp(alert) + " " + std::string(host) + " ossec: ";
  std::string log = joined_log(alert);
  std::string object = json_object(alert, compat, log, false);
  while (head.size() + object.size() > kMostMessage && compat == model::Compat::Mended && !log.empty()) {
    // Escapes make lengths uncertain: what is too much is taken away until it fits.
    const size_t over = head.size() + object.size() - kMostMessage;
    log.resize(log.size() - std::min(log.size(), std::max<size_t>(over / 6, 16)));
    object = json_object(alert, compat, log, true);
  }
  if (head.size() + object.size() > kMostMessage) {
    object =
        "{\"crit\":" + std::to_string(alert.level) + ",\"id\":" + std::to_string(alert.rule) + ",\"truncated\":true}";
  }
  return head + object;
}

}  // namespace

std::string_view shown_host(std::string_view host_name, bool with_domain) {
  return with_domain ? host_name : host_name.substr(0, host_name.find('.'));
}

std::string syslog_message(const StoredAlert& alert, config::SyslogOutput::Format format, std::string_view host,
                           model::Compat compat) {
  using Format = config::SyslogOutput::Format;
  switch (format) {
    case Format::Cef:
      return Message(alert, host, compat).as_cef();
    case Format::Json:
      return json_message(alert, host, compat);
    case Format::Splunk:
      return Message(alert, host, compat).as_splunk();
    default:
      return Message(alert, host, compat).as_default();
  }
}

void make_one_line(std::string& message) {
  std::replace_if(
      message.begin(), message.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  message.push_back('\n');
}

}  // namespace gander::notify
