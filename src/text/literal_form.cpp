#include "text/literal_form.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "text/required_literals.h"

namespace gander::text {
namespace {

constexpr std::array<char, 256> make_lower() {
  std::array<char, 256> table{};
  for (size_t i = 0; i < 256; ++i) {
    table[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i + 32 : i);
  }
  return table;
}
constexpr std::array<char, 256> kLower = make_lower();

// Characters of which a literal os_regex or PCRE2 pattern may consist.
bool is_plain(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!\"#%&',/:;<=>@_`~- ").find(c) != std::string_view::npos;
}

// Two letters outside ASCII fold to ASCII ones and count as plain: the Kelvin sign and the long s.
bool all_plain(std::string_view p) {
  if (!p.empty() && p.back() == '\n') p.remove_suffix(1);
  while (!p.empty()) {
    if (is_plain(p.front()))
      p.remove_prefix(1);
    else if (p.starts_with("\xE2\x84\xAA"))
      p.remove_prefix(3);
    else if (p.starts_with("\xC5\xBF"))
      p.remove_prefix(2);
    else
      return false;
  }
  return true;
}

}  // namespace

char ascii_lower(char c) noexcept {
  return kLower[static_cast<unsigned char>(c)];
}

namespace {

uint64_t word_at(const char* p) {
  uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// Eight bytes with their ASCII letters in lower case.
uint64_t lower_word(const char* p) {
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  const uint64_t word = word_at(p);
  const uint64_t low = word & (0x7f * kOnes);
  const uint64_t from_a = low + (0x80 - 'A') * kOnes;
  const uint64_t beyond_z = low + (0x80 - 'Z' - 1) * kOnes;
  const uint64_t upper = (from_a ^ beyond_z) & ~word & (0x80 * kOnes);
  return word | upper >> 2;
}

}  // namespace

bool equal_caseless(std::string_view subject, std::string_view lower) noexcept {
  const size_t size = lower.size();
  if (subject.size() != size) return false;
  if (size < sizeof(uint64_t)) {
    for (size_t i = 0; i < size; ++i) {
      if (ascii_lower(subject[i]) != lower[i]) return false;
    }
    return true;
  }
  // Eight bytes at a time; the last eight may overlap those before them.
  for (size_t i = 0;; i = std::min(i + sizeof(uint64_t), size - sizeof(uint64_t))) {
    if (lower_word(subject.data() + i) != word_at(lower.data() + i)) return false;
    if (i + sizeof(uint64_t) == size) return true;
  }
}

std::optional<LiteralForm> LiteralForm::of(Dialect dialect, std::string_view pattern) {
  LiteralForm form;
  form.at_start = pattern.starts_with('^');
  if (form.at_start) pattern.remove_prefix(1);
  form.at_end = pattern.ends_with('$');
  if (form.at_end) pattern.remove_suffix(1);
  if (!form.at_start && !form.at_end) return std::nullopt;
  const bool plain = dialect == Dialect::OsMatch
                         ? !pattern.empty() && pattern.find_first_of("^$|") == std::string_view::npos
                         : all_plain(pattern);
  if (!plain) return std::nullopt;
  for (const char c : pattern) form.lower.push_back(ascii_lower(c));
  return form;
}

std::vector<std::string> LiteralForm::required() const {
  std::string_view best;
  for (size_t begin = 0; begin < lower.size();) {
    size_t end = begin;
    while (end < lower.size() && static_cast<unsigned char>(lower[end]) < 0x80) ++end;
    if (end - begin > best.size()) best = std::string_view(lower).substr(begin, end - begin);
    begin = end + 1;
  }
  if (best.size() < kShortestRequired) return {};
  return {std::string(best)};
}

std::string LiteralForm::as_pcre2() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = at_start ? "\\A" : "";
  for (const char c : lower) {
    const auto b = static_cast<unsigned char>(c);
    out.append({'\\', 'x', kHex[b >> 4], kHex[b & 15]});
  }
  return at_end ? out + "\\z" : out;
}

bool LiteralForm::search(std::string_view subject, size_t& begin, size_t& end) const noexcept {
  if (subject.size() < lower.size()) return false;
  if (at_start) {
    if (at_end && subject.size() != lower.size()) return false;
    begin = 0;
    end = lower.size();
    return equal_caseless(subject.substr(0, lower.size()), lower);
  }
  begin = subject.size() - lower.size();
  end = subject.size();
  return equal_caseless(subject.substr(begin), lower);
}

}  // namespace gander::text
