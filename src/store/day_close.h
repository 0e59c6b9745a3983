// close_day: what OSSEC's monitor daemon does with the log files of a day that has ended: sums (each holds those of the
// day before), then compression.
//
// Threads: a function of its arguments; the files of that day must not be written any more (Journal::start_day).
// Cost:    two hashes and a compression of each file.
// Fails:   A201, A204. What was done stays; the same call goes on from there, also after a kill.
// OSSEC:   response-and-notify; texts and order as 4.3. The day before is the calendar's, not "93500 s before now".
// Source:  docs/formats/dated-logs.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/dated_log.h"

namespace gander::store {

enum class Compress { No, Yes };

struct DayCloseOptions {
  std::string home;
  Compress compress = Compress::Yes;  // monitord.compress
  std::function<bool()> keep_going;   // asked now and then; may be empty
};

// Log lines as OSSEC's monitor daemon has them, without time ("ossec-monitord: File '...' not found. ...").
Result<std::vector<std::string>> close_day(const DayCloseOptions& options, const Day& day);

// Days before `today` with files that are not closed yet, oldest first.
std::vector<Day> days_to_close(const std::string& home, const Day& today, Compress compress);

}  // namespace gander::store
