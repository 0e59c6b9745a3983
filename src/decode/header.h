// Header recognition: from a received line to full log, host name, program name and log text (pre-decoding).
//
// Threads: functions of their arguments.
// Cost:    one pass over the line (control characters, encoding), then a look at fixed positions.
// Fails:   cannot; a header that is not recognised leaves the whole line as log text.
#pragma once

#include <string>
#include <string_view>

#include "model/compat.h"
#include "model/event.h"

namespace gander::decode {

// Whether the event gets bytes of its own, or points to the line and the names it was given where it can; they must
// then live as long as the event.
enum class LineBytes { Copied, Borrowed };

// Fills full_log (control characters deleted), encoding, log, lines, log_encoding, program_name and hostname of `event`
// (which has been reset). `location` may be an agent's "(name) ip->file": hostname is then the whole location.
// `own_host`: the server's short host name, used when the header has none.
// `compat`: Ossec43 knows OSSEC's forms only; otherwise those of more_headers.h are read, too, and the output of a
// full_command keeps its line ends in full_log and lines.
void read_header(std::string_view line, std::string_view location, std::string_view own_host, model::Event& event,
                 model::Compat compat = model::Compat::Ossec43, LineBytes bytes = LineBytes::Copied);

}  // namespace gander::decode
