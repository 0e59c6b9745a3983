#include "integrity/two_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gander::integrity {

void TwoFiles::run(Source& source) {
  for (Lane& lane : lanes_) lane.no_more = false;
  for (;;) {
    const bool first = has_blocks(0, source);
    const bool second = has_blocks(1, source);
    if (first && second) {
      const size_t blocks = std::min(lanes_[0].blocks, lanes_[1].blocks);
      sums_.compress({lanes_[0].data, lanes_[1].data}, blocks);
      for (Lane& lane : lanes_) skip(lane, blocks);
    } else if (first || second) {
      const size_t one = first ? 0 : 1;
      sums_.compress(one, lanes_[one].data, lanes_[one].blocks);
      skip(lanes_[one], lanes_[one].blocks);
    } else {
      return;
    }
  }
}

void TwoFiles::skip(Lane& lane, size_t blocks) {
  lane.data += blocks * Sha256Lanes::kBlock;
  lane.blocks -= blocks;
}

// Reads on, or begins the next file, until there is something to hash.
bool TwoFiles::has_blocks(size_t at, Source& source) {
  Lane& lane = lanes_[at];
  while (lane.blocks == 0 && !lane.no_more) {
    if (!lane.reading) {
      lane.reading = source.next(at);
      lane.no_more = lane.reading == nullptr;
      if (lane.no_more) break;
      lane.padded = false;
      lane.rest = 0;
      sums_.start(at);
      lane.others.start(lane.reading->checks & ~Check::Sha256);
      advise(lane.reading->fd, lane.reading->expected);
    } else if (lane.padded) {
      end(at, 0, source);
    } else if (const int error = read_more(lane); error != 0) {
      end(at, error, source);
    }
  }
  return lane.blocks != 0;
}

void TwoFiles::end(size_t at, int error, Source& source) {
  Lane& lane = lanes_[at];
  Reading& reading = *lane.reading;
  reading.error = error;
  reading.digests = lane.others.finish();
  reading.digests.sha256 = sums_.digest(at);
  reading.digests.present |= Check::Sha256;
  lane.blocks = 0;
  lane.reading = nullptr;
  source.ended(at);
}

int TwoFiles::read_more(Lane& lane) {
  Reading& reading = *lane.reading;
  if (stop_ && stop_->load(std::memory_order_relaxed)) return ECANCELED;
  uint8_t* const begin = lane.buffer.data();
  if (lane.rest != 0) std::memmove(begin, lane.data, lane.rest);
  ssize_t got = 0;
  do {
    got = ::read(reading.fd, begin + lane.rest, kReadSize);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno;
  const auto size = static_cast<size_t>(got);
  lane.others.add({reinterpret_cast<const char*>(begin) + lane.rest, size});
  reading.read_bytes += size;
  if (too_long(reading.read_bytes, reading.expected)) return EOVERFLOW;
  const size_t there = lane.rest + size;
  lane.data = begin;
  lane.blocks = there / Sha256Lanes::kBlock;
  lane.rest = there % Sha256Lanes::kBlock;
  if (is_end(size, reading.read_bytes, reading.expected)) {
    lane.blocks += Sha256Lanes::pad(begin + there - lane.rest, lane.rest, reading.read_bytes);
    lane.padded = true;
  }
  return 0;
}

}  // namespace gander::integrity
