// Alerts as syslog messages in the four forms of <syslog_output>.
//
// Mended, a value cannot close its quotes (splunk) or begin a further field (default), bytes that are no UTF-8 become
// U+FFFD in JSON, and a JSON message that is too long is cut, not emptied.
//
// Threads: functions of their arguments.
// Cost:    one pass; at most kMostMessage bytes come out.
// Fails:   cannot.
// Source:  ossec-csyslogd, to the byte; docs/formats/syslog-output.md.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "model/compat.h"
#include "model/stored_alert.h"

namespace gander::notify {

constexpr size_t kMostMessage = 6143;

// `host` as it is to stand in the message.
std::string syslog_message(const model::StoredAlert& alert, config::SyslogOutput::Format format, std::string_view host,
                           model::Compat compat);
// For streams: CR and LF become blanks, one LF ends it.
void make_one_line(std::string& message);
// The host name up to the first dot, or all of it.
std::string_view shown_host(std::string_view host_name, bool with_domain);

}  // namespace gander::notify
