#include "integrity/sha256_lanes.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <random>
#include <vector>

namespace gander::integrity {
namespace {

using Digest = std::array<uint8_t, 32>;
using Bytes = std::vector<uint8_t>;

Digest by_openssl(const Bytes& message) {
  Digest out{};
  EVP_Digest(message.data(), message.size(), out.data(), nullptr, EVP_sha256(), nullptr);
  return out;
}

// Both messages, in step as long as both have blocks.
std::array<Digest, 2> by_lanes(std::array<Bytes, 2> messages) {
  Sha256Lanes lanes;
  std::array<size_t, 2> blocks{};
  for (size_t i = 0; i < 2; ++i) {
    const size_t size = messages[i].size();
    const size_t rest = size % Sha256Lanes::kBlock;
    messages[i].resize(size + Sha256Lanes::kMostPadding);
    blocks[i] = size / Sha256Lanes::kBlock + Sha256Lanes::pad(messages[i].data() + size - rest, rest, size);
    lanes.start(i);
  }
  const size_t both = std::min(blocks[0], blocks[1]);
  lanes.compress({messages[0].data(), messages[1].data()}, both);
  for (size_t i = 0; i < 2; ++i) {
    lanes.compress(i, messages[i].data() + both * Sha256Lanes::kBlock, blocks[i] - both);
  }
  return {lanes.digest(0), lanes.digest(1)};
}

TEST(Sha256Lanes, EveryLengthIsAsByOpenssl) {
  if (!Sha256Lanes::available()) GTEST_SKIP() << "this processor has no SHA instructions";
  std::mt19937 random(11);
  Bytes pool(5000);
  for (uint8_t& byte : pool) byte = static_cast<uint8_t>(random());
  for (size_t size = 0; size < 400; ++size) {
    const size_t other = random() % pool.size();
    const Bytes a(pool.begin(), pool.begin() + static_cast<ptrdiff_t>(size));
    const Bytes b(pool.end() - static_cast<ptrdiff_t>(other), pool.end());
    ASSERT_EQ(by_lanes({a, b}), (std::array{by_openssl(a), by_openssl(b)})) << size << " and " << other;
    ASSERT_EQ(by_lanes({b, a}), (std::array{by_openssl(b), by_openssl(a)})) << other << " and " << size;
  }
}

}  // namespace
}  // namespace gander::integrity
