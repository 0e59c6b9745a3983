// How a source stands, as a member of a status object: the same for the collector and the responder's commands.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/json_text.h"
#include "collect/record.h"

namespace gander::live {

// An array under `key`.
void append_sources(base::JsonBuilder& json, std::string_view key, const std::vector<collect::SourceStatus>& sources);

// A notice of a source with the severity that the program's log has.
Severity severity_of(collect::NoticeLevel level);

}  // namespace gander::live
