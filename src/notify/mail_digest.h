// The digest: alerts over the hourly limit, each named once, by rule, highest level first.
//
// Threads: functions of their arguments.
// Cost:    one pass; a line or two an alert.
// Fails:   cannot.
// Source:  docs/formats/mail.md.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/stored_alert.h"

namespace gander::notify {

struct DigestPart {
  std::string subject;  // of an alert that is in the text
  std::string text;     // CR LF
};

// Parts of at most about `most_bytes`; all alerts are in one of them.
std::vector<DigestPart> digest(std::span<const model::StoredAlert* const> alerts, int most_an_hour, size_t most_bytes);

}  // namespace gander::notify
