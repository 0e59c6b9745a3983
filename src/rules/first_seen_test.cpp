#include "rules/first_seen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander::rules {
namespace {

using model::Compat;
using model::Field;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FirstSeenTest : public ::testing::TestWithParam<Compat> {
 protected:
  void SetUp() override { decode_as("a", model::Category::Syslog, model::kFtsSrcIp | model::kFtsLocation); }
  FirstSeen make(StoreWrites writes = StoreWrites::Yes, Compat compat = Compat::Ossec43, int list_size = 32) {
    return {store_, writes, compat, list_size, 14};
  }
  model::Event event(std::vector<std::pair<Field, std::string>> fields, std::string_view location = "l") {
    model::Event e;
    e.decoder = &decoder_;
    e.location = e.keep(location);
    for (const auto& [field, value] : fields) e.set(field, e.keep(value));
    return e;
  }

  void decode_as(std::string name, model::Category category, uint32_t fts) {
    decoder_.name = std::move(name);
    decoder_.category = category;
    decoder_.fts = fts;
  }

  model::MemoryStateStore store_;
  model::DecoderInfo decoder_;
};

TEST_P(FirstSeenTest, KeyHasNinePlaces) {
  auto seen = make(StoreWrites::Yes, GetParam());
  EXPECT_TRUE(seen.is_new(event({{Field::SrcIp, "1.1.1.1"}, {Field::DstUser, "not asked for"}})));
  decoder_.fts = 8 | 16 | 32 | 64 | 128 | 256 | 2048;
  EXPECT_TRUE(seen.is_new(event({{Field::Id, "I"},
                                 {Field::DstUser, "U"},
                                 {Field::SrcUser, "not this one"},
                                 {Field::SrcIp, "S"},
                                 {Field::DstIp, "D"},
                                 {Field::Data, "X"},
                                 {Field::SystemName, "N"}})));
  EXPECT_THAT(store_.first_seen_lines(), ElementsAre("a    1.1.1.1    l", "a I U  S D X N l"));
}

TEST_P(FirstSeenTest, SecondQuestionForTheSameEventIsNotNew) {
  auto seen = make(StoreWrites::Yes, GetParam());
  const auto e = event({{Field::SrcIp, "1.1.1.1"}});
  EXPECT_TRUE(seen.is_new(e));
  EXPECT_FALSE(seen.is_new(e));
}

TEST_P(FirstSeenTest, NoDecoderOrNoKeyIsNeverNew) {
  auto seen = make(StoreWrites::Yes, GetParam());
  decoder_.fts = 0;
  EXPECT_FALSE(seen.is_new(event({})));
  auto e = event({});
  e.decoder = nullptr;
  EXPECT_FALSE(seen.is_new(e));
}

TEST_P(FirstSeenTest, LinesOfTheStoreAreKnown) {
  store_.add_first_seen("a    1.1.1.1    l");
  auto seen = make(StoreWrites::Yes, GetParam());
  EXPECT_FALSE(seen.is_new(event({{Field::SrcIp, "1.1.1.1"}})));
  EXPECT_TRUE(seen.is_new(event({{Field::SrcIp, "1.1.1.2"}})));
}

TEST_P(FirstSeenTest, WithoutWritesItRemembersAndWritesNothing) {
  auto seen = make(StoreWrites::No, GetParam());
  EXPECT_TRUE(seen.is_new(event({})));
  EXPECT_FALSE(seen.is_new(event({})));
  EXPECT_THAT(store_.first_seen_lines(), IsEmpty());
}

TEST_P(FirstSeenTest, FourthSimilarKeyOfIdsIsCutAndLaterOnesAreKnown) {
  decode_as("i", model::Category::Ids, model::kFtsId | model::kFtsSrcIp);
  auto seen = make(StoreWrites::Yes, GetParam());
  std::vector<bool> found;
  for (int i = 1; i <= 7; ++i) {
    found.push_back(seen.is_new(event({{Field::Id, "1:2003:8"}, {Field::SrcIp, "10.0.0." + std::to_string(i)}})));
  }
  EXPECT_THAT(found, ElementsAre(true, true, true, true, false, false, false));
  EXPECT_EQ(store_.first_seen_lines().back(), "i 1:2003:8   1");
  EXPECT_TRUE(seen.is_new(event({{Field::Id, "9:1:1"}, {Field::SrcIp, "10.0.0.1"}})));
}

TEST_P(FirstSeenTest, OnlyTheNewestKeysOfIdsAreCompared) {
  decode_as("i", model::Category::Ids, model::kFtsId | model::kFtsSrcIp);
  auto seen = make(StoreWrites::Yes, GetParam(), 2);
  for (int i = 1; i <= 20; ++i) {
    EXPECT_TRUE(seen.is_new(event({{Field::Id, "1:2003:8"}, {Field::SrcIp, "10.0.0." + std::to_string(i)}})));
  }
}

INSTANTIATE_TEST_SUITE_P(Both, FirstSeenTest, ::testing::Values(Compat::Ossec43, Compat::Mended),
                         [](const auto& each) { return each.param == Compat::Mended ? "mended" : "ossec43"; });

// 4.3 cuts the key at 255 bytes, so that a long user name hides the address behind it.
TEST_F(FirstSeenTest, LongNameHidesTheAddressOnlyUnderOssec43) {
  decoder_.fts = model::kFtsDstUser | model::kFtsSrcIp;
  const std::string user(300, 'u');
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    auto seen = make(StoreWrites::No, compat);
    EXPECT_TRUE(seen.is_new(event({{Field::DstUser, user}, {Field::SrcIp, "1.1.1.1"}})));
    const auto elsewhere = event({{Field::DstUser, user}, {Field::SrcIp, "6.6.6.6"}});
    EXPECT_EQ(seen.is_new(elsewhere), compat == Compat::Mended);
    EXPECT_FALSE(seen.is_new(elsewhere));
  }
}

TEST_F(FirstSeenTest, LongKeysAreShortLinesInTheStore) {
  decoder_.fts = model::kFtsDstUser | model::kFtsSrcIp;
  const auto e = event({{Field::DstUser, std::string(100'000, 'u')}, {Field::SrcIp, "1.1.1.1"}});
  {
    auto seen = make(StoreWrites::Yes, Compat::Mended);
    EXPECT_TRUE(seen.is_new(e));
  }
  EXPECT_THAT(store_.first_seen_lines(), Each(SizeIs(255)));
  auto later = make(StoreWrites::Yes, Compat::Mended);
  EXPECT_FALSE(later.is_new(e));
}

}  // namespace
}  // namespace gander::rules
