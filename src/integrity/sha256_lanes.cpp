#include "integrity/sha256_lanes.h"

#include <cstring>
#include <utility>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace gander::integrity {

void Sha256Lanes::start(size_t lane) {
  lanes_[lane] = {{0x9b05688c, 0x510e527f, 0xbb67ae85, 0x6a09e667}, {0x5be0cd19, 0x1f83d9ab, 0xa54ff53a, 0x3c6ef372}};
}

std::array<uint8_t, 32> Sha256Lanes::digest(size_t lane) const {
  const auto& [abef, cdgh] = lanes_[lane];
  const std::array<uint32_t, 8> words = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
  std::array<uint8_t, 32> out{};
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<uint8_t>(words[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

size_t Sha256Lanes::pad(uint8_t* data, size_t rest, uint64_t size) {
  const size_t blocks = rest + 9 > kBlock ? 2 : 1;
  uint8_t* const end = data + blocks * kBlock;
  std::memset(data + rest, 0, static_cast<size_t>(end - data) - rest);
  data[rest] = 0x80;
  const uint64_t bits = size * 8;
  for (size_t i = 0; i < 8; ++i) end[-1 - static_cast<ptrdiff_t>(i)] = static_cast<uint8_t>(bits >> (8 * i));
  return blocks;
}

#if defined(__x86_64__)

namespace {

#define GANDER_SHA __attribute__((target("sha,sse4.1"), always_inline)) inline

alignas(16) constexpr std::array<uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

struct Work {
  __m128i abef, cdgh;
  __m128i words[4];
};

template <size_t Group>
GANDER_SHA void next_words(Work& w, const uint8_t* data) {
  __m128i& now = w.words[Group % 4];
  if constexpr (Group < 4) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    now = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data) + Group), order);
  } else {
    const __m128i last = w.words[(Group + 3) % 4];
    const __m128i part = _mm_alignr_epi8(last, w.words[(Group + 2) % 4], 4);
    now = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(now, w.words[(Group + 1) % 4]), part), last);
  }
}

// Four rounds of each lane; what one waits for, the other fills.
template <size_t Group, size_t Lanes>
GANDER_SHA void four_rounds(Work (&work)[Lanes], const uint8_t* const (&data)[Lanes]) {
  const __m128i add = _mm_load_si128(reinterpret_cast<const __m128i*>(kRound.data()) + Group);
  __m128i sum[Lanes];
  for (size_t i = 0; i < Lanes; ++i) {
    next_words<Group>(work[i], data[i]);
    sum[i] = _mm_add_epi32(work[i].words[Group % 4], add);
    work[i].cdgh = _mm_sha256rnds2_epu32(work[i].cdgh, work[i].abef, sum[i]);
  }
  for (size_t i = 0; i < Lanes; ++i) {
    work[i].abef = _mm_sha256rnds2_epu32(work[i].abef, work[i].cdgh, _mm_shuffle_epi32(sum[i], 0x0E));
  }
}

template <size_t Lanes, size_t... Group>
GANDER_SHA void all_rounds(Work (&work)[Lanes], const uint8_t* const (&data)[Lanes], std::index_sequence<Group...>) {
  (four_rounds<Group>(work, data), ...);
}

template <size_t Lanes>
GANDER_SHA void take_blocks(Work (&work)[Lanes], const uint8_t* (&data)[Lanes], size_t blocks) {
  for (; blocks > 0; --blocks) {
    __m128i abef[Lanes];
    __m128i cdgh[Lanes];
    for (size_t i = 0; i < Lanes; ++i) {
      abef[i] = work[i].abef;
      cdgh[i] = work[i].cdgh;
    }
    all_rounds(work, data, std::make_index_sequence<16>());
    for (size_t i = 0; i < Lanes; ++i) {
      work[i].abef = _mm_add_epi32(work[i].abef, abef[i]);
      work[i].cdgh = _mm_add_epi32(work[i].cdgh, cdgh[i]);
      data[i] += Sha256Lanes::kBlock;
    }
  }
}

GANDER_SHA __m128i load(const std::array<uint32_t, 4>& words) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(words.data()));
}
GANDER_SHA void store(std::array<uint32_t, 4>& words, __m128i value) {
  _mm_store_si128(reinterpret_cast<__m128i*>(words.data()), value);
}

#undef GANDER_SHA

}  // namespace

bool Sha256Lanes::available() {
  static const bool has = [] {
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned kSse41AndSsse3 = bit_SSE4_1 | bit_SSSE3;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kSse41AndSsse3) != kSse41AndSsse3) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
  }();
  return has;
}

__attribute__((target("sha,sse4.1"))) void Sha256Lanes::compress(const std::array<const uint8_t*, kLanes>& data,
                                                                 size_t blocks) {
  Work work[kLanes];
  const uint8_t* at[kLanes];
  for (size_t i = 0; i < kLanes; ++i) {
    work[i].abef = load(lanes_[i].abef);
    work[i].cdgh = load(lanes_[i].cdgh);
    at[i] = data[i];
  }
  take_blocks(work, at, blocks);
  for (size_t i = 0; i < kLanes; ++i) {
    store(lanes_[i].abef, work[i].abef);
    store(lanes_[i].cdgh, work[i].cdgh);
  }
}

__attribute__((target("sha,sse4.1"))) void Sha256Lanes::compress(size_t lane, const uint8_t* data, size_t blocks) {
  Work work[1];
  const uint8_t* at[1] = {data};
  work[0].abef = load(lanes_[lane].abef);
  work[0].cdgh = load(lanes_[lane].cdgh);
  take_blocks(work, at, blocks);
  store(lanes_[lane].abef, work[0].abef);
  store(lanes_[lane].cdgh, work[0].cdgh);
}

#else

bool Sha256Lanes::available() {
  return false;
}
void Sha256Lanes::compress(const std::array<const uint8_t*, kLanes>&, size_t) {}
void Sha256Lanes::compress(size_t, const uint8_t*, size_t) {}

#endif

}  // namespace gander::integrity
