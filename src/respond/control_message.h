// The lines of the control socket: one request, one reply.
//
// Threads: functions of their arguments.
// Cost:    one pass; a request has at most kMostControlBytes.
// Fails:   parse_*() with V005.
// Source:  docs/formats/responses.md.
#pragma once

#include <string>
#include <string_view>

#include "respond/control.h"

namespace gander::respond {

constexpr size_t kMostControlBytes = size_t{16} * 1024;

// With its line end.
std::string control_line(const ControlRequest& request);
Result<ControlRequest> parse_control(std::string_view line);

// Lines, the last one "end".
std::string reply_lines(const Result<ControlReply>& reply);
Result<ControlReply> parse_reply(std::string_view lines);

}  // namespace gander::respond
