// Names of the spool's files, and what lies there.
//
// Threads: functions of their arguments.
// Source:  docs/formats/spool.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/places.h"

namespace gander::store {

std::string spool_folder(const std::string& home);
// "queue/alerts/spool/0000000001", relative to the home.
std::string segment_name(uint64_t segment);
// Numbers of the segments that are there, ascending.
std::vector<uint64_t> segments_of(const std::string& home);

std::string reader_file(const std::string& home, const std::string& name);
struct ReaderPlace {
  std::string name;
  SpoolPlace place;
};
// Published places. A file that is damaged counts as the oldest place, so that nothing is removed for it.
std::vector<ReaderPlace> reader_places(const std::string& home);
Result<SpoolPlace> read_place_file(const std::string& path);
Result<void> write_place_file(const std::string& path, const SpoolPlace& place);

}  // namespace gander::store
