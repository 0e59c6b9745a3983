// The dated files of a home (docs/formats/dated-logs.md) for commands that go back in time.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace gander::cli {

enum class StoredKind { Alerts, Archives };

// One file for each day: text before JSON, plain before compressed. A day whose file was not yet renamed comes first.
std::vector<std::string> stored_files(const std::string& home, StoredKind kind, base::Instant from, base::Instant to,
                                      const base::TimeZone& zone);

// "7d", "12h", "30m", "90s" before `now`; else a time. Fails with C041.
Result<base::Instant> time_since(const std::string& text, base::Instant now, const base::TimeZone& zone);

}  // namespace gander::cli
