// Messages of a scanner to analysis, as OSSEC's queue carries them: `8:syscheck:SUM PATH`, `9:rootcheck:…`.
//
// Threads: functions of their arguments.
// OSSEC:   compat cuts lines as 4.3 does and sends names raw; mended, names with control characters are encoded
//          (encode_path) and nothing is cut below 1 MiB.
#pragma once

#include <string>
#include <string_view>

#include "integrity/change.h"
#include "model/compat.h"

namespace gander::integrity {

enum class Origin { Scan, RealTime };

// "SUM PATH", "-1 PATH", "SUM PATH\nDIFFERENCE".
std::string message_body(const Change& change, model::Compat compat, Origin origin);

constexpr std::string_view kFilesPrefix = "8:syscheck:";
constexpr std::string_view kScanStarts = "9:rootcheck:Starting syscheck scan.";
constexpr std::string_view kScanEnds = "9:rootcheck:Ending syscheck scan.";
constexpr std::string_view kScanCompleted = "syscheck-db-completed";

}  // namespace gander::integrity
