// The text part of alert mails, and their subjects.
//
// Mended, log text is made valid UTF-8 and what acts on a terminal is `?`; as OSSEC 4.3 bytes stay as they are. In both
// a line is a line: no log text holds a CR or LF of its own.
//
// Threads: functions of their arguments.
// Cost:    one pass over the texts, which are cut at stated lengths.
// Fails:   cannot.
// Source:  the format of ossec-maild, to the byte; docs/formats/mail.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/compat.h"
#include "model/stored_alert.h"

namespace gander::notify {

// Which of the two subjects; the internal option maild.full_subject is reversed since OSSEC 3.1 and stays so.
enum class SubjectForm { Long, Short };

constexpr size_t kMostSubject = 126;
constexpr size_t kMostLogOssec = 6141;  // bytes of log lines in one alert, with line ends
constexpr size_t kMostLog = size_t{32} * 1024;
constexpr base::Seconds kLate{600};  // older events are said to be late

// "OSSEC Alert - host - Level 7 - description", cut at kMostSubject bytes.
std::string mail_subject(const model::StoredAlert& alert, SubjectForm form, model::Compat compat);

// The text of one alert with its blank lines; `made` is when the mail is written.
void append_alert_text(std::string& out, const model::StoredAlert& alert, model::Compat compat, base::Instant made);

// What HTML and text part share.
struct LogPortion {
  std::vector<std::string> lines;  // safe to show, each one line
  size_t left_out = 0;             // lines that did not fit
};
LogPortion log_portion(const model::StoredAlert& alert, model::Compat compat);

// Of a full_command that is compared with its last output: the lines that came and that went.
struct OutputChange {
  std::vector<std::string> came;
  std::vector<std::string> went;
};
// Empty for other alerts, and for those of --compat ossec-4.3, whose lines are joined.
OutputChange output_change(const model::StoredAlert& alert);

// "2 h 5 min"; empty when the event is not older than kLate or its time is not known.
std::string lateness(base::Instant event, base::Instant now);
std::string in_words(base::Seconds duration);

// One line of text that holds no control character; as OSSEC only CR, LF and NUL are taken out.
std::string one_line(std::string_view text, model::Compat compat);

}  // namespace gander::notify
