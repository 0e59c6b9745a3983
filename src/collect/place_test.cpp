#include "collect/place.h"

#include <gtest/gtest.h>

#include <random>

namespace gander::collect {
namespace {

FilePlace sample() {
  FilePlace p;
  p.next_serial = 300;
  FileMark m;
  m.path = std::string("/var/log/a\0b.log", 16);
  m.id = {UINT64_MAX, 7};
  m.serial = 299;
  m.offset = 1234567890123;
  m.head = {256, 0xFEDCBA9876543210};
  m.tail = {64, 1};
  m.left = true;
  m.memory = "070823 21:01:30";
  p.files = {m, FileMark{}};
  return p;
}

TEST(FilePlace, ComesBackAsItWas) {
  EXPECT_EQ(FilePlace::decode(sample().encode()), sample());
  EXPECT_EQ(FilePlace::decode(FilePlace{}.encode()), FilePlace{});
}

TEST(FilePlace, EveryCutOrLongerTextIsRefused) {
  const std::string bytes = sample().encode();
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(FilePlace::decode(bytes.substr(0, size))) << size;
  EXPECT_FALSE(FilePlace::decode(bytes + "x"));
}

TEST(FilePlace, AnyBytesAreReadWithoutHarm) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = sample().encode();
    for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto place = FilePlace::decode(bytes);
    if (place) {
      EXPECT_LE(place->files.size(), bytes.size());
    }
  }
}

}  // namespace
}  // namespace gander::collect
