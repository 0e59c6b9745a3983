#include "respond/guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>

#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

config::Global allowed(std::vector<std::string> addresses, std::vector<std::string> names) {
  config::Global global;
  global.allowed_addresses = std::move(addresses);
  global.allowed_names = std::move(names);
  return global;
}

class GuardTest : public ::testing::Test {
 protected:
  GuardTest() {
    host.entries = {{"192.0.2.10", "this host's own address on eth0"},
                    {"192.0.2.1", "the gateway of eth0"},
                    {"192.0.2.255", "the broadcast address of eth0"},
                    {"2001:db8::53", "a name server of this host"},
                    {"fe80::1", "the gateway of eth0"}};
  }
  std::string why(std::string_view source) {
    const auto refusal = guard.refusal(source);
    return refusal ? refusal->what : "";
  }

  testing::FakeHost host;
  Guard guard{host, AllowList(allowed({"10.0.0.0/8"}, {"admin.example.org"}), model::Compat::Mended)};
};

TEST_F(GuardTest, OthersMayBeBlocked) {
  for (const char* const source : {"192.0.2.11", "203.0.113.7", "2001:db8::54", "evil.example.org", "1.0.0.1"})
    EXPECT_EQ(why(source), "") << source;
}

TEST_F(GuardTest, WhatTheHostNeedsInEverySpelling) {
  EXPECT_EQ(why("192.0.2.10"), "this host's own address on eth0");
  EXPECT_EQ(why("::ffff:192.0.2.10"), "this host's own address on eth0");
  EXPECT_EQ(why("0:0:0:0:0:ffff:c000:20a"), "this host's own address on eth0");
  EXPECT_EQ(why("192.0.2.1"), "the gateway of eth0");
  EXPECT_EQ(why("192.0.2.255"), "the broadcast address of eth0");
  EXPECT_EQ(why("2001:0db8:0000::0053"), "a name server of this host");
  EXPECT_EQ(why("FE80::1"), "the gateway of eth0");
  EXPECT_EQ(why("192.0.522"), "an address in an unusual form");
  EXPECT_EQ(why("0x7f.1"), "an address in an unusual form");
}

TEST_F(GuardTest, WhatNoHostMayBlock) {
  for (const char* const source : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "0.1.2.3",
                                   "::", "224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255"})
    EXPECT_NE(why(source), "") << source;
}

TEST_F(GuardTest, NamesOfThisHost) {
  EXPECT_EQ(why("localhost"), "a name of this host");
  EXPECT_EQ(why("IDS1"), "a name of this host");
  EXPECT_EQ(why("ids1.example.org"), "a name of this host");
}

TEST_F(GuardTest, TheAllowListAndWhatItsNamesResolveTo) {
  EXPECT_EQ(guard.refusal("10.1.2.3")->why, Refusal::Why::Allowed);
  EXPECT_EQ(guard.refusal("ADMIN.example.org")->why, Refusal::Why::Allowed);
  EXPECT_EQ(why("198.51.100.4"), "");
  guard.allow_list().resolved("admin.example.org", {text::AddressEntry::parse("198.51.100.4")->address});
  EXPECT_EQ(guard.refusal("198.51.100.4")->why, Refusal::Why::Allowed);
  guard.allow_list().resolved("admin.example.org", {text::AddressEntry::parse("198.51.100.5")->address});
  EXPECT_EQ(why("198.51.100.4"), "");
}

TEST_F(GuardTest, WhenTheHostCannotBeReadNothingIsBlocked) {
  host.broken = true;
  EXPECT_NE(why("203.0.113.7"), "");
}

TEST(LiveHost, KnowsTheAddressesOfThisHost) {
  LiveHost host;
  Guard guard(host, AllowList({}, model::Compat::Mended));
  ASSERT_TRUE(host.addresses()) << host.addresses().error().message;
  ifaddrs* list = nullptr;
  ASSERT_EQ(::getifaddrs(&list), 0);
  int seen = 0;
  for (const ifaddrs* i = list; i; i = i->ifa_next) {
    char shown[INET6_ADDRSTRLEN] = {};
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET)
      inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(i->ifa_addr)->sin_addr, shown, sizeof shown);
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET6)
      inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(i->ifa_addr)->sin6_addr, shown, sizeof shown);
    if (shown[0] == '\0') continue;
    ++seen;
    EXPECT_TRUE(guard.refusal(shown)) << shown;
  }
  ::freeifaddrs(list);
  EXPECT_GT(seen, 0);
  EXPECT_FALSE(guard.refusal("203.0.113.254"));
}

}  // namespace
}  // namespace gander::respond
