#include "decode/timestamp.h"

#include <algorithm>

#include "decode/time_shape.h"

namespace gander::decode {

namespace {

constexpr size_t kBracketWithin = 512;
constexpr size_t kShortest = 14;  // "Mar 4 10:00:01"
constexpr auto kNone = std::string_view::npos;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::string_view kShapes[] = {
    "%b %e %H:%M:%S%f",           // syslog
    "%Y-%m-%d%t%H:%M:%S%f%z",     // ISO 8601, RFC 3339 and 5424
    "%Y/%m/%d %H:%M:%S%f%z",      // nginx errors
    "%e/%b/%Y:%H:%M:%S%f%z",      // access logs
    "%a %b %e %H:%M:%S%f %Y",     // ctime: Apache errors, xferlog
    "%Y %b %e %H:%M:%S",          // Windows event logs, OSSEC's own
    "%b %e %Y %H:%M:%S%f%z",      // Cisco
    "%e-%b-%Y %H:%M:%S%f%z",      // BIND, PHP
    "%e/%b/%Y %H:%M:%S%f%z",      //
    "%Y:%m:%d-%H:%M:%S%f",        // Astaro
    "%m/%d-%H:%M:%S%f",           // snort
    "%m/%d/%Y-%H:%M:%S%f",        // suricata
    "%m/%d/%y-%H:%M:%S%f",        // snort with -y
    "%Y%m%dT%H%M%S%f%z",          // ISO 8601, basic
    "%Y%m%d %H:%M:%S%f",          //
    "%y%m%d %k:%M:%S",            // MySQL before 5.7
    "%a %b %e %H:%M:%S%f %Z %Y",  // date(1)
    "%a, %e %b %Y %H:%M:%S%z",    // RFC 5322
    "%Y.%m.%d %H:%M:%S%f%z",      // OS X
    "%Y-%m-%d time=%H:%M:%S",     // Fortinet, behind "date="
};

// Shapes begin with a name or with a digit, so half of them need no look.
size_t match_any(std::string_view text, WrittenTime& time) {
  if (text.size() < kShortest) return 0;
  const bool digit = is_digit(text.front());
  for (const std::string_view shape : kShapes) {
    const bool name_first = shape[1] == 'a' || shape[1] == 'b';
    if (name_first == digit) continue;
    if (const size_t length = match_time(shape, text, time)) return length;
  }
  return 0;
}

// "<34>" and, in RFC 5424, a version behind it.
std::string_view without_priority(std::string_view line) {
  if (line.starts_with('<')) {
    const size_t end = line.substr(0, 5).find('>');
    const auto digits = line.substr(1, end == kNone ? 0 : end - 1);
    if (end != kNone && !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit))
      line.remove_prefix(end + 1);
  }
  if (line.size() > 2 && is_digit(line[0]) && line[1] == ' ' && is_digit(line[2])) line.remove_prefix(2);
  return line;
}

// Cisco: "000123: *Mar  1 00:00:01.003: "; the mark says whether the clock was set.
std::string_view without_sequence(std::string_view line) {
  size_t n = 0;
  while (n < line.size() && n < 10 && is_digit(line[n])) ++n;
  if (n > 0 && line.substr(n).starts_with(": ")) line.remove_prefix(n + 2);
  if (line.starts_with('*') || line.starts_with('.')) line.remove_prefix(1);
  return line;
}

bool head(std::string_view line, WrittenTime& time) {
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (match_any(line, time) > 0) return true;
  const size_t whole = line.size();
  line = without_sequence(without_priority(line));
  if (line.size() < whole && match_any(line, time) > 0) return true;
  // Ten digits alone could be anything; squid and its like write a fraction.
  const size_t length = match_epoch(line, time);
  return length > 10 && length < line.size() && line[length] == ' ';
}

// "[Fri Feb 11 18:06:35 2004]", "[1140804070]", "[Time 2006.12.28 15:53:55 UTC]"
bool bracketed_head(std::string_view line, WrittenTime& time) {
  if (!line.starts_with('[')) return false;
  line.remove_prefix(1);
  if (line.starts_with("Time ")) line.remove_prefix(5);
  if (match_any(line, time) > 0) return true;
  const size_t length = match_epoch(line, time);
  return length > 0 && line.substr(length).starts_with(']');
}

bool kernel_audit(std::string_view line, WrittenTime& time) {
  if (!line.starts_with("type=") && !line.starts_with("node=") && !line.starts_with("audit(")) return false;
  constexpr std::string_view kMark = "audit(";
  const size_t found = line.substr(0, kBracketWithin).find(kMark);
  if (found == kNone) return false;
  const std::string_view rest = line.substr(found + kMark.size());
  const size_t length = match_epoch(rest, time);
  return length > 0 && rest.substr(length).starts_with(':');
}

// "time=…", "ts=…" of key=value logs at the head of the line; `id=firewall … time="…"` of SonicWall.
bool key_value(std::string_view line, WrittenTime& time) {
  constexpr std::string_view kSonicWall = " time=\"";
  line = without_priority(line);
  size_t at = kNone;
  for (const std::string_view key : {"time=", "timestamp=", "ts=", "t=", "date="}) {
    if (line.starts_with(key)) at = key.size();
  }
  if (line.starts_with("id=")) {
    at = line.substr(0, kBracketWithin).find(kSonicWall);
    if (at != kNone) at += kSonicWall.size() - 1;
  }
  if (at == kNone) return false;
  std::string_view value = line.substr(at);
  if (value.starts_with('"')) value.remove_prefix(1);
  return match_any(value, time) > 0 || match_epoch(value, time) > 0;
}

// A bracketed date further on, as access logs have it. Before it stands a user name that a client chose, so the one
// that the request follows (`] "`, which neither Apache nor nginx lets into a user name) wins over those before it.
bool bracketed(std::string_view line, WrittenTime& time) {
  const std::string_view start = line.substr(0, kBracketWithin);
  bool found = false;
  for (size_t at = start.find('['); at != kNone; at = start.find('[', at + 1)) {
    WrittenTime here;
    const std::string_view text = line.substr(at + 1);
    const size_t length = match_any(text, here);
    if (length == 0 || !here.has_year || !text.substr(length).starts_with(']')) continue;
    const bool before_request = text.substr(length).starts_with("] \"");
    if (!found || before_request) time = here;
    found = true;
    if (before_request) return true;
  }
  return found;
}

constexpr std::string_view kJsonKeys[] = {"@timestamp", "timestamp", "time",      "ts",
                                          "date",       "datetime",  "eventTime", "__REALTIME_TIMESTAMP"};

bool json_value(std::string_view value, WrittenTime& time) {
  if (value.starts_with('"')) value.remove_prefix(1);
  return read_epoch_number(value.substr(0, std::min(value.find_first_of("\",} \t"), value.size())), time) ||
         match_any(value, time) > 0;
}

// The end of a JSON string whose opening quote is at `at`: the closing quote, or the end of the text.
size_t string_end(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at, text.size());
}

// The first member of the outermost object that is named like a time and holds one. Names and texts inside other
// values are not looked at: those may be a client's.
bool json(std::string_view line, WrittenTime& time) {
  const size_t start = line.find_first_not_of(' ');
  if (start == kNone || line[start] != '{') return false;
  size_t depth = 0;
  for (size_t at = start; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return false;
    if (c != '"') continue;
    const size_t end = string_end(line, at);
    const std::string_view key = line.substr(at + 1, end - at - 1);
    at = end;
    if (depth != 1) continue;
    size_t value = line.find_first_not_of(" \t", end + 1);
    if (value == kNone || line[value] != ':') continue;
    value = line.find_first_not_of(" \t", value + 1);
    if (value == kNone) return false;
    if (std::find(std::begin(kJsonKeys), std::end(kJsonKeys), key) != std::end(kJsonKeys) &&
        json_value(line.substr(value), time)) {
      return true;
    }
    at = line[value] == '"' ? string_end(line, value) : value - 1;
  }
  return false;
}

}  // namespace

std::optional<WrittenTime> find_timestamp(std::string_view line) {
  WrittenTime time;
  if (head(line, time) || bracketed_head(line, time) || kernel_audit(line, time) || key_value(line, time) ||
      json(line, time) || bracketed(line, time)) {
    return time;
  }
  return std::nullopt;
}

}  // namespace gander::decode
