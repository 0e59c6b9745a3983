// Any bytes as a time zone file, and as the text of a zone: offsets stay within two days whatever is asked.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/posix_tz.h"
#include "base/zone_file.h"

namespace {

template <class Zone>
void ask(const Zone& zone) {
  constexpr int32_t kMost = 26 * 3600;
  for (const int64_t time : {INT64_MIN, INT64_C(-1), INT64_C(0), INT64_C(1768478400), INT64_C(9999999999), INT64_MAX}) {
    const int32_t offset = zone.offset_at(time);
    if (offset < -kMost || offset > kMost) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto zone = gander::base::parse_zone_file(bytes)) ask(*zone);
  if (const auto zone = gander::base::PosixTz::parse(bytes)) ask(*zone);
  return 0;
}
