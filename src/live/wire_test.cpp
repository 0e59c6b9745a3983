#include "live/wire.h"

#include <gtest/gtest.h>

namespace gander::live {
namespace {

std::string sample(std::vector<collect::Record>& records) {
  records = {{'1', "/var/log/auth.log", "one", 0},
             {'a', "/var/log/auth.log", std::string_view("t\0w\no", 5), 4, "{\"pid\":1}"}};
  collect::Batch b;
  b.number = 7;
  b.source = "file:/var/log/auth.log";
  b.origin = "dev 1";
  b.records = records;
  b.place = std::string_view("p\0q", 3);
  b.age = collect::Age::Backlog;
  b.counts = {1, 2, 3, 4, 5, 6};
  return encode(b);
}

TEST(Wire, ABatchComesBackAsItWas) {
  std::vector<collect::Record> records;
  const std::string bytes = sample(records);
  BatchView view;
  ASSERT_TRUE(decode(bytes, view));
  const collect::Batch& b = view.batch;
  EXPECT_EQ(b.number, 7u);
  EXPECT_EQ(b.source, "file:/var/log/auth.log");
  EXPECT_EQ(b.origin, "dev 1");
  EXPECT_EQ(b.place, std::string_view("p\0q", 3));
  EXPECT_EQ(b.age, collect::Age::Backlog);
  EXPECT_EQ(b.counts, (collect::Counts{1, 2, 3, 4, 5, 6}));
  ASSERT_EQ(b.records.size(), 2u);
  EXPECT_EQ(b.records[1].queue, 'a');
  EXPECT_EQ(b.records[1].text, std::string_view("t\0w\no", 5));
  EXPECT_EQ(b.records[1].at, 4u);
  EXPECT_EQ(b.records[1].who, "{\"pid\":1}");
  EXPECT_EQ(b.records[0].who, "");
}

TEST(Wire, WhatIsNotWholeIsRefused) {
  std::vector<collect::Record> records;
  const std::string bytes = sample(records);
  BatchView view;
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, size), view)) << size;
  EXPECT_FALSE(decode(bytes + "x", view));
}

TEST(Wire, ACountThatTheBytesCannotHoldIsRefused) {
  collect::Batch none;
  std::string bytes = encode(none);
  bytes.replace(bytes.size() - 8, 8, 8, '\xff');
  BatchView view;
  EXPECT_FALSE(decode(bytes, view));
}

TEST(Wire, PlacesNumbersAndLines) {
  const auto places = decode_places(encode(std::vector<collect::KeptPlace>{{"a", "1"}, {"b", ""}}));
  ASSERT_TRUE(places);
  EXPECT_EQ((*places)[1].source, "b");
  EXPECT_FALSE(decode_places("short"));
  EXPECT_EQ(decode_number(encode_number(12345)), 12345u);
  EXPECT_FALSE(decode_number("1234567"));
  const auto line = decode_log(encode(LogLine{Severity::Error, "text"}));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->severity, Severity::Error);
  EXPECT_EQ(line->text, "text");
  EXPECT_FALSE(decode_log(""));
  EXPECT_FALSE(decode_log("\x7f"));
}

}  // namespace
}  // namespace gander::live
