// Alerts of one day out of the dated files of a home, for the index: alerts.log, or alerts.json where there is none.
//
// Threads: one thread.
// Fails:   the file cannot be read; damaged alerts are left out.
#pragma once

#include <string>

#include "store/indexer.h"

namespace gander::live {

store::LogOfDay log_of_day(std::string home);

}  // namespace gander::live
