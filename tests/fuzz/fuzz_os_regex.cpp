// Any pattern of any dialect on any text: the fast search gives what the slow one gives.
//
// First byte: dialect (times 2) and what to do with texts that are not UTF-8; then the pattern, a newline, the text.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "text/ip_set.h"
#include "text/pattern.h"
#include "text/testing/compare.h"

namespace {

using gander::text::Dialect;
using gander::text::MatchContext;
using gander::text::OnInvalidUtf8;
using gander::text::Pattern;

constexpr size_t kLongestPattern = 600;
constexpr size_t kLongestText = 2000;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto dialect = static_cast<Dialect>(data[0] / 2 % 3);
  const OnInvalidUtf8 mode = data[0] % 2 == 0 ? OnInvalidUtf8::NoMatch : OnInvalidUtf8::SearchBytes;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t newline = rest.find('\n');
  const std::string_view text = rest.substr(0, newline);
  const std::string_view subject = newline == std::string_view::npos ? std::string_view() : rest.substr(newline + 1);
  if (text.size() > kLongestPattern || subject.size() > kLongestText) return 0;

  gander::text::word_match(text, subject);
  gander::text::AddressList addresses;
  if (addresses.add(text)) addresses.matches(subject);

  const auto pattern = Pattern::compile(dialect, text, mode);
  if (!pattern) {
    require(pattern.error().offset <= text.size(), "an error behind the pattern");
    require(pattern.error().ossec_code != 0 && !pattern.error().message.empty(), "an error without words");
    return 0;
  }
  MatchContext context({.match = 20'000, .depth = 20'000, .jit_stack = 0});
  const auto difference = gander::text::testing::difference(*pattern, subject, context);
  require(!difference, difference ? difference->c_str() : "");
  return 0;
}
