// The sections of ossec.conf as typed values; their defaults are those of an absent section.
//
// Owns:    plain values. `at` is where the block or entry stands, for findings made later.
// Source:  the option tables (*_options.cpp) say what each field means; docs/reference/configuration.md is made of
// them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sensitive/kinds.h"

namespace gander::config {

struct Located {
  std::string text;
  SourcePos at;
};

struct Global {
  bool email_notification = false;
  std::vector<std::string> email_to;
  std::string email_from;
  std::string email_reply_to;
  std::string email_idsname;
  std::string smtp_server;
  std::string helo_server = "notify.ossec.net";
  int email_maxperhour = 12;
  bool auth_smtp = false;
  SourcePos auth_smtp_at;
  bool secure_smtp = false;
  bool smtp_tls_verify = true;
  std::optional<int> smtp_port;  // absent: 465 with secure_smtp, 587 with auth_smtp, else 25
  std::string smtp_user;
  std::string smtp_password;
  bool logall = false;
  bool logall_json = false;
  bool jsonout_output = false;
  std::optional<std::string> custom_alert_output;
  int stats = 4;
  int integrity_checking = 8;
  int rootkit_detection = 8;
  int host_information = 8;
  int memory_size = 8192;
  std::vector<std::string> allowed_addresses;  // address, network or `any`
  std::vector<std::string> allowed_names;      // what did not parse as an address
  std::string md5_allowlist;
  std::string geoip_db_path;
  std::string geoip6_db_path;
  std::string geoipdb;
  bool prelude_output = false;
  std::string prelude_profile;
  int prelude_log_level = 0;
  bool zeromq_output = false;
  std::string zeromq_uri;
  std::string zeromq_server_cert;
  std::string zeromq_client_cert;
};

// A file or directory of <rules>, as written.
struct RuleSource {
  enum class Kind { File, Directory } kind = Kind::File;
  std::string text;
  std::string pattern = ".xml$";  // of directories
  bool own_pattern = false;       // the element has the attribute
  bool matches_nothing = false;   // oddity of 4.3: a second directory with its own pattern
  SourcePos at;
};

struct Rules {
  std::vector<RuleSource> decoders;
  std::vector<RuleSource> rules;
  std::vector<Located> lists;
};

struct Alerts {
  int log_alert_level = 1;
  int email_alert_level = 7;
  bool use_geoip = false;
};

struct PathPattern {
  enum class Kind { Prefix, Match } kind = Kind::Prefix;
  std::string text;
  SourcePos at;
};

// One <directories> element.
struct WatchedPaths {
  enum Check : unsigned {
    Md5 = 1,
    Sha1 = 2,
    Sha256 = 4,
    Perm = 8,
    Size = 16,
    Owner = 32,
    Group = 64,
    Realtime = 128,
    ReportChanges = 256,
    NoRecurse = 512
  };
  static constexpr unsigned kSum = Md5 | Sha1 | Sha256;
  static constexpr unsigned kAll = kSum | Perm | Size | Owner | Group;

  std::vector<std::string> paths;  // globs are expanded by the scanner
  unsigned checks = Sha256;
  std::string restrict_to;  // match pattern; empty = every file
  SourcePos at;
};

struct Syscheck {
  std::vector<WatchedPaths> directories;
  std::vector<PathPattern> ignore;
  std::vector<PathPattern> nodiff;
  int frequency = 600;
  std::optional<int> scan_time;  // minutes after midnight
  uint8_t scan_days = 0;         // bit 0 = Sunday; 0 = not set
  bool scan_on_start = true;
  bool disabled = false;
  bool skip_nfs = false;
  bool auto_ignore = true;
  bool alert_new_files = false;
  std::string prefilter_cmd;
  std::vector<std::string> windows_registry;
  std::vector<PathPattern> registry_ignore;
};

// What must not lie about: files are looked through when there is such a section.
struct Sensitive {
  bool configured = false;
  bool disabled = false;
  std::vector<std::string> directories;  // absolute, without a slash at their end; empty: every watched file
  sensitive::KindSet kinds = sensitive::KindSet::all();
  std::vector<PathPattern> ignore;
  uint64_t max_size = uint64_t{100} << 20;
  bool logs = false;  // mask every alert

  bool looks_at_files() const { return configured && !disabled; }
  bool masks_alerts() const { return configured && !disabled && logs; }
};

struct Rootcheck {
  bool asked_for = false;  // the configuration has the section
  bool disabled = false;
  int frequency = 72000;
  std::string rootkit_files;
  std::string rootkit_trojans;
  std::vector<std::string> system_audit;
  std::string windows_audit;
  std::string windows_malware;
  std::string windows_apps;
  std::string base_directory;
  std::vector<std::string> ignore;
  bool scanall = false;
  bool readall = false;
  bool skip_nfs = false;
  std::map<std::string, bool, std::less<>> checks;  // "dev", "files", …; absent = yes

  bool runs(std::string_view check) const {
    const auto found = checks.find(check);
    return found == checks.end() || found->second;
  }
};

struct Localfile {
  std::string location;  // may be a glob or a date pattern
  std::string command;
  std::string log_format;  // checked: one of the known words
  int lines = 0;           // N of multi-line:N
  std::string alias;
  int frequency = 360;
  int timeout = 0;  // seconds that a command may run; 0: 60, or the frequency if that is shorter
  bool only_future_events = false;
  std::string query;
  SourcePos at;
};

struct Remote {
  enum class Connection { None, Secure, Syslog } connection = Connection::None;
  enum class Protocol { Udp, Tcp } protocol = Protocol::Udp;
  enum class Crypto { Both, Aes, Blowfish } crypto = Crypto::Both;
  std::optional<int> port;  // absent: 1514 secure, 514 syslog
  std::vector<std::string> allowed_ips;
  std::vector<std::string> denied_ips;
  std::string local_ip;
  bool ipv6 = false;
  SourcePos at;
};

struct Client {
  std::vector<std::string> server_ips;
  std::vector<std::string> server_hostnames;
  int port = 1514;
  std::string local_ip;
  int notify_time = 600;
  int reconnect_time = 1800;
  bool disable_active_response = false;
  std::string config_profile;
  std::string crypto_method = "aes";
  bool configured = false;
  SourcePos at;
};

struct Command {
  std::string name;
  std::string executable;
  bool expects_user = false;
  bool expects_srcip = false;
  bool expects_hostname = false;  // a source may also be a name
  bool expects_filename = false;
  bool timeout_allowed = false;
  SourcePos at;
};

struct ActiveResponse {
  std::string command;
  bool on_server = false;
  bool on_local = false;
  bool on_defined_agent = false;
  bool on_all = false;
  std::string agent_id;
  int level = 0;  // 0 = not used
  std::vector<int> rules_id;
  std::string rules_group;  // OSSEC regex
  int timeout = 0;
  bool off = false;  // a later block with <disabled>yes</disabled> switched it off
  SourcePos at;
};

// What the executor reads of <active-response>.
struct ResponseSettings {
  std::optional<bool> disabled;         // the first such element
  std::vector<int> repeated_offenders;  // minutes; of the first such element, at most 5
};

struct EmailAlert {
  std::string email_to;
  std::optional<int> level;
  std::vector<int> rule_ids;
  std::string group;           // match pattern
  std::string event_location;  // match pattern
  bool do_not_delay = false;
  bool do_not_group = false;
  SourcePos at;
};

struct Report {
  struct Filter {
    std::string field;  // group, rule, level, location, srcip, user
    std::string text;
    bool relation = false;  // text names the related field
  };
  std::string title;  // empty: "OSSEC Report (unnamed)"
  std::vector<std::string> email_to;
  std::vector<Filter> filters;
  bool showlogs = false;
  SourcePos at;
};

struct SyslogOutput {
  std::string server;
  int port = 514;
  enum class Protocol { Udp, Tcp, Tls } protocol = Protocol::Udp;
  bool tls_verify = true;
  std::string tls_ca;
  enum class Format { Default, Cef, Json, Splunk } format = Format::Default;
  std::optional<int> level;
  std::vector<int> rule_ids;
  std::string group;
  std::string location;
  bool use_fqdn = false;
  SourcePos at;
};

struct Webhook {
  enum class Type { Generic, Slack, Teams, PagerDuty } type = Type::Generic;
  std::string name;                  // in logs and metrics; empty: type and host of the URL
  std::string url;                   // may hold a secret: never logged
  std::string key;                   // PagerDuty's routing key
  std::vector<std::string> headers;  // "Name: value"
  bool tls_verify = true;
  std::string tls_ca;
  std::optional<int> level;
  std::vector<int> rule_ids;
  std::string group;
  std::string location;
  SourcePos at;
};

struct Database {
  std::string hostname;
  std::string username;
  std::string password;
  std::string database;
  std::optional<int> port;
  std::string socket;
  std::string type;  // mysql, postgresql
  bool configured = false;
};

struct Agentless {
  struct Host {
    std::string address;  // user@host
    enum class As { Self, Su, Sudo } as = As::Self;
  };
  std::string type;
  std::vector<Host> hosts;
  bool periodic = false;
  bool periodic_diff = false;
  bool stay_connected = false;
  int frequency = 86400;
  std::string arguments;
  int port = 0;
  std::string run_command;
  SourcePos at;
};

}  // namespace gander::config
