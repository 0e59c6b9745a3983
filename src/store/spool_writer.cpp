#include "store/spool_writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/file.h"
#include "store/spool.h"
#include "store/spool_files.h"

namespace gander::store {

Result<void> SpoolWriter::load(Tail tail) {
  const Result<SpoolExtent> extent = spool_extent(home_);
  if (!extent) return tl::unexpected(extent.error());
  total_ = extent->bytes;
  segment_ = std::max<uint64_t>(extent->end.segment, 1);
  in_segment_ = extent->end.offset;
  // A reader's segment that is gone was read to its end; its number is not used again.
  for (const ReaderPlace& reader : reader_places(home_)) {
    if (reader.place.segment >= segment_ && reader.place.segment > extent->end.segment) {
      segment_ = reader.place.segment + 1;
      in_segment_ = 0;
    }
  }
  if (tail == Tail::Doubtful) leave_segment();
  return {};
}

void SpoolWriter::leave_segment() {
  if (in_segment_ == 0) return;
  ++segment_;
  in_segment_ = 0;
}

Result<SpoolPlace> SpoolWriter::place_for(uint64_t bytes) {
  if (in_segment_ >= segment_bytes_) leave_segment();
  if (total_ > 0 && total_ + bytes > cap_) {
    // Readers may have read all there is: then the last segment can go, too.
    leave_segment();
    remove_passed();
  }
  if (total_ == 0 || total_ + bytes <= cap_) return SpoolPlace{segment_, in_segment_};
  const std::vector<ReaderPlace> readers = reader_places(home_);
  const auto slowest =
      std::min_element(readers.begin(), readers.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
  const std::string who = slowest == readers.end() ? "nobody reads it" : "'" + slowest->name + "' is behind";
  return fail("A202",
              "the spool of alerts holds " + std::to_string(total_) + " bytes and may hold " + std::to_string(cap_) +
                  ": " + who + "; sources wait until there is room",
              {spool_folder(home_)});
}

void SpoolWriter::written(uint64_t bytes) {
  in_segment_ += bytes;
  total_ += bytes;
}

uint64_t SpoolWriter::first_needed() const {
  uint64_t needed = segment_;
  for (const ReaderPlace& reader : reader_places(home_)) {
    SpoolPlace place = reader.place;
    struct stat status {};
    const std::string path = base::join(home_, segment_name(place.segment));
    // Behind the last byte of a segment that will not grow.
    if (place.segment < segment_ && ::stat(path.c_str(), &status) == 0 &&
        place.offset >= static_cast<uint64_t>(status.st_size)) {
      ++place.segment;
    }
    needed = std::min(needed, place.segment);
  }
  return needed;
}

size_t SpoolWriter::remove_passed() {
  const uint64_t needed = first_needed();
  size_t removed = 0;
  for (const uint64_t segment : segments_of(home_)) {
    if (segment >= needed) break;
    const std::string path = base::join(home_, segment_name(segment));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || ::unlink(path.c_str()) != 0) continue;
    total_ -= std::min<uint64_t>(total_, static_cast<uint64_t>(status.st_size));
    ++removed;
  }
  return removed;
}

}  // namespace gander::store
