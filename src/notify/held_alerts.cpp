#include "notify/held_alerts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include <simdjson.h>

#include "base/json_text.h"

namespace gander::notify {
namespace {

struct Member {
  const char* name;
  std::optional<std::string> model::StoredAlert::*value;
};

constexpr Member kMembers[] = {
    {"group", &model::StoredAlert::group},
    {"date", &model::StoredAlert::date},
    {"description", &model::StoredAlert::description},
    {"srcip", &model::StoredAlert::src_ip},
    {"dstip", &model::StoredAlert::dst_ip},
    {"user", &model::StoredAlert::user},
};

std::string as_line(Place place, const model::StoredAlert& alert) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("place", place);
  json.string("id", alert.id);
  json.number("rule", alert.rule);
  json.number("level", alert.level);
  json.string("location", alert.location);
  json.number("time", alert.time.time_since_epoch().count());
  for (const Member& m : kMembers) {
    if (const auto& value = alert.*m.value) json.string(m.name, *value);
  }
  if (!alert.log.empty()) json.string("log", std::string_view(alert.log.front()).substr(0, HeldAlerts::kMostLine));
  json.close_object();
  return out + "\n";
}

bool read_line(simdjson::dom::parser& parser, const std::string& line, Place& place, model::StoredAlert& alert) {
  simdjson::dom::element root;
  if (parser.parse(line).get(root) != simdjson::SUCCESS) return false;
  alert = {};
  uint64_t number = 0;
  int64_t rule = 0;
  int64_t level = 0;
  int64_t time = 0;
  std::string_view id;
  std::string_view location;
  const bool whole = root["place"].get(number) == simdjson::SUCCESS && root["id"].get(id) == simdjson::SUCCESS &&
                     root["rule"].get(rule) == simdjson::SUCCESS && root["level"].get(level) == simdjson::SUCCESS &&
                     root["location"].get(location) == simdjson::SUCCESS && root["time"].get(time) == simdjson::SUCCESS;
  if (!whole) return false;
  place = number;
  alert.id = std::string(id);
  alert.rule = static_cast<int>(rule);
  alert.level = static_cast<int>(level);
  alert.location = std::string(location);
  alert.time = base::Instant(std::chrono::microseconds(time));
  alert.mail = true;
  std::string_view text;
  for (const Member& m : kMembers) {
    if (root[m.name].get(text) == simdjson::SUCCESS) alert.*m.value = std::string(text);
  }
  if (root["log"].get(text) == simdjson::SUCCESS) alert.log.emplace_back(text);
  return true;
}

// What a kill left of a line is an alert that was not told: it comes again.
void drop_half_line(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return;
  off_t end = ::lseek(file, 0, SEEK_END);
  char last = 0;
  while (end > 0 && ::pread(file, &last, 1, end - 1) == 1 && last != '\n') --end;
  if (end != ::lseek(file, 0, SEEK_END) && ::ftruncate(file, end) != 0) ::unlink(path.c_str());
  ::close(file);
}

}  // namespace

HeldAlerts::HeldAlerts(std::string path) : path_(std::move(path)) {
  drop_half_line(path_);
  simdjson::dom::parser parser;
  std::ifstream file(path_, std::ios::binary);
  model::StoredAlert alert;
  Place place = 0;
  for (std::string line; std::getline(file, line);) {
    ++count_;
    if (read_line(parser, line, place, alert) && (!told_ || place > *told_)) told_ = place;
  }
}

Result<void> HeldAlerts::add(std::span<const Held> alerts) {
  if (alerts.empty()) return {};
  const auto cannot = [&](int why) { return fail("I002", path_ + ": " + std::strerror(why)); };
  std::string lines;
  for (const Held& held : alerts) lines += as_line(held.place, *held.alert);
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (file < 0) return cannot(errno);
  struct stat before {};
  int problem = ::fstat(file, &before) == 0 ? 0 : errno;
  if (problem == 0) {
    const ssize_t written = ::write(file, lines.data(), lines.size());
    if (written != static_cast<ssize_t>(lines.size())) problem = written < 0 ? errno : ENOSPC;
    if (problem == 0 && ::fdatasync(file) != 0) problem = errno;
    // Half a line must not stand before the next one.
    if (problem != 0 && ::ftruncate(file, before.st_size) != 0) problem = errno;
  }
  ::close(file);
  if (problem != 0) return cannot(problem);
  count_ += alerts.size();
  told_ = alerts.back().place;
  return {};
}

uint64_t HeldAlerts::each(const std::function<void(const model::StoredAlert&)>& take) const {
  simdjson::dom::parser parser;
  std::ifstream file(path_, std::ios::binary);
  uint64_t damaged = 0;
  model::StoredAlert alert;
  Place place = 0;
  for (std::string line; std::getline(file, line);) {
    if (read_line(parser, line, place, alert)) {
      take(alert);
    } else {
      ++damaged;
    }
  }
  return damaged;
}

void HeldAlerts::spent() {
  count_ = 0;
}

}  // namespace gander::notify
