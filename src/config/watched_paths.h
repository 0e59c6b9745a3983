// One <directories> element of <syscheck>: its paths and what is checked of them.
//
// Threads: functions of their arguments.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "config/option.h"
#include "config/section_reader.h"

namespace gander::config {

// Nothing when an attribute is wrong (the finding is added). `earlier` are the elements before, for duplicates.
std::optional<WatchedPaths> read_watched_paths(const XmlElement& element, const std::vector<WatchedPaths>& earlier,
                                               SectionReader& reader);
std::span<const AttributeInfo> watched_path_attributes();

}  // namespace gander::config
