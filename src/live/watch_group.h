// A fanotify group, opened and marked by a process that may, for one that may not: marks on whole file systems need
// CAP_SYS_ADMIN, reading does not.
#pragma once

#include "base/descriptor.h"
#include "base/result.h"
#include "integrity/watch_plan.h"

namespace gander::live {

// Marked are the file systems of the roots that are watched as they change, and those mounted below them.
// Fails with I024, with the system's words.
Result<base::Descriptor> open_watch_group(const integrity::WatchPlan& plan);

}  // namespace gander::live
