// <global>: mail, what is written, levels of internal events, who is never blocked.
#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

// OSSEC keeps levels in eight bits.
template <auto Member>
void keep_level(Global& g, const Value& value, SectionReader& reader) {
  g.*Member = reader.exact() ? value.number & 0xff : value.number;
  if (value.number > 0xff && !reader.exact()) {
    reader.warning({"C105", "level " + std::string(value.text) + " does not fit OSSEC's 8 bits; kept as written",
                    reader.content_at(value.element)});
  }
}

void keep_smtp_server(Global& g, const Value& value, SectionReader& reader) {
  if (reader.exact() && !g.email_notification) return;
  g.smtp_server = std::string(value.text);
}

void keep_auth(Global& g, const Value& value, SectionReader& reader) {
  g.auth_smtp = value.yes;
  g.auth_smtp_at = reader.content_at(value.element);
}

void keep_memory(Global& g, const Value& value, SectionReader&) {
  g.memory_size = value.number < 2048 ? 2048 : value.number;
}

void keep_allowed(Global& g, const Value& value, SectionReader&) {
  const bool address = is_address(value.text, AddressForm::Network);
  (address ? g.allowed_addresses : g.allowed_names).emplace_back(value.text);
}

constexpr auto kLast = Repeats::LastWins;
constexpr auto kExact = NameCase::Exact;
constexpr auto kOthers = ReadBy::Others;

constexpr Option<Global> kGlobalOptions[] = {
    {{"email_notification", Kind::YesNo, "", "no", "Send alerts by mail."}, keep<&Global::email_notification>},
    {{"email_to", Kind::Mail, "", "", "Who gets every alert mail.", Repeats::Appends}, keep<&Global::email_to>},
    {{"email_from", Kind::Text, "", "", "Sender address of alert mails."}, keep<&Global::email_from>},
    {{"email_reply_to", Kind::Text, "", "", "Reply-To header of alert mails."}, keep<&Global::email_reply_to>},
    {{"email_idsname", Kind::Text, "", "", "Value of the X-IDS-OSSEC header."}, keep<&Global::email_idsname>},
    {{"smtp_server", Kind::Text, "host, address or /path/of/a/program", "",
      "Where mail goes. OSSEC looks at it only below email_notification."},
     keep_smtp_server},
    {{"helo_server", Kind::Text, "", "notify.ossec.net", "Name given to the mail server."}, keep<&Global::helo_server>},
    {{"email_maxperhour", Kind::Number, "1..9999", "12", "Mails an hour; later alerts wait for the next hour.", kLast,
      kExact, kOthers},
     keep<&Global::email_maxperhour>},
    {{"auth_smtp", Kind::YesNo, "", "no", "Log in to the mail server (STARTTLS).", kLast, kExact, ReadBy::Analysis,
      BadValue::Nothing},
     keep_auth},
    {{"secure_smtp", Kind::YesNo, "", "no", "TLS from the first byte.", kLast, kExact, ReadBy::Analysis,
      BadValue::Nothing},
     keep<&Global::secure_smtp>},
    {{"smtp_tls_verify", Kind::YesNo, "", "yes", "Check the mail server's certificate."},
     keep<&Global::smtp_tls_verify>},
    {{"smtp_port", Kind::Number, "1..65535", "25; 587 with auth_smtp; 465 with secure_smtp",
      "Port of the mail server."},
     keep<&Global::smtp_port>},
    {{"smtp_user", Kind::Text, "", "", "User for auth_smtp."}, keep<&Global::smtp_user>},
    {{"smtp_password", Kind::Text, "", "", "Password for auth_smtp."}, keep<&Global::smtp_password>},
    {{"logall", Kind::YesNo, "", "no", "Keep every event in archives.log."}, keep<&Global::logall>},
    {{"logall_json", Kind::YesNo, "", "no", "Keep every event in archives.json."}, keep<&Global::logall_json>},
    {{"jsonout_output", Kind::YesNo, "", "no", "Write alerts.json beside alerts.log."}, keep<&Global::jsonout_output>},
    {{"custom_alert_output", Kind::Text, "", "", "Format of alerts.log lines; replaces the usual one."},
     keep<&Global::custom_alert_output>},
    {{"stats", Kind::Number, "", "4", "Level of alerts about unusual hourly counts."}, keep_level<&Global::stats>},
    {{"integrity_checking", Kind::Number, "", "8", "Level of integrity events."},
     keep_level<&Global::integrity_checking>},
    {{"rootkit_detection", Kind::Number, "", "8", "Level of root check events."},
     keep_level<&Global::rootkit_detection>},
    {{"host_information", Kind::Number, "", "8", "Level of host information events."},
     keep_level<&Global::host_information>},
    {{"memory_size", Kind::Number, "", "8192", "Events kept for correlation; at least 2048."}, keep_memory},
    {{"white_list", Kind::Text, "address, network or host name", "", "Never blocked by active response.",
      Repeats::Appends},
     keep_allowed},
    {{"allow_list", Kind::Text, "address, network or host name", "", "The same as white_list.", Repeats::Appends},
     keep_allowed},
    {{"compress_alerts", Kind::Text, "", "", "Accepted without effect."}, ignore_value<Global>},
    {{"prelude_output", Kind::YesNo, "", "no", "Prelude output; without effect."}, keep<&Global::prelude_output>},
    {{"prelude_profile", Kind::Text, "", "", "Prelude profile; without effect."}, keep<&Global::prelude_profile>},
    {{"prelude_log_level", Kind::Number, "", "0", "Prelude level; without effect."}, keep<&Global::prelude_log_level>},
    {{"zeromq_output", Kind::YesNo, "", "no", "ZeroMQ output; without effect."}, keep<&Global::zeromq_output>},
    {{"zeromq_uri", Kind::Text, "", "", "ZeroMQ address; without effect."}, keep<&Global::zeromq_uri>},
    {{"zeromq_server_cert", Kind::Path, "", "", "ZeroMQ certificate; without effect."},
     keep<&Global::zeromq_server_cert>},
    {{"zeromq_client_cert", Kind::Path, "", "", "ZeroMQ certificate; without effect."},
     keep<&Global::zeromq_client_cert>},
    {{"geoipdb", Kind::Path, "", "", "Location database."}, keep<&Global::geoipdb>},
    {{"geoip_db_path", Kind::Path, "", "", "Location database for IPv4.", kLast, kExact, ReadBy::Analysis,
      BadValue::Usual1235, Attributes::None, "GeoIP"},
     keep<&Global::geoip_db_path>},
    {{"geoip6_db_path", Kind::Path, "", "", "Location database for IPv6.", kLast, kExact, ReadBy::Analysis,
      BadValue::Usual1235, Attributes::None, "GeoIP"},
     keep<&Global::geoip6_db_path>},
    {{"md5_whitelist", Kind::Path, "", "", "Database of known good MD5 sums.", kLast, kExact, ReadBy::Analysis,
      BadValue::Usual1235, Attributes::None, "SQLite"},
     keep<&Global::md5_allowlist>},
    {{"md5_allowlist", Kind::Path, "", "", "The same as md5_whitelist.", kLast, kExact, ReadBy::Analysis,
      BadValue::Usual1235, Attributes::None, "SQLite"},
     keep<&Global::md5_allowlist>},
};

void read_global(const XmlElement& section, Config& config, SectionReader& reader) {
  read_options(kGlobalOptions, section, config.global, reader);
}

std::vector<OptionInfo> global_infos() {
  return infos<Global>(kGlobalOptions);
}

}  // namespace

Section global_section() {
  return {"global", Pass::Settings, "Mail, output and general settings.", read_global, global_infos, {}};
}

}  // namespace gander::config
