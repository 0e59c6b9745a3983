#include "text/ip_set.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace gander::text {
namespace {

using Entries = std::initializer_list<std::string_view>;

bool matches(Entries entries, std::string_view address) {
  AddressList list;
  for (const std::string_view entry : entries) EXPECT_TRUE(list.add(entry)) << entry;
  return list.matches(address);
}

bool parses(std::string_view entry) {
  return AddressEntry::parse(entry).has_value();
}

TEST(IpSet, PlainAddressesAndNetworks) {
  EXPECT_TRUE(matches({"10.0.0.1"}, "10.0.0.1"));
  EXPECT_FALSE(matches({"10.0.0.1"}, "10.0.0.2"));
  EXPECT_TRUE(matches({"10.0.0.0/8"}, "10.255.0.2"));
  EXPECT_FALSE(matches({"10.0.0.0/8"}, "11.0.0.0"));
  EXPECT_TRUE(matches({"192.168.17.0/20"}, "192.168.31.255"));
  EXPECT_FALSE(matches({"192.168.17.0/20"}, "192.168.32.0"));
  EXPECT_TRUE(matches({"10.0.0.1/32"}, "10.0.0.1"));
  EXPECT_TRUE(matches({"2001:db8::/33"}, "2001:db8:7fff::1"));
  EXPECT_FALSE(matches({"2001:db8::/33"}, "2001:db8:8000::1"));
  EXPECT_TRUE(matches({"::1"}, "0:0:0:0:0:0:0:1"));
}

TEST(IpSet, ClassicFormsOfIpv4) {
  EXPECT_TRUE(matches({"10.0.0"}, "10.0.0.0"));
  EXPECT_TRUE(matches({"127.1"}, "127.0.0.1"));
  EXPECT_TRUE(matches({"010.2.3.4"}, "8.2.3.4"));
  EXPECT_TRUE(matches({"0x7f.1"}, "127.0.0.1"));
  EXPECT_TRUE(matches({"2130706433"}, "127.0.0.1"));
  EXPECT_TRUE(matches({"1.2.0xffFF"}, "1.2.255.255"));
  EXPECT_TRUE(matches({"0"}, "0.0.0.0"));
  for (const std::string_view bad : {"",           ".",
                                     "1.",         ".1",
                                     "1..2",       "1.2.3.4.",
                                     "1.2.3.4.5",  "256.1.1.1",
                                     "1.2.3.256",  "1.2.65536",
                                     "1.16777216", "4294967296",
                                     "08",         "0x",
                                     "0x.1",       "0xg",
                                     "1.2.3.a",    " 1.2.3.4",
                                     "1.2.3.4 ",   "+1.2.3.4",
                                     "-1",         "99999999999999999999999999"}) {
    EXPECT_FALSE(parses(bad)) << bad;
  }
}

TEST(IpSet, Ipv6Forms) {
  EXPECT_TRUE(matches({"fe80::1%lo"}, "fe80::1%eth0"));
  EXPECT_TRUE(matches({"fe80::1%lo"}, "fe80::1"));
  EXPECT_TRUE(matches({"FE80::AB"}, "fe80:0::ab"));
  for (const std::string_view bad : {":", ":::", "1::2::3", "12345::", "fe80::1%", "[::1]", "::1 ", "1:2:3:4:5:6:7",
                                     "::ffff:1.2.3", "::ffff:01.2.3.4"}) {
    EXPECT_FALSE(parses(bad)) << bad;
  }
  EXPECT_FALSE(parses(std::string_view("::1\0", 4)));
  EXPECT_FALSE(parses(std::string(100'000, ':')));
}

TEST(IpSet, MappedAddressesAreIpv4) {
  EXPECT_TRUE(matches({"1.2.3.4"}, "::ffff:1.2.3.4"));
  EXPECT_TRUE(matches({"::ffff:1.2.3.4"}, "1.2.3.4"));
  EXPECT_TRUE(matches({"::ffff:1.2.3.0/24"}, "1.2.3.77"));
  EXPECT_TRUE(matches({"::ffff:1.2.3.0/120"}, "1.2.3.0"));
  EXPECT_FALSE(matches({"::ffff:1.2.3.0/120"}, "1.2.3.1"));
  EXPECT_FALSE(matches({"::1.2.3.4"}, "1.2.3.4"));
}

TEST(IpSet, PrefixLengths) {
  EXPECT_TRUE(matches({"10.0.0.0/8x"}, "10.1.1.1"));
  EXPECT_TRUE(matches({"10.0.0.0/+8"}, "10.1.1.1"));
  EXPECT_FALSE(matches({"10.0.0.0/+8"}, "11.1.1.1"));
  EXPECT_TRUE(matches({"10.0.0.0/"}, "::5"));
  EXPECT_TRUE(matches({"10.0.0.0/x"}, "99.1.1.1"));
  EXPECT_TRUE(matches({"10.0.0.0/0"}, "2001:db8::1"));
  EXPECT_TRUE(matches({"::/0"}, "1.2.3.4"));
  EXPECT_TRUE(matches({"10.0.0.0/-1"}, "10.0.0.0"));
  EXPECT_FALSE(matches({"10.0.0.0/-1"}, "10.0.0.1"));
  EXPECT_EQ(AddressEntry::parse("10.0.0.0/33").error(), AddressProblem::PrefixRange);
  EXPECT_EQ(AddressEntry::parse("::/129").error(), AddressProblem::PrefixRange);
  EXPECT_EQ(AddressEntry::parse("10.0.0.0/0008").error(), AddressProblem::PrefixForm);
  EXPECT_EQ(AddressEntry::parse("10.0.0.0/255.0.0.0").error(), AddressProblem::PrefixForm);
  EXPECT_EQ(AddressEntry::parse("10.0.0.0/ 8").error(), AddressProblem::PrefixForm);
  EXPECT_EQ(AddressEntry::parse("10.0.0.1,10.0.0.2").error(), AddressProblem::NoAddress);
  EXPECT_EQ(AddressEntry::parse("host.example").error(), AddressProblem::NoAddress);
}

TEST(IpSet, AnyAndNegation) {
  EXPECT_TRUE(matches({"any"}, "1.2.3.4"));
  EXPECT_TRUE(matches({"any"}, "::1"));
  EXPECT_FALSE(matches({"!any"}, "::1"));
  EXPECT_FALSE(parses("Any"));
  EXPECT_FALSE(parses("! 1.2.3.4"));
  EXPECT_FALSE(parses("!!1.2.3.4"));
  EXPECT_FALSE(parses("!"));
  EXPECT_FALSE(parses("any/8"));
  EXPECT_FALSE(matches({"!10.0.0.0/8"}, "10.1.1.1"));
  EXPECT_TRUE(matches({"!10.0.0.0/8"}, "11.1.1.1"));
  EXPECT_TRUE(matches({"!10.0.0.0/8"}, "::1"));
}

TEST(IpSet, TheFirstEntryThatContainsTheAddressDecides) {
  EXPECT_FALSE(matches({"!10.1.0.0/16", "10.0.0.0/8"}, "10.1.2.3"));
  EXPECT_TRUE(matches({"!10.1.0.0/16", "10.0.0.0/8"}, "10.2.2.3"));
  EXPECT_TRUE(matches({"10.0.0.0/8", "!10.1.0.0/16"}, "10.1.2.3"));
  EXPECT_FALSE(matches({"!10.1.0.0/16", "10.0.0.0/8"}, "11.0.0.1"));
  EXPECT_TRUE(matches({"10.0.0.0/8", "!10.1.0.0/16"}, "11.0.0.1"));
}

TEST(IpSet, TheAddressOfAnEventIsReadLikeAnEntry) {
  EXPECT_TRUE(matches({"10.0.0.1"}, "!10.0.0.1/8"));
  EXPECT_TRUE(matches({"::"}, "any"));
  EXPECT_FALSE(matches({"::1"}, "any"));
  EXPECT_FALSE(matches({"any"}, "-"));
  EXPECT_FALSE(matches({"!10.0.0.1"}, "unknown"));
  EXPECT_FALSE(matches({"any"}, ""));
  EXPECT_FALSE(matches({}, "1.2.3.4"));
}

}  // namespace
}  // namespace gander::text
