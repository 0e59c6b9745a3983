// The HTML part of alert mails: the same alerts as the text part, to be read at a glance.
//
// It runs nothing and loads nothing: no script, no picture, no link; styles are attributes, since mail programs drop
// style sheets. All text from alerts is escaped.
//
// Threads: functions of their arguments.
// Cost:    one pass over texts that mail_text.h has cut.
// Fails:   cannot.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/stored_alert.h"

namespace gander::notify {

// A whole page. `mark` stands in it where words about a delay go.
std::string alerts_html(std::span<const model::StoredAlert* const> alerts, std::string_view title,
                        std::string_view mark, base::Instant made);
// A page around plain text (digests, reports without a page of their own).
std::string text_html(std::string_view text, std::string_view title, std::string_view mark);

}  // namespace gander::notify
