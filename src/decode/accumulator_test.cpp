// Accumulation: what is filled in, for how long, and within which bounds.
#include "decode/accumulator.h"

#include <gtest/gtest.h>

#include <string>

#include "decode/decoder_set.h"

namespace gander::decode {
namespace {

using model::Field;

struct Fixture : ::testing::Test {
  Fixture() { info.name = "mailer"; }

  model::Event event(int64_t second, std::string_view id) const {
    model::Event e;
    e.decoder = &info;
    e.time = base::from_unix(second);
    e.hostname = "host";
    if (id.data()) e.set(Field::Id, id);
    return e;
  }
  static std::string field(const model::Event& e, Field f) { return e.has(f) ? std::string(e.field(f)) : "-"; }

  model::DecoderInfo info;
  Accumulator accumulator{model::Compat::Ossec43};
};

TEST_F(Fixture, FillsInWhatIsMissing) {
  auto first = event(1000, "12");
  first.set(Field::SrcIp, "192.0.2.1");
  first.set(Field::DstUser, "bob");
  accumulator.update(first);
  auto second = event(1001, "12");
  second.set(Field::Url, "/x");
  second.set(Field::DstUser, "");
  accumulator.update(second);
  EXPECT_EQ(field(second, Field::SrcIp), "192.0.2.1");
  EXPECT_EQ(field(second, Field::DstUser), "bob");
  EXPECT_EQ(field(second, Field::Url), "/x");
  EXPECT_EQ(field(first, Field::Url), "-");
}

TEST_F(Fixture, AllSevenFieldsAndNoOther) {
  auto first = event(1000, "12");
  for (size_t i = 0; i < model::kFieldCount; ++i) {
    if (static_cast<Field>(i) != Field::Id) first.fields[i] = "v";
  }
  accumulator.update(first);
  auto second = event(1000, "12");
  accumulator.update(second);
  std::string filled;
  for (size_t i = 0; i < model::kFieldCount; ++i) filled += second.fields[i].data() ? '1' : '0';
  // dstuser srcuser srcip dstip srcport dstport - - id - data - - -
  EXPECT_EQ(filled, "11111100101000");
}

TEST_F(Fixture, FirstValueStays) {
  for (const char* const ip : {"192.0.2.1", "192.0.2.2"}) {
    auto e = event(1000, "12");
    e.set(Field::SrcIp, ip);
    accumulator.update(e);
    EXPECT_EQ(field(e, Field::SrcIp), ip);
  }
  auto third = event(1000, "12");
  accumulator.update(third);
  EXPECT_EQ(field(third, Field::SrcIp), "192.0.2.1");
}

TEST_F(Fixture, AgeIsCountedFromTheLastEvent) {
  auto first = event(1000, "12");
  first.set(Field::SrcIp, "192.0.2.1");
  accumulator.update(first);
  for (const int64_t second : {1120, 1240}) {
    auto e = event(second, "12");
    accumulator.update(e);
    EXPECT_EQ(field(e, Field::SrcIp), "192.0.2.1") << second;
  }
  auto late = event(1361, "12");
  accumulator.update(late);
  EXPECT_EQ(field(late, Field::SrcIp), "-");
}

TEST_F(Fixture, KeyIsHostDecoderAndId) {
  auto first = event(1000, "12");
  first.set(Field::SrcIp, "192.0.2.1");
  accumulator.update(first);
  auto other_id = event(1000, "13");
  accumulator.update(other_id);
  EXPECT_EQ(field(other_id, Field::SrcIp), "-");
  auto other_host = event(1000, "12");
  other_host.hostname = "box";
  accumulator.update(other_host);
  EXPECT_EQ(field(other_host, Field::SrcIp), "-");
  auto no_id = event(1000, {});
  accumulator.update(no_id);
  EXPECT_EQ(field(no_id, Field::SrcIp), "-");
}

TEST_F(Fixture, LongValuesAreNotCopied) {
  const std::string longest(80, 'x');
  const std::string longer(81, 'y');
  auto first = event(1000, "12");
  first.set(Field::SrcUser, longest);
  first.set(Field::DstUser, longer);
  accumulator.update(first);
  auto second = event(1000, "12");
  accumulator.update(second);
  EXPECT_EQ(field(second, Field::SrcUser), longest);
  EXPECT_EQ(field(second, Field::DstUser), "-");
}

TEST_F(Fixture, LongKeysAreNotKept) {
  // "host mailer " has 12 bytes.
  const std::string fits(243, 'i');
  const std::string too_long(244, 'i');
  for (const std::string& id : {fits, too_long}) {
    auto first = event(1000, id);
    first.set(Field::SrcIp, "192.0.2.1");
    accumulator.update(first);
    auto second = event(1000, id);
    accumulator.update(second);
    EXPECT_EQ(field(second, Field::SrcIp), id == fits ? "192.0.2.1" : "-");
  }
}

// A connection's number that is used again means the new connection.
TEST_F(Fixture, TheFirstValueStaysInOssecOnly) {
  for (const model::Compat compat : {model::Compat::Ossec43, model::Compat::Mended}) {
    Accumulator fresh(compat);
    for (const std::string_view address : {"192.0.2.1", "192.0.2.2"}) {
      auto begun = event(1000, "12");
      begun.set(Field::SrcIp, address);
      fresh.update(begun);
      EXPECT_EQ(field(begun, Field::SrcIp), address);
    }
    auto later = event(1001, "12");
    fresh.update(later);
    EXPECT_EQ(field(later, Field::SrcIp), compat == model::Compat::Ossec43 ? "192.0.2.1" : "192.0.2.2");
  }
}

TEST_F(Fixture, EntriesAreBounded) {
  Accumulator small(model::Compat::Ossec43, 3);
  for (int i = 0; i < 10; ++i) {
    const std::string id = std::to_string(i);
    auto e = event(1000, id);
    e.set(Field::SrcIp, "192.0.2.1");
    small.update(e);
  }
  EXPECT_EQ(small.size(), 3u);
  EXPECT_EQ(small.evicted(), 7u);
  auto newest = event(1000, "9");
  small.update(newest);
  EXPECT_EQ(field(newest, Field::SrcIp), "192.0.2.1");
  auto oldest = event(1000, "0");
  small.update(oldest);
  EXPECT_EQ(field(oldest, Field::SrcIp), "-");
}

TEST_F(Fixture, OldEntriesAreForgotten) {
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    auto e = event(1000 + i * 10, id);
    accumulator.update(e);
  }
  EXPECT_LE(accumulator.size(), 14u);
}

// A value of another event need not be ASCII; searches rely on what the event says of itself.
TEST_F(Fixture, EncodingIsRaised) {
  auto first = event(1000, "12");
  first.encoding = text::Encoding::Invalid;
  first.set(Field::SrcUser, "caf\xE9");
  accumulator.update(first);
  auto second = event(1000, "12");
  accumulator.update(second);
  EXPECT_EQ(second.subject(second.field(Field::SrcUser)).encoding, text::Encoding::Invalid);
}

}  // namespace
}  // namespace gander::decode
