#include "notify/mail_text.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/utf8.h"

namespace gander::notify {
namespace {

constexpr std::string_view kPrevious = "Previous output:";
constexpr size_t kMostLinesOssec = 20;
constexpr size_t kMostShownChanges = 200;
constexpr std::string_view kEnd = "\r\n\r\n\r\n --END OF NOTIFICATION\r\n\r\n\r\n";

void line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(value).append("\r\n");
}

void each_piece(std::string_view text, auto take) {
  for (;;) {
    const size_t end = text.find('\n');
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// A text built by the server ends in a line feed: no further line.
std::vector<std::string> pieces_of(const model::StoredAlert& alert, model::Compat compat) {
  std::vector<std::string> out;
  for (const std::string& entry : alert.log) {
    std::string_view text = entry;
    if (text.size() > 1 && text.ends_with('\n')) text.remove_suffix(1);
    each_piece(text, [&](std::string_view piece) { out.push_back(one_line(piece, compat)); });
  }
  return out;
}

struct IntegrityLine {
  std::string_view words;
  std::string_view log_words;
  std::optional<std::string> model::StoredAlert::*value;
};

constexpr IntegrityLine kIntegrityLines[] = {
    {"Old md5sum was: ", "Old md5sum was: ", &model::StoredAlert::old_md5},
    {"New md5sum is : ", "New md5sum is : ", &model::StoredAlert::new_md5},
    {"Old sha1sum was: ", "Old sha1sum was: ", &model::StoredAlert::old_sha1},
    {"New sha1sum is : ", "New sha1sum is : ", &model::StoredAlert::new_sha1},
    {"Permission change: ", "Permissions changed from ", &model::StoredAlert::permissions_change},
};

// A log line that comes again as a field of an integrity alert.
bool is_field_line(const model::StoredAlert& alert, std::string_view text) {
  if (!alert.group || alert.group->find("syscheck") == std::string::npos) return false;
  constexpr std::string_view kWords[] = {"Size changed from ", "Ownership was ", "Group ownership was "};
  const auto starts = [&](std::string_view words) { return text.starts_with(words); };
  if (std::any_of(std::begin(kWords), std::end(kWords), starts)) return true;
  return std::any_of(std::begin(kIntegrityLines), std::end(kIntegrityLines), [&](const IntegrityLine& l) {
    return (alert.*l.value).has_value() && text.starts_with(l.log_words);
  });
}

void append_integrity(std::string& out, const model::StoredAlert& alert, model::Compat compat) {
  for (const IntegrityLine& l : kIntegrityLines) {
    if (const auto& value = alert.*l.value) line(out, l.words, one_line(*value, compat));
  }
  if (compat == model::Compat::Ossec43) return;
  const auto more = [&](std::string_view words, const std::optional<std::string>& value) {
    if (value) line(out, words, one_line(*value, compat));
  };
  more("Size change: ", alert.size_change);
  more("Owner: ", alert.owner_change);
  more("Group: ", alert.group_change);
}

// The heading of a full_command's output stands alone in its line.
bool is_full_output(std::string_view line) {
  return line.starts_with("ossec: output: '") && line.ends_with("':");
}

void append_change(std::string& out, std::string_view title, std::string_view sign,
                   const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  line(out, "", title);
  const size_t shown = std::min(lines.size(), kMostShownChanges);
  for (size_t i = 0; i < shown; ++i) line(out, sign, lines[i]);
  if (shown < lines.size()) line(out, "", "(" + std::to_string(lines.size() - shown) + " more lines)");
}

}  // namespace

std::string one_line(std::string_view text, model::Compat compat) {
  std::string out;
  out.reserve(text.size());
  if (compat == model::Compat::Ossec43) {
    for (const char c : text) {
      if (c != '\0') out.push_back(c == '\r' || c == '\n' ? ' ' : c);
    }
    return out;
  }
  // Tabs stand for themselves.
  for (;;) {
    const size_t tab = text.find('\t');
    base::append_printable(out, text.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    out.push_back('\t');
    text.remove_prefix(tab + 1);
  }
}

std::string mail_subject(const model::StoredAlert& alert, SubjectForm form, model::Compat compat) {
  const std::string_view place = std::string_view(alert.location).substr(0, alert.location.find("->"));
  const std::string level = std::to_string(alert.level);
  std::string out =
      form == SubjectForm::Long
          ? "OSSEC Alert - " + std::string(place) + " - Level " + level + " - " + alert.description.value_or("(null)")
          : "OSSEC Notification - " + std::string(place) + " - Alert level " + level;
  out = one_line(out, compat);
  if (out.size() <= kMostSubject) return out;
  size_t cut = kMostSubject;
  if (compat == model::Compat::Mended) {
    while (cut > kMostSubject - 4 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
  }
  return out.substr(0, cut);
}

LogPortion log_portion(const model::StoredAlert& alert, model::Compat compat) {
  const bool ossec = compat == model::Compat::Ossec43;
  const size_t room = ossec ? kMostLogOssec : kMostLog;
  LogPortion portion;
  size_t used = 0;
  for (std::string& piece : pieces_of(alert, compat)) {
    if (is_field_line(alert, piece)) continue;
    const bool full = portion.left_out != 0 || (ossec && portion.lines.size() == kMostLinesOssec);
    if (full || used + piece.size() + 2 > room) {
      // Better the beginning of a giant line than nothing of the alert.
      if (!ossec && portion.lines.empty()) portion.lines.push_back(piece.substr(0, room) + "...");
      ++portion.left_out;
      continue;
    }
    used += piece.size() + 2;
    portion.lines.push_back(std::move(piece));
  }
  return portion;
}

OutputChange output_change(const model::StoredAlert& alert) {
  OutputChange change;
  const auto split = std::find(alert.log.begin(), alert.log.end(), kPrevious);
  if (split == alert.log.end() || !is_full_output(alert.log.front())) return change;
  std::map<std::string, int64_t> balance;
  for (auto at = split + 1; at != alert.log.end(); ++at) --balance[one_line(*at, model::Compat::Mended)];
  for (auto at = alert.log.begin(); at != split; ++at) ++balance[one_line(*at, model::Compat::Mended)];
  for (const auto& [text, count] : balance) {
    for (int64_t n = 0; n < count; ++n) change.came.push_back(text);
    for (int64_t n = 0; n > count; --n) change.went.push_back(text);
  }
  return change;
}

std::string in_words(base::Seconds duration) {
  const int64_t minutes = duration.count() / 60;
  if (minutes < 60) return std::to_string(minutes) + " min";
  const int64_t hours = minutes / 60;
  if (hours < 48) return std::to_string(hours) + " h " + std::to_string(minutes % 60) + " min";
  return std::to_string(hours / 24) + " days";
}

std::string lateness(base::Instant event, base::Instant now) {
  if (event.time_since_epoch().count() == 0 || now - event <= kLate) return {};
  return in_words(std::chrono::duration_cast<base::Seconds>(now - event));
}

void append_alert_text(std::string& out, const model::StoredAlert& alert, model::Compat compat, base::Instant made) {
  const bool ossec = compat == model::Compat::Ossec43;
  const auto shown = [&](const std::string& text) { return one_line(text, compat); };
  out.append("\r\nOSSEC HIDS Notification.\r\n");
  line(out, "", shown(alert.date.value_or("")));
  if (const std::string late = lateness(alert.time, made); !ossec && !late.empty()) {
    line(out, "Late: ", "this mail was written " + late + " after the event.");
  }
  line(out, "\r\nReceived From: ", shown(alert.location));
  out.append("Rule: ").append(std::to_string(alert.rule)).append(" fired (level ").append(std::to_string(alert.level));
  line(out, ") -> \"", shown(alert.description.value_or("(null)")) + "\"");
  if (alert.src_ip) line(out, "Src IP: ", shown(*alert.src_ip));
  if (alert.dst_ip) line(out, "Dst IP: ", shown(*alert.dst_ip));
  if (alert.user) line(out, "User: ", shown(*alert.user));
  line(out, "Portion of the log(s):\r\n", "");
  const LogPortion portion = log_portion(alert, compat);
  for (const std::string& text : portion.lines) line(out, "", text);
  if (!ossec && portion.left_out != 0) {
    line(out, "", "(" + std::to_string(portion.left_out) + " lines did not fit; alert " + shown(alert.id) + ")");
  }
  append_integrity(out, alert, compat);
  if (!ossec) {
    const OutputChange change = output_change(alert);
    append_change(out, "\r\nLines that came:", "+ ", change.came);
    append_change(out, "\r\nLines that went:", "- ", change.went);
  }
  out.append(kEnd);
}

}  // namespace gander::notify
