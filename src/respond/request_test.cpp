#include "respond/request.h"

#include <gtest/gtest.h>

#include "respond/request_check.h"
#include "respond/words.h"

namespace gander::respond {
namespace {

ResponseRequest some_request() {
  ResponseRequest r;
  r.response = "blk600";
  r.user = "bob";
  r.srcip = "10.0.0.1";
  r.filename = "/etc/a b";
  r.alert_id = "1709632800.7";
  r.stable_id = "0123456789abcdef0123456789abcdef";
  r.rule = 5712;
  r.location = "/var/log/auth.log";
  r.event_time = base::from_unix(1709632800);
  r.target = Target::GivenAgent;
  r.agent_id = "002";
  return r;
}

TEST(Request, SurvivesTheWay) {
  const ResponseRequest r = some_request();
  const auto back = decode_request(encode(r));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, r);
}

TEST(Request, NegativeNumbersSurvive) {
  ResponseRequest r = some_request();
  r.rule = -1;
  r.event_time = base::from_unix(-5);
  EXPECT_EQ(decode_request(encode(r)).value(), r);
}

TEST(Request, EveryCutAndEveryLengtheningIsRefused) {
  const std::string whole = encode(some_request());
  for (size_t i = 0; i < whole.size(); ++i) {
    const auto cut = decode_request(std::string_view(whole).substr(0, i));
    ASSERT_FALSE(cut) << i;
    EXPECT_EQ(cut.error().code, "V001");
  }
  EXPECT_FALSE(decode_request(whole + "x"));
}

TEST(Request, NulBytesAndLongTextsAreRefused) {
  ResponseRequest r = some_request();
  std::string bytes = encode(r);
  bytes[bytes.find("bob")] = '\0';
  EXPECT_FALSE(decode_request(bytes));
  r.location.assign(kMostPath + 10, 'x');
  EXPECT_EQ(decode_request(encode(r)).value().location.size(), kMostPath);
  bytes = encode(some_request());
  bytes[4] = '\xff';  // the first length
  bytes[5] = '\xff';
  EXPECT_FALSE(decode_request(bytes));
}

TEST(Words, AddressesHaveOneSpelling) {
  EXPECT_EQ(source_address("10.0.0.1")->text, "10.0.0.1");
  EXPECT_EQ(source_address("::ffff:10.0.0.1")->text, "10.0.0.1");
  EXPECT_EQ(source_address("0:0:0:0:0:FFFF:0a00:0001")->text, "10.0.0.1");
  EXPECT_EQ(source_address("2001:DB8:0::1")->text, "2001:db8::1");
  for (const char* const no : {"", "-", "10.1", "010.0.0.1", "0x7f.0.0.1", "2130706433", "10.0.0.1/24", "fe80::1%eth0",
                               "10.0.0.1 ", "::1::", "host", "10.0.0.256"})
    EXPECT_FALSE(source_address(no)) << no;
}

TEST(Words, FileNamesAreEscapedAsOssecDoes) {
  EXPECT_EQ(escaped_filename("a\\\"' \t;`><|#*[]{}&$!:()z"),
            "a\\\\\\\"\\'\\ \\\t\\;\\`\\>\\<\\|\\#\\*\\[\\]\\{\\}\\&\\$\\!\\:\\(\\)z");
}

TEST(Words, MendedKeepsALocationTogether) {
  ResponseRequest r = some_request();
  r.location = "/var/log/my app.log";
  EXPECT_EQ(script_words(r, model::Compat::Mended),
            (std::vector<std::string>{"bob", "10.0.0.1", "1709632800.7", "5712", "/var/log/my app.log", "/etc/a\\ b"}));
  r.location = "(web 1) 10.1.1.1->/var/log/x y";
  EXPECT_EQ(script_words(r, model::Compat::Mended),
            (std::vector<std::string>{"bob", "10.0.0.1", "1709632800.7", "5712", "(web 1)", "10.1.1.1->/var/log/x y",
                                      "/etc/a\\ b"}));
}

TEST(Words, OssecCutsItsDatagramAndItsWords) {
  ResponseRequest r = some_request();
  r.filename.clear();
  for (int i = 0; i < 60; ++i) r.location += " " + std::to_string(i);
  const auto words = script_words(r, model::Compat::Ossec43);
  EXPECT_EQ(words.size(), 28u);
  r.location.assign(2000, 'x');
  EXPECT_EQ(script_words(r, model::Compat::Ossec43).back().size(),
            1023u - std::string("blk600 bob 10.0.0.1 1709632800.7 5712 ").size());
}

class Checked : public ::testing::Test {
 protected:
  static std::optional<ResponseRequest> with(const ResponseRequest& r, model::Compat compat = model::Compat::Mended) {
    ResponseEntry entry;
    entry.expects = ResponseEntry::Expects{true, true, false, true};
    return checked(r, entry, compat);
  }
};

TEST_F(Checked, GoodOnesPass) {
  EXPECT_TRUE(with(some_request()));
}

TEST_F(Checked, WhatIsNotExpectedIsTakenOut) {
  ResponseEntry entry;
  entry.expects = ResponseEntry::Expects{};
  const auto r = checked(some_request(), entry, model::Compat::Mended);
  ASSERT_TRUE(r);
  EXPECT_EQ(r->user + r->srcip + r->filename, "");
}

TEST_F(Checked, WhatIsExpectedMustBeThere) {
  for (std::string ResponseRequest::*const member :
       {&ResponseRequest::user, &ResponseRequest::srcip, &ResponseRequest::filename}) {
    ResponseRequest r = some_request();
    (r.*member).clear();
    EXPECT_FALSE(with(r));
  }
}

TEST_F(Checked, HostileArgumentsAreRefused) {
  struct Bad {
    std::string ResponseRequest::*member;
    std::string value;
  };
  const Bad bad[] = {{&ResponseRequest::user, "rid$(id)"},
                     {&ResponseRequest::user, "a b"},
                     {&ResponseRequest::user, "a\nb"},
                     {&ResponseRequest::user, std::string(300, 'a')},
                     {&ResponseRequest::srcip, "10.0.0.1;id"},
                     {&ResponseRequest::srcip, "10.0.0.1/8"},
                     {&ResponseRequest::srcip, "evil.example"},
                     {&ResponseRequest::srcip, "0.0.0.0/0"},
                     {&ResponseRequest::alert_id, "1.1 x"},
                     {&ResponseRequest::alert_id, "../1.1"},
                     {&ResponseRequest::stable_id, "a b"},
                     {&ResponseRequest::filename, std::string("a\0b", 3)},
                     {&ResponseRequest::location, std::string("a\0b", 3)}};
  for (const Bad& b : bad) {
    ResponseRequest r = some_request();
    r.*b.member = b.value;
    EXPECT_FALSE(with(r)) << b.value;
  }
}

TEST_F(Checked, AHostNameOnlyWhereTheConfigurationSaysSo) {
  ResponseRequest r = some_request();
  r.srcip = "evil.example";
  EXPECT_TRUE(with(r, model::Compat::Ossec43));
  ResponseEntry entry;
  entry.expects = ResponseEntry::Expects{false, true, true, false};
  EXPECT_TRUE(checked(r, entry, model::Compat::Mended));
}

}  // namespace
}  // namespace gander::respond
