// Actor: the process that changed a watched file, and for whom it ran, as far as the system told.
//
// Owns:    its texts.
// Threads: values and functions of their arguments.
// Fails:   actor_from() gives nothing for a text that is not what Actor::json() makes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_text.h"

namespace gander::model {

// Fields that are not known are empty or -1.
struct Actor {
  int64_t pid = -1;
  int64_t parent = -1;
  int64_t uid = -1;
  int64_t login_uid = -1;    // of the log-in session, whatever it became since (sudo, su)
  std::string user;          // name of uid
  std::string executable;    // its path; its name alone where no more may be seen
  std::string command_line;  // arguments with blanks between, at most 4 KiB

  bool known() const { return pid >= 0; }
  // The members pid, ppid, uid, login_uid, user, process, command, those that are known.
  void members(base::JsonBuilder& json) const;
  // The same as an object; damaged UTF-8 replaced.
  std::string json() const;
  // "root: process 17 /usr/bin/vim.basic (vim /etc/hosts)", safe for a terminal, arguments cut at 200 bytes.
  std::string shown() const;

  bool operator==(const Actor&) const = default;
};

std::optional<Actor> actor_from(std::string_view json);

}  // namespace gander::model
