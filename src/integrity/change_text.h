// A change found here, as event text and as a JSON object.
//
// Threads: functions of their arguments.
// Source:  docs/formats/integrity-events.md.
#pragma once

#include <string>

#include "base/time.h"
#include "integrity/change.h"

namespace gander::integrity {

// The text that analysis would give the event, without what it knows from earlier (2nd, 3rd time, re-added).
std::string event_text(const Change& change);

// {"time":…,"event":"changed","path":…,"path_base64":…,"before":{…},"after":{…},"difference":…,"actor":{…}}
std::string change_json(const Change& change, base::Instant time);

std::string base64(std::string_view bytes);
// Every byte of valid UTF-8?
bool is_utf8(std::string_view text);

}  // namespace gander::integrity
