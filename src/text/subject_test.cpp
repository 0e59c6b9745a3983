#include "text/subject.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::text {
namespace {

TEST(Subject, EncodingAtEveryPlaceOfAWord) {
  for (size_t before = 0; before < 20; ++before) {
    for (size_t behind = 0; behind < 20; ++behind) {
      const auto between = [&](std::string_view middle) {
        return encoding_of(std::string(before, 'a').append(middle).append(behind, 'z'));
      };
      EXPECT_EQ(between(""), Encoding::Ascii);
      EXPECT_EQ(between("\x7F"), Encoding::Ascii);
      EXPECT_EQ(between("\xC3\xA9"), Encoding::Utf8);
      EXPECT_EQ(between("\xF0\x9F\xA6\xA2"), Encoding::Utf8);
      EXPECT_EQ(between("\xFF"), Encoding::Invalid);
      EXPECT_EQ(between("\xC3"), Encoding::Invalid);
    }
  }
}

TEST(Subject, WhatIsUtf8) {
  for (const char* valid : {"\xC2\x80", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
                            "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(encoding_of(valid), Encoding::Utf8);
  }
  for (const char* invalid : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xC3\xA9\xA9"}) {
    EXPECT_EQ(encoding_of(invalid), Encoding::Invalid);
  }
}

}  // namespace
}  // namespace gander::text
