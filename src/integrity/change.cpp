#include "integrity/change.h"

#include "base/json_text.h"

namespace gander::integrity {

std::string Actor::json() const {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  if (pid >= 0) json.number("pid", pid);
  if (parent >= 0) json.number("ppid", parent);
  if (uid >= 0) json.number("uid", uid);
  if (login_uid >= 0) json.number("login_uid", login_uid);
  json.string_if_any("user", user);
  json.string_if_any("process", executable);
  json.string_if_any("command", command_line);
  json.close_object();
  return out;
}

}  // namespace gander::integrity
