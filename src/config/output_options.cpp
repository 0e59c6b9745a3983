// <syslog_output>, <database_output>: alerts to other systems.
#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

// ---- <syslog_output>

struct SyslogBlock {
  SyslogOutput output;
  bool udp_named = false;
  bool tls = false;
};

template <auto Member>
void keep_output(SyslogBlock& b, const Value& value, SectionReader& reader) {
  keep<Member>(b.output, value, reader);
}

void keep_protocol(SyslogBlock& b, const Value& value, SectionReader&) {
  const bool tcp = same_name(value.text, "tcp");
  b.udp_named = !tcp;
  b.output.protocol = tcp ? SyslogOutput::Protocol::Tcp : SyslogOutput::Protocol::Udp;
}

void keep_tls(SyslogBlock& b, const Value& value, SectionReader&) {
  b.tls = value.yes;
}

void keep_format(SyslogBlock& b, const Value& value, SectionReader&) {
  using Format = SyslogOutput::Format;
  b.output.format = value.text == "cef"      ? Format::Cef
                    : value.text == "json"   ? Format::Json
                    : value.text == "splunk" ? Format::Splunk
                                             : Format::Default;
}

void keep_rule_ids(SyslogBlock& b, const Value& value, SectionReader& reader) {
  std::string bad;
  b.output.rule_ids = parse_numbers(value.text, bad);
  if (bad.empty()) return;
  reader.warning({"C112", "'" + bad + "' is no rule id and is left out", reader.content_at(value.element),
                  static_cast<int>(value.text.size())});
}

constexpr Option<SyslogBlock> kSyslogOptions[] = {
    {{"server", Kind::Text, "host name or address", "", "Where alerts go."}, keep_output<&SyslogOutput::server>},
    {{"port", Kind::Number, "", "514", "Port."}, keep_output<&SyslogOutput::port>},
    {{"protocol", Kind::Words, "udp|tcp", "udp", "Transport."}, keep_protocol},
    {{"tls", Kind::YesNo, "", "no", "TLS over tcp."}, keep_tls},
    {{"tls_verify", Kind::YesNo, "", "yes", "Check the server's certificate."}, keep_output<&SyslogOutput::tls_verify>},
    {{"tls_ca", Kind::Path, "", "the system's", "File of trusted certificates."}, keep_output<&SyslogOutput::tls_ca>},
    {{"format", Kind::Words, "default|cef|json|splunk", "default", "Form of the messages."}, keep_format},
    {{"level", Kind::Number, "", "", "Least level."}, keep_output<&SyslogOutput::level>},
    {{"rule_id", Kind::Numbers, "rule ids with commas", "", "Rules."}, keep_rule_ids},
    {{"group", Kind::Match, "match pattern", "", "Groups."}, keep_output<&SyslogOutput::group>},
    {{"location", Kind::Match, "match pattern", "", "Where the event comes from."},
     keep_output<&SyslogOutput::location>},
    {{"use_fqdn", Kind::YesNo, "", "no", "Send the host name with its domain."}, keep_output<&SyslogOutput::use_fqdn>},
};

bool check_syslog(const SyslogBlock& b, SectionReader& reader) {
  const SyslogOutput& o = b.output;
  if (o.server.empty()) {
    reader.error({"C012",
                  "<syslog_output> has no <server>",
                  o.at,
                  13,
                  {},
                  {reader.error_line(5301, "Invalid client-syslog configuration.")}});
    return false;
  }
  if (o.server.find('/') != std::string::npos) {
    reader.error({"C022",
                  "'" + o.server + "' is a network, not a server",
                  o.at,
                  13,
                  "host name or address",
                  {reader.error_line(0, "syslog_output server '" + o.server +
                                            "' must be a hostname or IP address, not a network/CIDR.")}});
    return false;
  }
  if (b.tls && b.udp_named) {
    reader.error({"C022",
                  "<tls> needs <protocol>tcp</protocol>",
                  o.at,
                  13,
                  {},
                  {reader.error_line(0, "syslog_output tls=yes requires protocol=tcp (got protocol=udp).")}});
    return false;
  }
  return true;
}

void read_syslog_output(const XmlElement& section, Config& config, SectionReader& reader) {
  SyslogBlock block;
  block.output.at = reader.at(section);
  if (!read_options(kSyslogOptions, section, block, reader)) return;
  if (!check_syslog(block, reader)) return;
  if (block.tls) block.output.protocol = SyslogOutput::Protocol::Tls;
  config.syslog_outputs.push_back(std::move(block.output));
}

// ---- <database_output>

constexpr Option<Database> kDatabaseOptions[] = {
    {{"hostname", Kind::Text, "", "", "Host of the database."}, keep<&Database::hostname>},
    {{"username", Kind::Text, "", "", "User."}, keep<&Database::username>},
    {{"password", Kind::Text, "", "", "Password."}, keep<&Database::password>},
    {{"database", Kind::Text, "", "", "Name of the database."}, keep<&Database::database>},
    {{"port", Kind::Number, "", "", "Port."}, keep<&Database::port>},
    {{"socket", Kind::Path, "", "", "Local socket."}, keep<&Database::socket>},
    {{"type", Kind::Words, "mysql|postgresql", "", "Kind of database."}, keep<&Database::type>},
};

void read_database_output(const XmlElement& section, Config& config, SectionReader& reader) {
  Database& d = config.database;
  d.configured = true;
  if (!read_options(kDatabaseOptions, section, d, reader)) return;
  if (!d.hostname.empty() && !d.username.empty() && !d.password.empty() && !d.database.empty()) return;
  reader.error(
      {"C012",
       "<database_output> needs <hostname>, <username>, <password> and <database>",
       reader.at(section),
       15,
       {},
       {reader.error_line(5205, "Missing database configuration. It requires host, user, pass and database.")}});
}

std::vector<OptionInfo> syslog_infos() {
  return infos<SyslogBlock>(kSyslogOptions);
}

std::vector<OptionInfo> database_infos() {
  return infos<Database>(kDatabaseOptions);
}

}  // namespace

Section syslog_output_section() {
  return {"syslog_output",    Pass::NotAnalysis, "A syslog server that gets alerts, one block each.",
          read_syslog_output, syslog_infos,      {}};
}

Section database_output_section() {
  return {"database_output",    Pass::NotAnalysis, "A database that gets alerts.",
          read_database_output, database_infos,    {}};
}

}  // namespace gander::config
