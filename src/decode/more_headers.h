// Headers that OSSEC 4.3 does not know and that lines of today carry: RFC 5424, `<PRI>`, dates that end in Z or +0000,
// years and fractions in the classic date, facility.level before the program, and journal lines without any date.
//
// Threads: functions of their arguments.
// Cost:    a look at the first bytes; only lines whose program OSSEC's forms did not find come here.
// Fails:   cannot; a line that is none of these is left alone.
#pragma once

#include <string_view>

#include "model/event.h"

namespace gander::decode {

// Sets program_name, log and, when the header has one, hostname of `event` from the cleaned line `s`. False: nothing
// set.
bool read_more_headers(std::string_view s, model::Event& event);

}  // namespace gander::decode
