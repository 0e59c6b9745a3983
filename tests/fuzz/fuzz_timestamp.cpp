// Any bytes as log lines: a time that is found is possible, and reading times ends in one for every line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "decode/timestamp.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gander;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  decode::TimestampOptions options;
  options.reference = base::from_unix(1'768'478'400);
  if (size > 0 && data[0] % 4 == 0) options.year = 1970 + data[0];
  decode::TimestampReader reader(options);
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (const auto time = decode::find_timestamp(line)) {
      const base::Civil& c = time->civil;
      require(c.month >= 1 && c.month <= 12 && c.hour >= 0 && c.hour <= 23 && c.minute >= 0 && c.minute <= 59);
      require(c.day >= 1 && c.day <= base::days_in_month(time->has_year ? c.year : 2000, c.month));
      require(time->microsecond >= 0 && time->microsecond < 1'000'000);
      require(!time->has_year || (c.year >= 1970 && c.year <= 9999));
    }
    const int64_t seconds = base::unix_seconds(reader.read(line));
    require(seconds > -100'000'000'000 && seconds < 300'000'000'000);
    begin = end + 1;
  }
  return 0;
}
