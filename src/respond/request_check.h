// What the executor verifies before anything runs as root: that the script may be trusted, and that the arguments are
// what they should be, whoever sent them.
//
// Threads: functions of their arguments and of the file system.
// Cost:    two stat calls for a script.
// Fails:   cannot.
#pragma once

#include <optional>
#include <string>

#include "model/compat.h"
#include "respond/request.h"
#include "respond/response_list.h"

namespace gander::respond {

struct ScriptCheck {
  enum class Found { Good, Missing, Outside, NotTrusted } found = Found::Good;
  std::string path;
  std::string why;  // of NotTrusted
};
// Mended, script and folder must belong to root (or to whoever runs this) and be written by nobody else.
ScriptCheck check_script(const std::string& home, const std::string& executable, model::Compat compat);

// The request with nothing in it that the command does not expect, its source in its usual spelling; nullopt: an
// argument is missing or is not what it should be.
std::optional<ResponseRequest> checked(ResponseRequest request, const ResponseEntry& entry, model::Compat compat);

}  // namespace gander::respond
