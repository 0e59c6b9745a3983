// The parts of `gander alerts` besides searching.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "store/dated_log.h"

namespace gander::cli {

int verify_alerts(const AlertsArguments& arguments, const std::string& home);
int reindex_alerts(const AlertsArguments& arguments, const std::string& home);

// Makes the index of one day again, and says so. A file that is damaged is kept under another name.
bool reindex_day(const std::string& home, const store::Day& day);

}  // namespace gander::cli
