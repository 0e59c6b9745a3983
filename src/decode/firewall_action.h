// What a firewall did, in one of four words, as the live host shows it to rules and writes it into the firewall log.
//
// Threads: functions of their argument.
// Fails:   cannot.
// OSSEC:   analysisd.log_fw (docs/formats/archives.md).
#pragma once

#include "model/event.h"

namespace gander::decode {

// Action, both addresses and the protocol are there.
bool is_complete_firewall_event(const model::Event& event);

// Replaces the action of an event of category firewall by DROP, CLOSED, ALLOW or UNKNOWN, told by its first letter,
// else by "drop" or "accept" within it. An incomplete event is left as it is.
void normalise_firewall_action(model::Event& event);

}  // namespace gander::decode
