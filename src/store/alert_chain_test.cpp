#include "store/alert_chain.h"

#include <gtest/gtest.h>

#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

ChainKey sample_key() {
  std::array<uint8_t, ChainKey::kBytes> key{};
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return ChainKey(key);
}

TEST(ChainKey, IsMadeOnceAndReadAgain) {
  testing::TempHome home;
  bool made = false;
  const Result<ChainKey> first = ChainKey::load(home / "etc/alerts.key", ChainKey::Missing::Make, &made);
  ASSERT_TRUE(first);
  EXPECT_TRUE(made);
  made = false;
  const Result<ChainKey> second = ChainKey::load(home / "etc/alerts.key", ChainKey::Missing::Make, &made);
  ASSERT_TRUE(second);
  EXPECT_FALSE(made);
  EXPECT_EQ(first->mac({"text"}), second->mac({"te", "xt"}));
  EXPECT_EQ(home.read("etc/alerts.key").size(), 65u);
  const auto mode = std::filesystem::status(home / "etc/alerts.key").permissions();
  EXPECT_EQ(mode & (std::filesystem::perms::others_all | std::filesystem::perms::group_write),
            std::filesystem::perms::none);
}

TEST(ChainKey, WhatIsNoKeyIsRefused) {
  testing::TempHome home;
  EXPECT_FALSE(ChainKey::load(home / "missing", ChainKey::Missing::Fail));
  for (const char* text : {"", "00", "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}) {
    home.write("key", text);
    const Result<ChainKey> key = ChainKey::load(home / "key", ChainKey::Missing::Make);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, "A206");
  }
}

// The value is that of another implementation (Python's hmac).
TEST(ChainKey, TheMacIsHmacSha256) {
  const Mac mac = sample_key().mac({"what do ya want ", "for nothing?"});
  EXPECT_EQ(mac[0], 0x09);
  EXPECT_EQ(mac[31], 0x6a);
}

TEST(Chain, RecordsCanBeReadAgain) {
  const ChainKey key = sample_key();
  ChainHead head;
  std::string chain;
  begin_chain(key, head, "logs/a.log", nullptr, chain);
  const std::string text(kChainPiece + 100, 'x');
  append_chain(key, head, 0, text, chain);
  append_chain(key, head, text.size(), "more", chain);
  EXPECT_EQ(head.chain_size, chain.size());
  EXPECT_EQ(head.log_end, text.size() + 4);
  const std::optional<ChainHead> end = end_of_chain("logs/a.log", chain);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->text(), head.text());
  EXPECT_EQ(ChainHead::from_text(head.text())->text(), head.text());
  for (size_t cut = 1; cut < 200; ++cut) {
    EXPECT_FALSE(end_of_chain("logs/a.log", chain.substr(0, chain.size() - cut)) && cut < 32 + 13 + 2);
  }
}

TEST(Chain, HeadsOfOtherFormsAreRefused) {
  for (const char* text : {"", "abc", "00 1 2 x"}) EXPECT_FALSE(ChainHead::from_text(text));
  EXPECT_FALSE(ChainHead::from_text(std::string(64, 'g') + " 1 2 x"));
  EXPECT_FALSE(ChainHead::from_text(std::string(64, '0') + " 1 x x"));
  EXPECT_TRUE(ChainHead::from_text(std::string(64, '0') + " 1 2 a name with blanks"));
}

}  // namespace
}  // namespace gander::store
