#include "config/values.h"

#include <gtest/gtest.h>

#include <climits>
#include <string>

namespace gander::config {
namespace {

TEST(Values, NumbersAreDigitsOnly) {
  EXPECT_EQ(parse_number("0042"), 42);
  EXPECT_EQ(parse_number(""), 0);
  EXPECT_EQ(parse_number("99999999999999999999"), INT_MAX);
  EXPECT_FALSE(parse_number("-1").has_value());
  EXPECT_FALSE(parse_number(" 1").has_value());
}

TEST(Values, NumberListsNameTheFirstBadWord) {
  std::string bad;
  EXPECT_EQ(parse_numbers("1, 2,,3 4", bad), (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(bad, "");
  EXPECT_EQ(parse_numbers("1,x,2,y", bad), (std::vector<int>{1, 2}));
  EXPECT_EQ(bad, "x");
}

TEST(Values, AddressesAreTheSystemsNumericForms) {
  for (const char* const fine : {"10.0.0.1", "!10.0.0.0/8", "any", "!any", "::1", "2001:db8::/32", "10.0.0", "127.1",
                                 "010.2.3.4", "10.0.0.0/8x", "10.0.0.0/", "10.0.0.0/-9", "::/128"}) {
    EXPECT_TRUE(is_address(fine, AddressForm::Network)) << fine;
  }
  for (const char* const wrong : {"", "!", "10.0.0.0/33", "10.0.0.0/0008", "host", "ANY", "10.0.0.1 ", "!!::1",
                                  "10.0.0.0/255.0.0.0", "::/129", "10.0.0.1,10.0.0.2"}) {
    EXPECT_FALSE(is_address(wrong, AddressForm::Network)) << wrong;
  }
  EXPECT_TRUE(is_address("10.0.0.1", AddressForm::One));
  EXPECT_FALSE(is_address("10.0.0.0/8", AddressForm::One));
  EXPECT_FALSE(is_address("any", AddressForm::One));
}

TEST(Values, MailAddressesHoldAnAtBetweenNames) {
  EXPECT_TRUE(holds_mail_address("a@b"));
  EXPECT_TRUE(holds_mail_address("Name <a.b@c>"));
  EXPECT_FALSE(holds_mail_address("a@"));
  EXPECT_FALSE(holds_mail_address("@b"));
  EXPECT_FALSE(holds_mail_address("nobody"));
  EXPECT_TRUE(holds_mail_address("@@ a@b"));
}

TEST(Values, TimesOfDay) {
  std::string rest;
  EXPECT_EQ(parse_time_of_day("8", rest), 480);
  EXPECT_EQ(parse_time_of_day("08:30", rest), 510);
  EXPECT_EQ(parse_time_of_day("8pm", rest), 1200);
  EXPECT_EQ(parse_time_of_day("8:30 am", rest), 510);
  EXPECT_EQ(parse_time_of_day("12am", rest), 0);
  EXPECT_EQ(parse_time_of_day("12:15 PM", rest), 735);
  for (const char* const wrong : {"", "24", "8:60", "x", "8:", "13pm", "8 o'clock", "25:00-25:00"}) {
    EXPECT_FALSE(parse_time_of_day(wrong, rest).has_value()) << wrong;
  }
}

TEST(Values, Days) {
  std::string rest;
  EXPECT_EQ(parse_days("sunday", rest), 0x01);
  EXPECT_EQ(parse_days("Mon,TUE wednesday", rest), 0x0e);
  EXPECT_EQ(parse_days("weekdays", rest), 0x3e);
  EXPECT_EQ(parse_days("!weekends", rest), 0x3e);
  EXPECT_FALSE(parse_days("", rest).has_value());
  EXPECT_FALSE(parse_days("monday,foo", rest).has_value());
  EXPECT_EQ(rest, "foo");
  EXPECT_FALSE(parse_days("!weekdays,weekends", rest).has_value());
}

}  // namespace
}  // namespace gander::config
