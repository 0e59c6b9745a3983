#include "model/actor.h"

#include <simdjson.h>

#include "base/utf8.h"

namespace gander::model {

void Actor::members(base::JsonBuilder& json) const {
  if (pid >= 0) json.number("pid", pid);
  if (parent >= 0) json.number("ppid", parent);
  if (uid >= 0) json.number("uid", uid);
  if (login_uid >= 0) json.number("login_uid", login_uid);
  json.string_if_any("user", user);
  json.string_if_any("process", executable);
  json.string_if_any("command", command_line);
}

std::string Actor::json() const {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  members(json);
  json.close_object();
  return out;
}

std::string Actor::shown() const {
  constexpr size_t kMostCommand = 200;
  std::string out = user;
  if (out.empty()) out = uid >= 0 ? "user " + std::to_string(uid) : "an unknown user";
  out += ": process " + std::to_string(pid);
  if (!executable.empty()) out += " " + executable;
  if (!command_line.empty()) out += " (" + command_line.substr(0, kMostCommand) + ")";
  return base::printable(out);
}

std::optional<Actor> actor_from(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
  Actor out;
  const auto number = [&](std::string_view key, int64_t& value) {
    if (object[key].get(value) != simdjson::SUCCESS) value = -1;
  };
  const auto text = [&](std::string_view key, std::string& value) {
    std::string_view found;
    if (object[key].get(found) == simdjson::SUCCESS) value = found;
  };
  number("pid", out.pid);
  number("ppid", out.parent);
  number("uid", out.uid);
  number("login_uid", out.login_uid);
  text("user", out.user);
  text("process", out.executable);
  text("command", out.command_line);
  if (!out.known()) return std::nullopt;
  return out;
}

}  // namespace gander::model
