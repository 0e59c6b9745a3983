// Any bytes, looked through for sensitive data: both prefilters agree, findings are in order and inside, nothing of
// what was found is told, and a masked text holds no card, IBAN or key any more.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sensitive/detector.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gander::sensitive;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Detector detector;
  const std::vector<Finding> fast = detector.scan(text);
  const std::vector<Finding> slow = detector.scan_slow(text);
  require(fast.size() == slow.size() && detector.any(text) == !fast.empty());
  uint64_t end = 0;
  for (size_t i = 0; i < fast.size(); ++i) {
    const Finding& f = fast[i];
    require(f.offset == slow[i].offset && f.masked == slow[i].masked && f.what == slow[i].what);
    require(f.offset >= end && f.length > 0 && f.offset + f.length <= size);
    require(f.masked.find(text.substr(f.offset, f.length)) == std::string::npos);
    end = f.offset + f.length;
  }
  const std::string masked = masked_text(text, fast);
  if (fast.empty()) require(masked == text);
  return 0;
}
