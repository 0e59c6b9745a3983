// <remote> (listeners of the manager) and <client> (an agent's manager).
#include "config/option_table.h"
#include "config/section_table.h"

namespace gander::config {
namespace {

constexpr auto kLast = Repeats::LastWins;
constexpr auto kAppends = Repeats::Appends;
constexpr auto kAny = NameCase::Any;

void keep_connection(Remote& r, const Value& value, SectionReader&) {
  r.connection = value.text == "secure" ? Remote::Connection::Secure : Remote::Connection::Syslog;
}

void keep_protocol(Remote& r, const Value& value, SectionReader&) {
  r.protocol = same_name(value.text, "tcp") ? Remote::Protocol::Tcp : Remote::Protocol::Udp;
}

void keep_crypto(Remote& r, const Value& value, SectionReader&) {
  r.crypto = value.text == "aes"        ? Remote::Crypto::Aes
             : value.text == "blowfish" ? Remote::Crypto::Blowfish
                                        : Remote::Crypto::Both;
}

constexpr Option<Remote> kRemoteOptions[] = {
    {{"connection", Kind::Words, "secure|syslog", "", "What the listener speaks.", kLast, kAny}, keep_connection},
    {{"port", Kind::Number, "1..65535", "1514 secure, 514 syslog", "Port of the listener.", kLast, kAny,
      ReadBy::Analysis, BadValue::Port1205},
     keep<&Remote::port>},
    {{"protocol", Kind::AnyCaseWord, "udp|tcp", "udp", "A secure listener always uses udp in OSSEC.", kLast, kAny},
     keep_protocol},
    {{"allowed-ips", Kind::Address, "address, network or any, may begin with !", "", "Who may send.", kAppends},
     keep<&Remote::allowed_ips>},
    {{"denied-ips", Kind::Address, "address, network or any, may begin with !", "", "Who may not send.", kAppends},
     keep<&Remote::denied_ips>},
    {{"local_ip", Kind::HostAddress, "address", "all", "Address to listen on.", kLast, kAny}, keep<&Remote::local_ip>},
    {{"ipv6", Kind::OnlyYes, "yes", "no", "Without effect in OSSEC 4.3.", kLast, kAny}, keep<&Remote::ipv6>},
    {{"crypto_accept", Kind::Words, "aes|blowfish|both|any", "both", "Ciphers that agents may use.", kLast, kAny},
     keep_crypto},
};

void read_remote(const XmlElement& section, Config& config, SectionReader& reader) {
  Remote r;
  r.at = reader.at(section);
  if (!read_options(kRemoteOptions, section, r, reader)) return;
  bool named = false;
  for (const XmlElement& e : section.children) named = named || same_name(e.name, "connection");
  if (!named) {
    reader.error({"C012",
                  "<remote> has no <connection>",
                  r.at,
                  6,
                  "secure or syslog",
                  {reader.error_line(1201, "No remote connection configured.")}});
    return;
  }
  if (r.connection == Remote::Connection::Secure && r.protocol == Remote::Protocol::Tcp) {
    if (reader.exact()) r.protocol = Remote::Protocol::Udp;
    reader.warning({"C106", "a secure listener over tcp is udp in OSSEC 4.3", r.at, 6});
  }
  config.remotes.push_back(std::move(r));
}

void keep_reconnect(Client& c, const Value& value, SectionReader&) {
  c.reconnect_time = value.number;
}

constexpr Option<Client> kClientOptions[] = {
    {{"server-ip", Kind::HostAddress, "address", "", "The manager.", kAppends}, keep<&Client::server_ips>},
    {{"server-hostname", Kind::Text, "host name", "", "The manager.", kAppends}, keep<&Client::server_hostnames>},
    {{"port", Kind::Number, "1..65535", "1514", "Port of the manager."}, keep<&Client::port>},
    {{"local_ip", Kind::HostAddress, "address", "", "Address to send from."}, keep<&Client::local_ip>},
    {{"notify_time", Kind::Seconds, "", "600", "Seconds between keep-alives."}, keep<&Client::notify_time>},
    {{"time-reconnect", Kind::Seconds, "", "1800", "Seconds without an answer until the agent connects again."},
     keep_reconnect},
    {{"disable-active-response", Kind::YesNo, "", "no", "Run no active response on this agent."},
     keep<&Client::disable_active_response>},
    {{"config-profile", Kind::Text, "names with commas", "", "Profiles of agent.conf that this agent takes."},
     keep<&Client::config_profile>},
    {{"crypto_method", Kind::Words, "aes|blowfish", "aes", "Cipher."}, keep<&Client::crypto_method>},
};

void read_client(const XmlElement& section, Config& config, SectionReader& reader) {
  Client& c = config.client;
  read_options(kClientOptions, section, c, reader);
  c.configured = true;
  c.at = reader.at(section);
  if (c.reconnect_time <= c.notify_time) c.reconnect_time = 3 * c.notify_time;
}

std::vector<OptionInfo> remote_infos() {
  return infos<Remote>(kRemoteOptions);
}

std::vector<OptionInfo> client_infos() {
  return infos<Client>(kClientOptions);
}

}  // namespace

Section remote_section() {
  return {"remote", Pass::NotAnalysis, "A listener of the manager, one block each.", read_remote, remote_infos, {}};
}

Section client_section() {
  return {"client", Pass::NotAnalysis, "An agent's manager.", read_client, client_infos, {}};
}

}  // namespace gander::config
