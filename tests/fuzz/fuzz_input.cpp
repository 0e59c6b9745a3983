// Any bytes as a log file (plain, gzip or zstd): reading ends, and lines keep to their limits.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collect/log_reader.h"

namespace {

using namespace gander;

void require(bool holds) {
  if (!holds) std::abort();
}

// Enough to see the end of anything but a bomb.
constexpr int kMostBlocks = 2000;

void read_all(std::string_view bytes, const collect::ReadOptions& options) {
  const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  require(file >= 0 && ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::lseek(file, 0, SEEK_SET);
  Result<collect::LogReader> reader = collect::LogReader::adopt(file, "fuzz", options);
  if (!reader) return;
  const size_t longest =
      options.compat == model::Compat::Ossec43 ? collect::LineCutter::kOssecPiece : options.longest_line;
  collect::Block block;
  uint64_t events = 0;
  for (int i = 0; i < kMostBlocks; ++i) {
    const Result<bool> more = reader->next(block);
    if (!more || !*more) break;
    events += block.size();
    for (size_t k = 0; k < block.size(); ++k) {
      const std::string_view line = block.line(k);
      require(line.size() >= 2 && line.size() <= longest && line.find('\n') == std::string_view::npos);
    }
  }
  require(reader->counters().events == events);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_all(bytes, {.compat = model::Compat::Mended, .block_bytes = 512, .longest_line = 300});
  read_all(bytes, {.compat = model::Compat::Ossec43, .block_bytes = 4096, .read_seed = size + 1});
  return 0;
}
