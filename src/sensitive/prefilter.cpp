#include "sensitive/prefilter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <string>

#include "sensitive/chars.h"

namespace gander::sensitive {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr size_t kBlock = 32;
constexpr uint8_t kTokens = kTokenA | kTokenB | kTokenC;
constexpr std::string_view kUppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

struct Literal {
  uint8_t bucket;
  std::string_view text;  // '?' in the last place: any byte
};
constexpr Literal kLiterals[] = {
    {kMarks, "://?"},  {kMarks, "sig="},  {kMarks, "BEGI"},  {kMarks, "PuTT"},  {kMarks, "AGE-"},  {kTokenA, "ghp_"},
    {kTokenA, "gho_"}, {kTokenA, "ghu_"}, {kTokenA, "ghs_"}, {kTokenA, "ghr_"}, {kTokenA, "gith"}, {kTokenA, "glpa"},
    {kTokenA, "gldt"}, {kTokenA, "glrt"}, {kTokenA, "glpt"}, {kTokenA, "glsa"}, {kTokenB, "AKIA"}, {kTokenB, "ASIA"},
    {kTokenB, "AIza"}, {kTokenB, "GOCS"}, {kTokenB, "Acco"}, {kTokenB, "Shar"}, {kTokenB, "eyJ?"}, {kTokenB, "SG.?"},
    {kTokenC, "xoxb"}, {kTokenC, "xoxp"}, {kTokenC, "xoxa"}, {kTokenC, "xoxr"}, {kTokenC, "xoxs"}, {kTokenC, "xoxe"},
    {kTokenC, "xapp"}, {kTokenC, "sk_l"}, {kTokenC, "rk_l"}, {kTokenC, "whse"}, {kTokenC, "npm_"}, {kTokenC, "pypi"},
    {kTokenC, "ya29"}, {kTokenC, "dop_"}, {kTokenC, "doo_"}, {kTokenC, "shpa"}, {kTokenC, "shps"}, {kTokenC, "shpc"},
    {kTokenC, "shpp"}, {kTokenC, "sk-a"}, {kTokenC, "sk-p"}, {kTokenC, "hvs."}, {kTokenC, "dapi"}, {kTokenC, "dckr"},
    {kTokenC, "sq0c"}, {kTokenC, "sq0a"}, {kTokenC, "hook"}, {kTokenC, "hf_?"},
};

constexpr std::string_view kNames[] = {"pass", "pwd?"};  // in either case
constexpr std::string_view kSecretNames[] = {"ecre", "oken", "_key", "-key", "ikey", "skey"};

}  // namespace

const Prefilter& Prefilter::instance() {
  static const Prefilter one;
  return one;
}

void Prefilter::add_class(uint8_t bucket, size_t place, std::string_view members) {
  for (const char c : members) sets_[place][static_cast<uint8_t>(c)] |= bucket;
}

void Prefilter::add(uint8_t bucket, std::string_view literal) {
  for (size_t i = 0; i < kWindow; ++i) {
    if (literal[i] == '?') {
      for (auto& set : sets_[i]) set |= bucket;
    } else {
      sets_[i][static_cast<uint8_t>(literal[i])] |= bucket;
    }
  }
}

void Prefilter::add_name(uint8_t bucket, std::string_view name) {
  add(bucket, name);
  for (size_t i = 0; i < kWindow; ++i) {
    if (is_lower(name[i])) sets_[i][static_cast<uint8_t>(name[i] - 'a' + 'A')] |= bucket;
  }
}

size_t Prefilter::hash3(char a, char b, char c) noexcept {
  const uint32_t word = static_cast<uint32_t>(static_cast<uint8_t>(a)) << 16 |
                        static_cast<uint32_t>(static_cast<uint8_t>(b)) << 8 | static_cast<uint8_t>(c);
  return word * 0x9E3779B1U >> 20;
}

void Prefilter::add_token(uint8_t bucket, std::string_view literal) {
  add(bucket, literal);
  const size_t hash = hash3(literal[0], literal[1], literal[2]);
  tokens_[hash / 64] |= uint64_t{1} << hash % 64;
}

Prefilter::Prefilter() {
  for (size_t i = 0; i < 3; ++i) add_class(kDigitRun, i, kDigits);
  add_class(kDigitRun, 3, "0123456789 -.+");
  for (size_t i = 0; i < 2; ++i) {
    add_class(kIbanStart, i, kUppers);
    add_class(kIbanStart, i + 2, kDigits);
  }
  for (const Literal& literal : kLiterals) {
    if ((literal.bucket & kTokens) != 0) {
      add_token(literal.bucket, literal.text);
    } else {
      add(literal.bucket, literal.text);
    }
  }
  for (const char hex : kHex) add_token(kTokenB, std::string("SK") + hex + '0');
  add_class(kTokenB, 3, kHex);
  for (const char digit : kDigits) add_token(kTokenA, digit + std::string("Q~?"));
  for (const std::string_view name : kNames) add_name(kPasswordName, name);
  for (const std::string_view name : kSecretNames) add_name(kSecretName, name);
  make_halves();
#if defined(__x86_64__)
  avx2_ = __builtin_cpu_supports("avx2") != 0;
#endif
}

void Prefilter::make_halves() {
  for (size_t place = 0; place < kWindow; ++place) {
    for (size_t byte = 0; byte < 256; ++byte) {
      low_[place][byte & 15] |= sets_[place][byte];
      high_[place][byte >> 4] |= sets_[place][byte];
    }
  }
}

uint8_t Prefilter::look_up(std::string_view text, size_t at) const noexcept {
  if (text.size() - at < kWindow) return 0;
  const auto set = [&](size_t i) { return sets_[i][static_cast<uint8_t>(text[at + i])]; };
  auto buckets = static_cast<uint8_t>(set(0) & set(1) & set(2) & set(3));
  if ((buckets & kDigitRun) != 0 && is_digit(byte_before(text, at))) buckets &= static_cast<uint8_t>(~kDigitRun);
  if ((buckets & kTokens) != 0) {
    const size_t hash = hash3(text[at], text[at + 1], text[at + 2]);
    if ((tokens_[hash / 64] >> hash % 64 & 1) == 0) buckets &= static_cast<uint8_t>(~kTokens);
  }
  return buckets;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) bool Prefilter::next_block_avx2(std::string_view text, size_t& at,
                                                                uint32_t& places) const noexcept {
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i zero = _mm256_setzero_si256();
  const __m256i not_digits = _mm256_set1_epi8(static_cast<char>(~kDigitRun));
  __m256i low[kWindow];
  __m256i high[kWindow];
  for (size_t i = 0; i < kWindow; ++i) {
    low[i] = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(low_[i].data())));
    high[i] = _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(high_[i].data())));
  }
  for (; at + kBlock + kWindow - 1 <= text.size(); at += kBlock) {
    __m256i all = _mm256_set1_epi8(-1);
    for (size_t i = 0; i < kWindow; ++i) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + at + i));
      const __m256i l = _mm256_shuffle_epi8(low[i], _mm256_and_si256(bytes, nibble));
      const __m256i h = _mm256_shuffle_epi8(high[i], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
      all = _mm256_and_si256(all, _mm256_and_si256(l, h));
    }
    if (_mm256_testz_si256(all, all) != 0) continue;
    const __m256i others = _mm256_cmpeq_epi8(_mm256_and_si256(all, not_digits), zero);
    // A place inside a run of digits follows another that fits; only the first of a run is asked for.
    const auto digits = static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(all, 7)));
    places = ~static_cast<uint32_t>(_mm256_movemask_epi8(others)) | (digits & ~(digits << 1));
    return true;
  }
  return false;
}
#else
bool Prefilter::next_block_avx2(std::string_view, size_t&, uint32_t&) const noexcept {
  return false;
}
#endif

bool Prefilter::next_block(std::string_view text, size_t& at, uint32_t& places) const noexcept {
  return avx2_ && next_block_avx2(text, at, places);
}

size_t Candidates::next(size_t from, uint8_t& buckets) noexcept {
  while (!plain_) {
    if (!has_block_) {
      block_ = from;
      if (!prefilter_.next_block(text_, block_, places_)) {
        plain_ = true;
        from = block_;
        break;
      }
      has_block_ = true;
    }
    if (from >= block_ + kBlock) {
      has_block_ = false;
      continue;
    }
    if (from > block_) places_ &= ~uint32_t{0} << (from - block_);
    for (; places_ != 0; places_ &= places_ - 1) {
      const size_t at = block_ + static_cast<size_t>(__builtin_ctz(places_));
      buckets = prefilter_.look_up(text_, at);
      if (buckets != 0) return at;
    }
    from = block_ + kBlock;
  }
  for (; from + Prefilter::kWindow <= text_.size(); ++from) {
    buckets = prefilter_.look_up(text_, from);
    if (buckets != 0) return from;
  }
  return text_.size();
}

}  // namespace gander::sensitive
