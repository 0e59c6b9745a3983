// Differences, states of the baseline, messages of scanners: bytes that strangers choose.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "integrity/diff.h"
#include "integrity/event_text.h"
#include "integrity/file_state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gander::integrity;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t half = all.find('\xff');
  const std::string_view a = all.substr(0, half);
  const std::string_view b = half == std::string_view::npos ? std::string_view() : all.substr(half + 1);

  const std::string difference = line_difference(a, b);
  if (difference.empty() != (a == b)) std::abort();
  if (shortened_difference(difference).size() > 4200) std::abort();

  if (const auto state = unpack(all)) {
    const auto again = unpack(pack(*state));
    if (!again || !(*again == *state)) std::abort();
    if (!FileSum::parse(sum_text(*state)).whole) std::abort();
  }
  if (decode_path(encode_path(all)) != all) std::abort();
  const FileSum before = FileSum::parse(a);
  const FileSum after = FileSum::parse(b);
  static_cast<void>(after.really_differs(before));
  static_cast<void>(changed_text(a, before, after, permissions_line(before, after), b));
  static_cast<void>(new_text(a, after));
  return 0;
}
