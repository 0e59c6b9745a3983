#include "sensitive/pgp_secret.h"

#include <gtest/gtest.h>

#include <string>

#include "sensitive/testing/made_secrets.h"

namespace gander::sensitive {
namespace {

std::string base64_of(std::string_view bytes) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k) {
      three = three << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) {
      out += i + k > bytes.size() ? '=' : kLetters[three >> (18 - 6 * k) & 63];
    }
    if (out.size() % 65 == 64) out += '\n';
  }
  return out;
}

std::string number(uint32_t value, int octets) {
  std::string out;
  while (octets-- > 0) out += static_cast<char>(value >> (8 * octets));
  return out;
}

std::string integer(size_t bits) {
  return number(static_cast<uint32_t>(bits), 2) + std::string((bits + 7) / 8, '\x7f');
}

enum class Head { Old, New };

std::string packet(uint32_t tag, const std::string& body, Head head = Head::Old) {
  const auto size = static_cast<uint32_t>(body.size());
  if (head == Head::Old) return number(0x80 | tag << 2 | 1, 1) + number(size, 2) + body;
  if (size < 192) return number(0xC0 | tag, 1) + number(size, 1) + body;
  return number(0xC0 | tag, 1) + number(255, 1) + number(size, 4) + body;
}

// A secret-key body of version 4: its public part, then what begins with the usage octet.
std::string v4(uint32_t algorithm, const std::string& public_part, const std::string& secret) {
  return "\x04made" + number(algorithm, 1) + public_part + secret;
}

const std::string kOpen = std::string(1, '\0') + std::string(200, '\x55');
const std::string kLocked = "\xfe\x09\x03\x08saltsalt\xff" + std::string(200, '\x55');
const std::string kStub = "\xff\x09\x65\x02GNU\x01";
const std::string kRsa = integer(2048) + integer(17);

PgpSecret told(const std::string& packets) {
  return pgp_secret(base64_of(packets));
}

TEST(PgpSecret, KeysOfGnuPg) {
  EXPECT_EQ(pgp_secret(testing::kPgpOpenBody), PgpSecret::Plain);
  EXPECT_EQ(pgp_secret(testing::kPgpLockedBody), PgpSecret::Encrypted);
  EXPECT_EQ(pgp_secret(testing::kPgpStubBody), PgpSecret::Plain) << "the subkey is open";
  EXPECT_EQ(pgp_secret(testing::kPgpLockedStubBody), PgpSecret::Encrypted);
}

TEST(PgpSecret, EveryAlgorithmHasItsPublicPart) {
  const std::string curve = number(3, 1) + "oid";
  const struct {
    uint32_t algorithm;
    std::string public_part;
  } kAll[] = {{1, kRsa},
              {3, kRsa},
              {16, integer(2048) + integer(3) + integer(2047)},
              {17, integer(2048) + integer(256) + integer(2045) + integer(2000)},
              {18, curve + integer(263) + number(3, 1) + "\x01\x08\x09"},
              {19, curve + integer(515)},
              {22, curve + integer(263)},
              {25, std::string(32, 'x')},
              {26, std::string(56, 'x')},
              {27, std::string(32, 'x')},
              {28, std::string(57, 'x')}};
  for (const auto& one : kAll) {
    for (const Head head : {Head::Old, Head::New}) {
      EXPECT_EQ(told(packet(5, v4(one.algorithm, one.public_part, kOpen), head)), PgpSecret::Plain) << one.algorithm;
      EXPECT_EQ(told(packet(5, v4(one.algorithm, one.public_part, kLocked), head)), PgpSecret::Encrypted)
          << one.algorithm;
    }
  }
  EXPECT_EQ(told(packet(5, v4(99, kRsa, kLocked))), PgpSecret::Unknown);
}

TEST(PgpSecret, EveryVersion) {
  const std::string v3 = std::string("\x03made") + number(0, 2) + number(1, 1) + kRsa;
  EXPECT_EQ(told(packet(5, v3 + kOpen)), PgpSecret::Plain);
  EXPECT_EQ(told(packet(5, v3 + "\x01" + std::string(50, 'x'))), PgpSecret::Encrypted) << "IDEA, without S2K";
  // From version 5 on the length of the public part is there, whatever the algorithm.
  for (const char version : {'\x05', '\x06'}) {
    const std::string head = std::string(1, version) + "made" + number(99, 1) + number(40, 4) + std::string(40, 'x');
    EXPECT_EQ(told(packet(5, head + kOpen)), PgpSecret::Plain);
    EXPECT_EQ(told(packet(5, head + "\xfd" + std::string(90, 'x'))), PgpSecret::Encrypted);
  }
  EXPECT_EQ(told(packet(5, std::string(100, '\x09'))), PgpSecret::Unknown);
}

TEST(PgpSecret, OneOpenSubkeyIsEnough) {
  const std::string name = packet(13, "made <made@example>");
  const std::string locked = packet(5, v4(1, kRsa, kLocked)) + name + packet(2, std::string(300, 's'));
  EXPECT_EQ(told(locked + packet(7, v4(1, kRsa, kLocked))), PgpSecret::Encrypted);
  EXPECT_EQ(told(locked + packet(7, v4(1, kRsa, kOpen))), PgpSecret::Plain);
  EXPECT_EQ(told(packet(5, v4(1, kRsa, kStub)) + name), PgpSecret::None);
  EXPECT_EQ(told(packet(5, v4(1, kRsa, kStub)) + name + packet(7, v4(1, kRsa, kOpen))), PgpSecret::Plain);
  EXPECT_EQ(told(packet(5, v4(1, kRsa, kStub)) + name + packet(7, v4(1, kRsa, kLocked))), PgpSecret::Encrypted);
}

TEST(PgpSecret, WhateverIsMissingOrDamagedIsNotGuessed) {
  const std::string locked = packet(5, v4(1, kRsa, kLocked));
  const size_t usage = 3 + 6 + kRsa.size();  // the octet that decides
  for (size_t size = 0; size < locked.size(); ++size) {
    EXPECT_EQ(told(locked.substr(0, size)), size > usage ? PgpSecret::Encrypted : PgpSecret::Unknown) << size;
  }
  EXPECT_EQ(pgp_secret("no armour at all!"), PgpSecret::Unknown);
  EXPECT_EQ(told(packet(13, "only a name")), PgpSecret::Unknown);
  // Lengths that are longer than anything, or in pieces.
  EXPECT_EQ(told("\xc5\xff\xff\xff\xff\xff\x04"), PgpSecret::Unknown);
  EXPECT_EQ(told(std::string("\xc5\xe1") + std::string(100, '\x04')), PgpSecret::Unknown);
  EXPECT_EQ(told(std::string("\x97") + std::string(100, '\x04')), PgpSecret::Unknown);
}

TEST(PgpSecret, LineEndsMayBeEscaped) {
  std::string one_line;
  for (const char c : testing::kPgpLockedBody) one_line += c == '\n' ? "\\n" : std::string(1, c);
  EXPECT_EQ(pgp_secret(one_line), PgpSecret::Encrypted);
}

}  // namespace
}  // namespace gander::sensitive
