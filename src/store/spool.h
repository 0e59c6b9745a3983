// SpoolReader: alerts out of queue/alerts/spool, in the order in which they were committed, at the reader's own pace.
//
// A reader has a name and publishes its place (queue/alerts/spool/NAME.place); segments that every published place has
// passed are removed by the journal. What the reader made of the records and the place belong into one transaction of
// the reader's own; publish() comes behind it. Reading may go ahead of the place that is published.
//
// Owns:    descriptors of the segment it stands in and of the watch.
// Threads: one thread.
// Cost:    large reads; views into one buffer.
// Fails:   A204 the spool or the place cannot be read or written. A damaged frame (power cut) ends its segment: the
//          reader goes on with the next one and skipped() counts the bytes. An unfinished frame at the end is waited
//          for.
// Source:  docs/formats/spool.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/places.h"

namespace gander::store {

class SpoolReader {
 public:
  enum class Start { Oldest, Newest };  // for a reader without a published place

  // Registers the name, so that nothing is removed before it. An empty name reads along without holding anything.
  static Result<SpoolReader> open(const std::string& home, std::string name, Start start);
  ~SpoolReader();
  SpoolReader(SpoolReader&&) noexcept;
  SpoolReader& operator=(SpoolReader&&) noexcept;

  // The next record, valid until the next call; nothing when the end is reached for now.
  Result<std::optional<std::string_view>> next();
  // Behind the record given last.
  SpoolPlace place() const;
  // Goes to a place (the one kept in the reader's own transaction). A place whose segment is gone becomes the oldest.
  Result<void> seek(SpoolPlace place);
  Result<void> publish();
  // Readable (poll) when something may have come; drain() before calling next() again.
  int descriptor() const;
  void drain();

  uint64_t skipped_bytes() const;
  // The reader has gone for good: its place no longer holds segments.
  static Result<void> forget(const std::string& home, const std::string& name);

 private:
  struct Impl;
  explicit SpoolReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The end of what is there, and the oldest place.
struct SpoolExtent {
  SpoolPlace oldest;
  SpoolPlace end;
  uint64_t bytes = 0;
};
Result<SpoolExtent> spool_extent(const std::string& home);

// Frames one record: length, checksum, bytes. The space for the frame's head is made first.
constexpr size_t kFrameHead = 8;
void finish_frame(std::string& frames, size_t begin, size_t end);
// The record at the front of `bytes`, with the size of its frame. No record: more bytes are needed, or it is damaged.
struct Frame {
  enum class State { Whole, NeedsMore, Damaged };
  State state = State::NeedsMore;
  std::string_view record;
  size_t size = 0;
};
Frame first_frame(std::string_view bytes);

}  // namespace gander::store
