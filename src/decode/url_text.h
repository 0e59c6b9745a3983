// URL text: what a request means once its escapes are undone, for rules to search beside the text as written.
//
// `/a%2520b`, `/a%20b` and `/a\x20b` (as servers log odd bytes) all mean `/a b`. Undone are %XX, %uXXXX, \xXX and the
// + of a query, again and again while that changes something (attackers encode twice); letters and signs hidden in
// overlong UTF-8 or as full-width characters become what they stand for, control characters blanks.
// Beyond OSSEC 4.3, which searches the text as written only.
//
// Threads: functions of their arguments.
// Cost:    a text without % and \ : one search for them. Else at most kRounds passes over it and a copy in the arena.
// Fails:   cannot; broken escapes stay as they are.
#pragma once

#include <string_view>

#include "model/event.h"

namespace gander::decode {

struct UrlLimits {
  static constexpr int kRounds = 4;
  static constexpr size_t kText = size_t{64} << 10;  // bytes; what is longer is undone up to there
};

// Fills event.plain_url from the URL field; leaves it null where nothing is to be undone.
void undo_url_escapes(model::Event& event);

}  // namespace gander::decode
