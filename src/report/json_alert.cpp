#include "report/json_alert.h"

#include <array>
#include <string>
#include <utility>

#include <simdjson.h>

#include "base/time.h"
#include "model/actor.h"
#include "report/alert_lines.h"

namespace gander::report {
namespace {

using simdjson::dom::element;

std::optional<std::string> text_at(element e, std::string_view pointer) {
  std::string_view text;
  if (e.at_pointer(pointer).get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

int number_at(element e, std::string_view pointer) {
  int64_t number = 0;
  if (e.at_pointer(pointer).get(number) == simdjson::SUCCESS) return static_cast<int>(number);
  return leading_integer(text_at(e, pointer).value_or(""));
}

void add_lines(model::StoredAlert& alert, std::string_view text) {
  // The server's own texts end in a line feed, which is no line of its own.
  if (text.ends_with('\n')) text.remove_suffix(1);
  for (size_t begin = 0;;) {
    const size_t end = text.find('\n', begin);
    alert.log.emplace_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

std::string origin(const std::string& host, const std::string& location) {
  return location.starts_with('(') || host.empty() ? location : host + "->" + location;
}

bool read_ossec(element e, model::StoredAlert& a) {
  a.date = text_at(e, "/timestamp");
  const std::optional<std::string> location = text_at(e, "/location");
  if (!a.date || !location) return false;
  a.location = origin(text_at(e, "/hostname").value_or(""), *location);
  a.id = text_at(e, "/id").value_or("");
  a.rule = number_at(e, "/rule/sidid");
  a.level = number_at(e, "/rule/level");
  a.description = text_at(e, "/rule/comment");
  a.group = " " + text_at(e, "/rule/group").value_or("");
  a.src_ip = text_at(e, "/srcip");
  a.src_port = text_at(e, "/srcport");
  a.dst_ip = text_at(e, "/dstip");
  a.dst_port = text_at(e, "/dstport");
  a.user = text_at(e, "/dstuser");
  add_lines(a, text_at(e, "/full_log").value_or(""));
  if (a.group->find("syscheck") != std::string::npos && a.log.front().starts_with(kFileMark)) {
    a.filename = text_at(e, "/SyscheckFile/path");
  }
  if (element file; e.at_pointer("/SyscheckFile").get(file) == simdjson::SUCCESS) {
    if (const auto actor = model::actor_from(simdjson::minify(file))) a.actor = actor->json();
  }
  return true;
}

std::optional<std::string> ecs_date(element e) {
  const std::optional<std::string> iso = text_at(e, "/@timestamp");
  if (!iso || iso->size() < 19) return std::nullopt;
  const Result<base::Instant> at = base::parse_instant(iso->substr(0, 19) + "Z", base::TimeZone::utc());
  if (!at) return std::nullopt;
  const base::Civil c = base::TimeZone::utc().civil(*at);
  std::array<char, 64> text{};
  const int n = std::snprintf(text.data(), text.size(), "%04d %.3s %02d %02d:%02d:%02d", c.year,
                              base::month_name(c.month).data(), c.day, c.hour, c.minute, c.second);
  return std::string(text.data(), static_cast<size_t>(n));
}

std::optional<std::string> one_of(element e, std::string_view first, std::string_view second) {
  std::optional<std::string> text = text_at(e, first);
  return text ? text : text_at(e, second);
}

bool read_ecs(element e, model::StoredAlert& a) {
  a.date = ecs_date(e);
  if (!a.date || !text_at(e, "/rule/id")) return false;
  a.location = origin(text_at(e, "/host/hostname").value_or(""), text_at(e, "/log/file/path").value_or(""));
  a.id = text_at(e, "/event/id").value_or("");
  a.rule = number_at(e, "/rule/id");
  a.level = number_at(e, "/event/severity");
  a.description = text_at(e, "/rule/description");
  a.group = " ";
  simdjson::dom::array tags;
  if (e.at_pointer("/tags").get(tags) == simdjson::SUCCESS) {
    for (const element tag : tags) {
      std::string_view word;
      if (tag.get(word) == simdjson::SUCCESS) a.group->append(word).append(",");
    }
  }
  a.src_ip = one_of(e, "/source/ip", "/source/address");
  a.dst_ip = one_of(e, "/destination/ip", "/destination/address");
  a.user = text_at(e, "/user/name");
  add_lines(a, text_at(e, "/event/original").value_or(""));
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view{}
                                         : text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

}  // namespace

struct JsonAlerts::Impl {
  simdjson::dom::parser parser;

  static bool read_one(element e, const std::function<void(const model::StoredAlert&)>& take) {
    model::StoredAlert alert;
    if (!e.is_object() || (!read_ossec(e, alert) && !read_ecs(e, alert))) return false;
    take(alert);
    return true;
  }
};

JsonAlerts::JsonAlerts() : impl_(std::make_unique<Impl>()) {}
JsonAlerts::~JsonAlerts() = default;
JsonAlerts::JsonAlerts(JsonAlerts&&) noexcept = default;

bool JsonAlerts::read(std::string_view line, const std::function<void(const model::StoredAlert&)>& take) {
  line = trimmed(line);
  if (line.ends_with(',')) line = trimmed(line.substr(0, line.size() - 1));
  if (line.empty() || line == "[" || line == "]" || line == "[]") return true;
  element parsed;
  if (impl_->parser.parse(line.data(), line.size()).get(parsed) != simdjson::SUCCESS) return false;
  simdjson::dom::array many;
  if (parsed.get(many) != simdjson::SUCCESS) return Impl::read_one(parsed, take);
  bool good = true;
  for (const element one : many) good &= Impl::read_one(one, take);
  return good;
}

}  // namespace gander::report
