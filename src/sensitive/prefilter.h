// Prefilter: names the places of a text where something sensitive can begin, by their first four bytes.
//
// Each byte of a window has a set of buckets that it fits; a place is a candidate of the buckets that all four of its
// bytes fit. With AVX2, 32 places at once: the sets are looked up by half bytes, which lets a few more through; what
// is let through is asked by look_up(), so both ways name the same places.
//
// Threads: immutable; functions of their arguments.
// Cost:    with AVX2 several GB/s where nothing is found, else about one GB/s.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gander::sensitive {

// Buckets, one bit each.
constexpr uint8_t kDigitRun = 1;      // ddd[d -.+]
constexpr uint8_t kIbanStart = 2;     // AAdd
constexpr uint8_t kPasswordName = 4;  // pass, pwd?
constexpr uint8_t kSecretName = 8;    // ecre(t), oken, _key, -key, ikey, skey
constexpr uint8_t kMarks = 16;        // "://", sig=, BEGI, PuTT, AGE-
constexpr uint8_t kTokenA = 32;
constexpr uint8_t kTokenB = 64;
constexpr uint8_t kTokenC = 128;

// The fixed tables.
class Prefilter {
 public:
  static constexpr size_t kWindow = 4;

  static const Prefilter& instance();

  // The buckets of one place; 0: none. A run of digits counts at its first digit only.
  uint8_t look_up(std::string_view text, size_t at) const noexcept;
  // Of the 32 places from the first block at or behind `at` that has any, bits of those that may fit; `at` is moved to
  // that block. False: none with so many bytes behind it, `at` is where the rest begins. Without AVX2 always so.
  bool next_block(std::string_view text, size_t& at, uint32_t& places) const noexcept;

 private:
  Prefilter();
  void add(uint8_t bucket, std::string_view literal);
  void add_class(uint8_t bucket, size_t place, std::string_view members);
  void add_name(uint8_t bucket, std::string_view name);
  void add_token(uint8_t bucket, std::string_view literal);
  void make_halves();
  bool next_block_avx2(std::string_view text, size_t& at, uint32_t& places) const noexcept;
  static size_t hash3(char a, char b, char c) noexcept;

  // sets_[place][byte]; a byte behind the end fits nothing.
  std::array<std::array<uint8_t, 256>, kWindow> sets_{};
  alignas(16) std::array<std::array<uint8_t, 16>, kWindow> low_{};
  alignas(16) std::array<std::array<uint8_t, 16>, kWindow> high_{};
  std::array<uint64_t, 64> tokens_{};  // of the first three bytes of tokens, a bit for each hash
  bool avx2_ = false;
};

enum class Pace { Fast, Plain };

// The candidates of one text, in order.
class Candidates {
 public:
  explicit Candidates(std::string_view text, Pace pace = Pace::Fast)
      : prefilter_(Prefilter::instance()), text_(text), plain_(pace == Pace::Plain) {}

  // The first one at or behind `from`, which never goes back; text.size(): no more.
  size_t next(size_t from, uint8_t& buckets) noexcept;

 private:
  const Prefilter& prefilter_;
  std::string_view text_;
  bool plain_;
  size_t block_ = 0;
  uint32_t places_ = 0;  // left in the block
  bool has_block_ = false;
};

}  // namespace gander::sensitive
