// Formats of one line a record: the syslog family, mysql_log, djb-multilog, nmapg.
#include <algorithm>
#include <cstdio>

#include "collect/record_cutter.h"

namespace gander::collect {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
std::string_view without_leading_blanks(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

class PlainCutter final : public RecordCutter {
 public:
  void line(std::string_view line, uint64_t at, CutList& out) override { out.add(line, at); }
  bool sends_pieces() const override { return true; }
};

// The general query log of old MySQL servers: a time is written only when it changed.
class MysqlCutter final : public RecordCutter {
 public:
  explicit MysqlCutter(std::string* shared) : time_(shared != nullptr ? shared : &own_) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (has_time(line)) {
      time_->assign(line.substr(0, kTime));
      send(without_leading_blanks(line.substr(kTime)), at, out);
    } else if (line.size() > 10 && line.starts_with("\t\t      ")) {
      send(without_leading_blanks(line), at, out);
    } else {
      out.refuse();
    }
  }
  std::string memory() const override { return *time_; }
  void recall(std::string_view memory) override { time_->assign(memory); }

 private:
  static constexpr size_t kTime = 15;  // "070823 21:01:30"

  static bool has_time(std::string_view line) {
    return line.size() > 18 && std::all_of(line.begin(), line.begin() + 6, is_digit) && line[6] == ' ' &&
           is_digit(line[7]) && is_digit(line[8]) && line[9] == ':' && line[12] == ':';
  }
  void send(std::string_view text, uint64_t at, CutList& out) {
    scratch_.assign("MySQL log: ").append(*time_).append(" ").append(text);
    out.add_copy(scratch_, at);
  }

  std::string own_;
  std::string* time_;
  std::string scratch_;
};

// "@" and 24 characters of time (TAI64N), then the line; its program is known by its folder only.
class DjbCutter final : public RecordCutter {
 public:
  explicit DjbCutter(const CutterOptions& o)
      : program_(o.djb_program), host_(o.short_host), zone_(o.zone), now_(o.now) {}

  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (line.size() <= 26 || line[0] != '@' || !is_alnum(line[1]) || !is_alnum(line[2]) || !is_alnum(line[3]) ||
        !is_alnum(line[24]) || line[25] != ' ') {
      out.refuse();
      return;
    }
    const std::string_view text = line.substr(26);
    if (has_syslog_time(text)) {
      out.add(text.substr(16), at);
      return;
    }
    const base::Civil c = zone_.civil(now_ != nullptr ? *now_ : base::Instant{});
    char time[32];
    std::snprintf(time, sizeof time, "%.3s %02d %02d:%02d:%02d ", base::month_name(c.month).data(), c.day, c.hour,
                  c.minute, c.second);
    scratch_.assign(time).append(host_).append(" ").append(program_).append(": ").append(text);
    out.add_copy(scratch_, at);
  }

 private:
  static bool has_syslog_time(std::string_view t) {
    return t.size() > 16 && base::month_number(t) != 0 && t[3] == ' ' && (t[4] == ' ' || is_digit(t[4])) &&
           is_digit(t[5]) && t[6] == ' ' && is_digit(t[7]) && is_digit(t[8]) && t[9] == ':' && is_digit(t[10]) &&
           t[12] == ':' && t[15] == ' ';
  }

  std::string program_;
  std::string host_;
  base::TimeZone zone_;
  const base::Instant* now_;
  std::string scratch_;
};

// nmap's "grepable" output: "Host: A (name)\tPorts: 22/open/tcp//ssh///, …\t…".
class NmapCutter final : public RecordCutter {
 public:
  void line(std::string_view line, uint64_t at, CutList& out) override {
    if (line.empty() || line[0] == '#') return;
    const size_t tab = line.find('\t');
    if (!line.starts_with("Host: ") || tab == std::string_view::npos) return out.refuse(kBad);
    const std::string_view field = without_leading_blanks(line.substr(tab));
    if (field.starts_with("Status:")) return;
    constexpr std::string_view kPorts = "Ports: ";
    if (!field.starts_with(kPorts)) return out.refuse(kBad);
    scratch_.assign(line.substr(0, tab)).append(", open ports:");
    add_open_ports(field.substr(kPorts.size()));
    out.add_copy(scratch_, at);
  }
  bool stops_at_refused() const override { return true; }

 private:
  static constexpr std::string_view kBad = "Bad formatted nmap grepable file.";

  // "22/open/tcp//ssh///, 80/closed/tcp//http///": of each entry the port and the protocol, if it is open.
  void add_open_ports(std::string_view list) {
    list = list.substr(0, list.find('\t'));
    while (!list.empty()) {
      const size_t comma = std::min(list.find(','), list.size());
      const std::string_view entry = without_leading_blanks(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
      const size_t first = entry.find('/');
      const size_t second = first == std::string_view::npos ? first : entry.find('/', first + 1);
      if (second == std::string_view::npos || entry.substr(first + 1, second - first - 1) != "open") continue;
      const std::string_view protocol = entry.substr(second + 1);
      scratch_.append(" ").append(entry.substr(0, first)).append("(");
      scratch_.append(protocol.substr(0, protocol.find('/'))).append(")");
    }
  }

  std::string scratch_;
};

constexpr std::string_view kPlainFormats[] = {"syslog", "json",  "generic",    "apache",
                                              "iis",    "squid", "snort-fast", "syslog-pipe"};

}  // namespace

std::unique_ptr<RecordCutter> make_line_cutter(std::string_view log_format, const CutterOptions& options) {
  if (log_format == "mysql_log") return std::make_unique<MysqlCutter>(options.shared_mysql_time);
  if (log_format == "djb-multilog") return std::make_unique<DjbCutter>(options);
  if (log_format == "nmapg") return std::make_unique<NmapCutter>();
  const bool snort_as_lines = log_format == "snort-full" && options.compat == model::Compat::Ossec43;
  if (snort_as_lines ||
      std::find(std::begin(kPlainFormats), std::end(kPlainFormats), log_format) != std::end(kPlainFormats)) {
    return std::make_unique<PlainCutter>();
  }
  return nullptr;
}

}  // namespace gander::collect
