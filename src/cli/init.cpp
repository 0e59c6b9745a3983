// `gander init`: a home for this host: what it logs becomes a configuration; or OSSEC's installation is taken over.

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <vector>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/layout.h"

namespace gander::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::time_t kStaleAfter = 2 * 86400;  // seconds

struct LogFile {
  const char* path;
  const char* format;
};

// Written by the syslog daemon: the journal holds the same lines.
constexpr const char* kSyslogFiles[] = {"/var/log/syslog", "/var/log/auth.log", "/var/log/messages", "/var/log/secure"};
// On Debian the lines of these stand in /var/log/syslog as well; collected twice they would count twice.
constexpr const char* kCopies[] = {"/var/log/messages", "/var/log/mail.log",   "/var/log/kern.log",
                                   "/var/log/user.log", "/var/log/daemon.log", "/var/log/cron.log"};
constexpr const char* kSyslogOnly[] = {"/var/log/maillog",  "/var/log/mail.log",   "/var/log/kern.log",
                                       "/var/log/user.log", "/var/log/daemon.log", "/var/log/cron",
                                       "/var/log/cron.log"};
constexpr LogFile kOwnFiles[] = {
    {"/var/log/dpkg.log", "syslog"},        {"/var/log/apt/history.log", "syslog"}, {"/var/log/yum.log", "syslog"},
    {"/var/log/audit/audit.log", "syslog"}, {"/var/log/vsftpd.log", "syslog"},      {"/var/log/xferlog", "syslog"},
    {"/var/log/haproxy.log", "syslog"},     {"/var/log/squid/access.log", "squid"},
};
// Services that write a file of their own in a form that a decoder reads line by line, as Debian, Red Hat and FreeBSD
// name it. What repeats the lines of another one (Exim's rejectlog, Asterisk's full) stands not here.
constexpr const char* kServiceFiles[] = {
    // mail
    "/var/log/exim4/mainlog", "/var/log/exim/main.log", "/var/log/exim/mainlog", "/var/log/exim_mainlog",
    "/var/log/dovecot.log", "/var/log/sogo/sogo.log", "/var/log/roundcube/errors.log",
    // data
    "/var/log/mysql/error.log", "/var/log/mysqld.log", "/var/log/mysql/mysqld.log", "/var/log/mariadb/mariadb.log",
    "/var/log/mongodb/mongod.log", "/var/log/redis/redis-server.log", "/var/log/redis/redis.log",
    "/var/log/valkey/valkey-server.log", "/var/log/valkey/valkey.log",
    // names and files
    "/var/log/named.log", "/var/log/named/named.log", "/var/log/named/security.log", "/var/log/bind/named.log",
    "/var/log/unbound.log", "/var/log/unbound/unbound.log", "/var/log/nsd.log", "/var/log/dnsmasq.log",
    "/var/log/samba/log.smbd", "/var/log/samba/log.winbindd", "/var/log/proftpd/proftpd.log",
    // talk
    "/var/log/asterisk/messages", "/var/log/asterisk/messages.log", "/var/log/asterisk/security",
    "/var/log/asterisk/security.log", "/var/log/freeswitch/freeswitch.log", "/var/log/ejabberd/ejabberd.log",
    "/var/log/mumble-server/mumble-server.log",
    // panels, tunnels, detectors
    "/var/log/gitlab/gitlab-rails/application.log", "/var/log/gitea/gitea.log", "/var/log/grafana/grafana.log",
    "/var/log/monit.log", "/var/log/openvpn/openvpn.log", "/var/log/caddy/access.log", "/var/log/traefik/access.log",
    "/var/log/clamav/clamav.log", "/var/log/suricata/eve.json"};
constexpr const char* kPostgresqlFolder = "/var/log/postgresql";  // a file for each cluster
constexpr const char* kWebFolders[] = {"/var/log/apache2", "/var/log/httpd", "/var/log/nginx", "/var/log/lighttpd"};
constexpr const char* kWatched[] = {"/etc",  "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin",
                                    "/boot", "/bin",     "/sbin"};

struct Source {
  std::string path;
  std::string format;
};

struct Host {
  std::vector<Source> sources;
  std::vector<std::string> left_out;  // they hold what another one holds
  bool journal = false;
  bool stale = false;  // the syslog files are old: nobody writes them any more
  bool mail_server = false;
  bool netstat = false;
  bool ss = false;
  std::vector<std::string> watched;
};

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// Names go into XML and are looked up as globs: only what means itself in both.
bool is_plain_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

// The kernel's table of sockets: listening (0A) on port 25 (0019) of 127.0.0.1, ::1 or every address.
bool listens_for_mail(const std::string& table) {
  std::istringstream lines(table);
  std::string number;
  std::string local;
  std::string remote;
  std::string state;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (!(words >> number >> local >> remote >> state) || state != "0A" || !local.ends_with(":0019")) continue;
    const std::string address = local.substr(0, local.size() - 5);
    const bool any = address.find_first_not_of('0') == std::string::npos;
    if (any || address == "0100007F") return true;
  }
  return false;
}

std::vector<std::string> logs_in(const std::string& root, const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator it(root + folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    const bool is_log = name.ends_with(".log") || name.ends_with("_log");
    if (is_log && is_plain_name(name) && is_file(it->path().string())) found.push_back(folder + "/" + name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Syslog's files, or the journal where there are none or the last line in them is old.
void look_for_syslog(const std::string& root, Host& host) {
  host.journal = is_folder(root + "/var/log/journal") || is_folder(root + "/run/log/journal");
  std::vector<std::string> files;
  std::time_t newest = 0;
  const auto add = [&](const char* path) {
    struct stat s = {};
    if (::stat((root + path).c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return;
    newest = std::max(newest, s.st_mtime);
    files.emplace_back(path);
  };
  for (const char* path : kSyslogFiles) add(path);
  const bool rsyslog = !files.empty();
  for (const char* path : kSyslogOnly) add(path);
  host.stale = rsyslog && newest < std::time(nullptr) - kStaleAfter;
  if (host.journal && (!rsyslog || host.stale)) {
    host.left_out = files;
    host.sources.push_back({"all", "journald"});
    return;
  }
  host.journal = false;
  const bool has_syslog = is_file(root + "/var/log/syslog");
  for (const std::string& path : files) {
    const bool copy = has_syslog && std::find(std::begin(kCopies), std::end(kCopies), path) != std::end(kCopies);
    if (copy)
      host.left_out.push_back(path);
    else
      host.sources.push_back({path, "syslog"});
  }
}

Host look_at(const std::string& root) {
  Host host;
  look_for_syslog(root, host);
  for (const LogFile& f : kOwnFiles) {
    if (is_file(root + f.path)) host.sources.push_back({f.path, f.format});
  }
  for (const char* path : kServiceFiles) {
    if (is_file(root + path)) host.sources.push_back({path, "syslog"});
  }
  for (std::string& path : logs_in(root, kPostgresqlFolder)) host.sources.push_back({std::move(path), "syslog"});
  for (const char* folder : kWebFolders) {
    for (std::string& path : logs_in(root, folder)) host.sources.push_back({std::move(path), "apache"});
  }
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const Result<std::string> text = base::read_file(root + table);
    host.mail_server = host.mail_server || (text && listens_for_mail(*text));
  }
  const auto has_program = [&](const std::string& name) {
    return is_file(root + "/usr/bin/" + name) || is_file(root + "/bin/" + name) || is_file(root + "/usr/sbin/" + name);
  };
  host.netstat = has_program("netstat");
  host.ss = has_program("ss");
  for (const char* path : kWatched) {
    std::error_code ignored;
    // /bin is a link to usr/bin on most hosts now: watched there.
    if (is_folder(root + path) && !fs::is_symlink(root + path, ignored)) host.watched.emplace_back(path);
  }
  return host;
}

std::string localfile(const std::string& format, const std::string& name, const std::string& value) {
  return "  <localfile>\n    <log_format>" + format + "</log_format>\n    <" + name + ">" + value + "</" + name +
         ">\n  </localfile>\n\n";
}

std::string global_text(const Host& host) {
  std::string out = "  <global>\n";
  if (host.mail_server) {
    out +=
        "    <!-- A mail server listens on this host. Put the address in that you read. -->\n"
        "    <email_notification>yes</email_notification>\n    <email_to>root@localhost</email_to>\n"
        "    <smtp_server>127.0.0.1</smtp_server>\n    <email_from>gander@localhost</email_from>\n";
  } else {
    out +=
        "    <!-- No mail server listens on 127.0.0.1:25. For mail: yes, and <email_to>, <smtp_server>, <email_from>. "
        "-->\n    <email_notification>no</email_notification>\n";
  }
  return out +
         "    <!-- Never blocked by a response. Add the addresses you administer this host from. -->\n"
         "    <white_list>127.0.0.1</white_list>\n    <white_list>::1</white_list>\n  </global>\n\n";
}

std::string sources_text(const Host& host) {
  std::string out;
  if (host.stale && host.journal)
    out += "  <!-- The syslog files of this host were not written for days, so the journal is read. -->\n";
  for (const Source& s : host.sources) out += localfile(s.format, "location", s.path);
  if (!host.left_out.empty()) {
    out += "  <!-- Left out, because " + std::string(host.journal ? "the journal" : "/var/log/syslog") +
           " holds the same lines and they would count twice:\n";
    for (const std::string& path : host.left_out) out += "       " + path + "\n";
    out += "  -->\n\n";
  }
  out += "  <!-- Full disks, open ports, log-ins: the rules 530 to 535 look at what these print. -->\n";
  out += localfile("command", "command", "df -P");
  if (host.netstat)
    out += localfile("full_command", "command", "netstat -tan | grep LISTEN | sort");
  else if (host.ss)
    out += localfile("full_command", "command", "ss -tan | grep LISTEN | sort");
  return out + localfile("full_command", "command", "last -n 5");
}

std::string configuration_for(const Host& host, const std::string& rules) {
  std::string out =
      "<!-- Written by `gander init` from what it found on this host. `gander check` tells whether it is sound,\n"
      "     `gander reload` puts a change to work. Put your own rules into a file of their own, list it last among "
      "the\n"
      "     rules, and give them ids from 100000 on. -->\n\n<ossec_config>\n";
  out += global_text(host) + "  " + rules + "\n\n";
  out +=
      "  <!-- Levels from which alerts are stored and mailed. -->\n"
      "  <alerts>\n    <log_alert_level>1</log_alert_level>\n    <email_alert_level>7</email_alert_level>\n"
      "  </alerts>\n\n";
  if (!host.watched.empty()) {
    out += "  <!-- Files whose change is told; every 20 hours. -->\n  <syscheck>\n    <frequency>72000</frequency>\n";
    for (const std::string& path : host.watched)
      out += "    <directories check_all=\"yes\">" + path + "</directories>\n";
    for (const char* path : {"/etc/mtab", "/etc/hosts.deny", "/etc/adjtime", "/etc/random-seed"})
      out += std::string("    <ignore>") + path + "</ignore>\n";
    out += "  </syscheck>\n\n";
  }
  return out + sources_text(host) + "</ossec_config>\n";
}

// The <rules> section as it stands in the file; the words may also stand in a comment before it.
Result<std::string> rules_section(const std::string& path) {
  const Result<std::string> text = base::read_file(path);
  if (!text) return tl::unexpected(text.error());
  constexpr std::string_view kEnd = "</rules>";
  const size_t end = text->rfind(kEnd);
  const size_t begin = end == std::string::npos ? end : text->rfind("<rules>", end);
  if (begin == std::string::npos) return fail("C044", path + " has no <rules>");
  return text->substr(begin, end + kEnd.size() - begin);
}

// Which files of a folder are taken.
enum class Pick { All, Xml, Decoders };

// Puts files into the home. An existing one that differs stays (it may be edited by hand), or with --force is kept
// beside the new one.
class Home {
 public:
  Home(std::string path, bool force) : path_(std::move(path)), force_(force) {}

  // The number of files that were taken.
  size_t take(const std::string& from, const std::string& name, Pick pick) {
    size_t taken = 0;
    std::error_code error;
    const std::string top = base::join(from, name);
    if (is_file(top)) return take_file(top, name) ? 1 : 0;
    if (!is_folder(top)) return 0;
    for (fs::recursive_directory_iterator it(top, error), end; !error && it != end; it.increment(error)) {
      const std::string inner = fs::path(it->path()).lexically_relative(from).string();
      const bool folder = it->is_directory(error);
      if (folder && pick == Pick::Decoders) it.disable_recursion_pending();
      if (folder && it->is_symlink(error))
        remarks.push_back(it->path().string() + ": a link to a directory; not taken");
      if (folder || (pick == Pick::Xml && !inner.ends_with(".xml")) ||
          (pick == Pick::Decoders && !inner.ends_with("decoder.xml"))) {
        continue;
      }
      if (!is_file(it->path().string())) {
        remarks.push_back(it->path().string() + ": not a plain file; not taken");
        continue;
      }
      taken += take_file(it->path().string(), inner) ? 1 : 0;
    }
    if (error) fail_with(top + ": " + error.message());
    return taken;
  }

  void write(const std::string& name, const std::string& text) {
    if (!keep_old(name)) return;
    const Result<void> written = base::write_file_atomically(base::join(path_, name), text);
    if (!written) fail_with(written.error().message);
  }

  std::vector<std::string> remarks;
  std::string trouble;  // of the first file that could not be written

 private:
  void fail_with(const std::string& why) {
    if (trouble.empty()) trouble = why;
  }

  bool keep_old(const std::string& name) {
    const std::string path = base::join(path_, name);
    if (!base::exists(path)) return true;
    std::string old = path + ".old";
    for (int n = 2; base::exists(old); ++n) old = path + ".old" + std::to_string(n);
    std::error_code error;
    fs::rename(path, old, error);
    if (error) fail_with(path + ": " + error.message());
    return !error;
  }

  bool take_file(const std::string& from, const std::string& name) {
    const std::string to = base::join(path_, name);
    const Result<std::string> content = base::read_file(from);
    if (!content) {
      fail_with(content.error().message);
      return false;
    }
    if (base::exists(to)) {
      const Result<std::string> there = base::read_file(to);
      if (there && *there == *content) return true;
      if (!force_) {
        remarks.push_back(to + ": differs and was there; kept as it is (--force replaces it)");
        return false;
      }
    }
    struct stat s = {};
    if (::stat(from.c_str(), &s) != 0) s.st_mode = 0640;
    if (trouble.empty()) write(name, *content);
    // Never set-user-id, never writable by others: scripts among them run as root.
    if (trouble.empty() && ::chmod(to.c_str(), s.st_mode & 0755) != 0) fail_with(to + ": its mode cannot be set");
    return trouble.empty();
  }

  std::string path_;
  bool force_;
};

std::string count(size_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

int complain(const std::string& text) {
  std::cerr << "gander: " << text << "\n";
  return 2;
}

// The remarks, then what `gander check` says about the result.
int finish(const Home& home, const std::string& path) {
  if (!home.trouble.empty()) return complain(home.trouble);
  if (!home.remarks.empty()) std::cout << "needs a look:\n";
  for (const std::string& remark : home.remarks) std::cout << "  " << remark << "\n";
  std::cout.flush();
  CheckArguments check;
  check.home = path;
  const int status = run(check);
  if (status == 0) std::cout << "next: gander run --home " << path << "\n";
  return status;
}

int set_up(const InitArguments& a, const std::string& path) {
  const Result<Layout> shipped = find_shipped_layout();
  if (!shipped) return complain(shipped.error().message);
  const Result<std::string> rules = rules_section(shipped->config);
  if (!rules) return complain(rules.error().message);
  const Host host = look_at(a.root);
  Home home(path, a.force);
  for (const char* folder : {"decoders", "rules"}) {
    const size_t n = home.take(shipped->home, folder, Pick::Xml);
    std::cout << "wrote " << base::join(path, folder) << ": " << count(n, "file") << "\n";
  }
  home.take(shipped->home, "active-response", Pick::All);
  home.write("etc/ossec.conf", configuration_for(host, *rules));
  std::cout << "wrote " << base::join(path, "etc/ossec.conf") << ", which reads:\n";
  for (const Source& s : host.sources)
    std::cout << "  " << (s.format == "journald" ? "the journal" : s.path + " (" + s.format + ")") << "\n";
  if (host.sources.empty()) home.remarks.emplace_back("no log was found on this host; add <localfile> blocks");
  if (host.stale && !host.journal)
    home.remarks.emplace_back("the syslog files were not written for days: is the syslog daemon running?");
  std::cout << (host.mail_server ? "mail: through 127.0.0.1:25 to root@localhost\n"
                                 : "mail: off, nothing listens on 127.0.0.1:25\n");
  return finish(home, path);
}

// What a configuration of OSSEC asks for that a move does not bring along.
void look_over(const std::string& from, const std::string& config, Home& home) {
  if (config.find(from + "/") != std::string::npos)
    home.remarks.push_back("etc/ossec.conf names files below " + from + ", which is where they will be looked for");
  for (const char* section : {"remote", "agentless", "database_output", "client"}) {
    if (config.find(std::string("<") + section + ">") != std::string::npos) {
      home.remarks.push_back(std::string("etc/ossec.conf has <") + section +
                             ">: `gander run` watches this host only; see docs/compat.md");
    }
  }
  home.remarks.push_back("not taken: stored alerts and logs (" + from + "/logs), agents' counters (queue/rids)");
  home.remarks.push_back("stop OSSEC before the first start: both would run its responses");
}

int take_over(const InitArguments& a, const std::string& path) {
  const std::string from = fs::path(a.from + "/").lexically_normal().parent_path().string();
  std::error_code ignored;
  if (fs::equivalent(from, path, ignored)) return complain("--from and --home are the same directory");
  const Result<std::string> config = base::read_file(base::join(from, "etc/ossec.conf"));
  if (!config) return complain(config.error().message);
  struct Part {
    const char* name;
    Pick pick;
  };
  constexpr Part kParts[] = {{"etc", Pick::Decoders},
                             {"etc/internal_options.conf", Pick::All},
                             {"etc/local_internal_options.conf", Pick::All},
                             {"etc/client.keys", Pick::All},
                             {"etc/shared", Pick::All},
                             {"rules", Pick::All},
                             {"lists", Pick::All},
                             {"queue/fts", Pick::All},
                             {"queue/syscheck", Pick::All},
                             {"active-response/bin", Pick::All}};
  Home home(path, a.force);
  for (const Part& part : kParts) {
    const size_t n = home.take(from, part.name, part.pick);
    if (n > 0) std::cout << "took " << part.name << ": " << count(n, "file") << "\n";
  }
  home.write("etc/ossec.conf", *config);
  std::cout << "took etc/ossec.conf\n";
  look_over(from, *config, home);
  return finish(home, path);
}

}  // namespace

int run(const InitArguments& arguments) {
  const std::string path = arguments.home.empty() ? installed_home() : arguments.home;
  if (!arguments.force && base::exists(base::join(path, "etc/ossec.conf"))) {
    return complain(base::join(path, "etc/ossec.conf") +
                    " is there already; --force writes a new one and keeps it as " + "ossec.conf.old");
  }
  return arguments.from.empty() ? set_up(arguments, path) : take_over(arguments, path);
}

}  // namespace gander::cli
