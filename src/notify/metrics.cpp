#include "notify/metrics.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json_text.h"
#include "base/utf8.h"
#include "notify/notifier.h"

namespace gander::notify {
namespace {

// Backslash, line feed and, in labels, the quote are escaped; other control characters become `?`.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : base::printable(text)) {
    if (c == '\\' || c == '"') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  std::array<char, 40> text{};
  const bool whole = std::fabs(value) < 9e15 && value == std::floor(value);
  const auto end = whole ? std::to_chars(text.data(), text.data() + text.size(), static_cast<int64_t>(value))
                         : std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

// Letters, digits, `_` and `:`.
std::string name_of(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
    if (!fine) c = '_';
  }
  return out;
}

Metric& add(Snapshot& snapshot, const char* name, const char* help, Metric::Type type) {
  snapshot.metrics.push_back({name, help, type, {}});
  return snapshot.metrics.back();
}

struct ChannelCount {
  const char* name;
  const char* help;
  uint64_t ChannelCounters::*count;
};

constexpr ChannelCount kChannelCounts[] = {
    {"gander_channel_taken_total", "Alerts given to a channel.", &ChannelCounters::taken},
    {"gander_channel_wanted_total", "Alerts that its filters let pass.", &ChannelCounters::wanted},
    {"gander_channel_told_total", "Alerts that the other side accepted.", &ChannelCounters::told},
    {"gander_channel_refused_total", "Alerts that the other side refused for good.", &ChannelCounters::refused},
    {"gander_channel_lost_total", "Alerts that were given up.", &ChannelCounters::lost},
    {"gander_channel_retries_total", "Attempts that failed.", &ChannelCounters::retries},
};

}  // namespace

void add_metrics(const Notifier& notifier, Snapshot& snapshot) {
  using Type = Metric::Type;
  for (const ChannelCount& c : kChannelCounts) {
    if (notifier.channels().empty()) break;
    Metric& metric = add(snapshot, c.name, c.help, Type::Counter);
    for (const auto& channel : notifier.channels()) {
      metric.samples.push_back({{{"channel", channel->name()}}, static_cast<double>(channel->counters().*c.count)});
    }
  }
  const MailCounters mail = notifier.mail();
  const auto one = [&](const char* name, const char* help, Type type, uint64_t value) {
    add(snapshot, name, help, type).samples.push_back({{}, static_cast<double>(value)});
  };
  one("gander_mail_waiting", "Mails in the spool.", Type::Gauge, mail.waiting);
  one("gander_mail_held_alerts", "Alerts that wait for a digest.", Type::Gauge, mail.held);
  one("gander_mail_sent_total", "Mails that the server took.", Type::Counter, mail.sent);
  one("gander_mail_failed_total", "Mails refused for good, kept in queue/mail/failed.", Type::Counter, mail.failed);
  one("gander_mail_attempts_failed_total", "Attempts that failed.", Type::Counter, mail.attempts);
  const auto problem = [&](const std::string& what) {
    snapshot.healthy = false;
    snapshot.problems.push_back(what);
  };
  for (const auto& channel : notifier.channels()) {
    if (!channel->trouble().empty()) problem(channel->name() + ": " + channel->trouble());
  }
  if (const std::string trouble = notifier.mail_trouble(); !trouble.empty()) problem("mail server: " + trouble);
}

std::string prometheus_text(const Snapshot& snapshot) {
  std::string out;
  for (const Metric& metric : snapshot.metrics) {
    const std::string name = name_of(metric.name);
    out.append("# HELP ").append(name).append(" ").append(escaped(metric.help)).append("\n# TYPE ").append(name);
    out.append(metric.type == Metric::Type::Counter ? " counter\n" : " gauge\n");
    for (const Metric::Sample& sample : metric.samples) {
      out.append(name);
      const char* before = "{";
      for (const auto& [label, value] : sample.labels) {
        out.append(before).append(name_of(label)).append("=\"").append(escaped(value)).append("\"");
        before = ",";
      }
      if (!sample.labels.empty()) out.push_back('}');
      out.append(" ").append(number(sample.value)).append("\n");
    }
  }
  return out;
}

std::string health_json(const Snapshot& snapshot) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("status", snapshot.healthy ? "ok" : "degraded");
  if (!snapshot.problems.empty()) {
    json.open_array("problems");
    for (const std::string& problem : snapshot.problems) json.element(problem);
    json.close_array();
  }
  json.close_object();
  return out.append("\n");
}

}  // namespace gander::notify
