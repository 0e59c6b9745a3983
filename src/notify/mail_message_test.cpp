#include "notify/mail_message.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::notify {
namespace {

MailMessage sample() {
  MailMessage mail;
  mail.form = MailMessage::Form::Plain;
  mail.from = "ids@example.org";
  mail.to = {"a@example.org", "b@example.org"};
  mail.subject = "s";
  mail.text = "text\r\n";
  mail.id = "0123456789abcdef0123456789abcdef";
  mail.date = base::from_unix(1709632800);
  return mail;
}

TEST(MailMessage, PlainFormHasOssecsHeadersInOrder) {
  MailMessage mail = sample();
  mail.reply_to = "r@example.org";
  mail.ids_name = "sensor";
  EXPECT_EQ(render(mail),
            "To: <a@example.org>\r\nFrom: OSSEC HIDS <ids@example.org>\r\nReply-To: OSSEC HIDS <r@example.org>\r\n"
            "Cc: <b@example.org>\r\nDate: Tue, 05 Mar 2024 10:00:00 +0000\r\nX-IDS-OSSEC: sensor\r\nSubject: s\r\n\r\n"
            "text\r\n");
}

TEST(MailMessage, RecipientsOfReports) {
  MailMessage mail = sample();
  mail.others = MailMessage::Others::ManyTo;
  EXPECT_NE(render(mail).find("<ids@example.org>\r\nTo: <b@example.org>\r\nDate"), std::string::npos);
  mail.others = MailMessage::Others::To;
  EXPECT_EQ(render(mail).find("To: <a@example.org>, <b@example.org>\r\nFrom"), 0u);
}

TEST(MailMessage, AddressesThatCouldBeMoreThanOneAreLeftOut) {
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b>", "a@b\r\nBcc: x@y", "a@b,c@d", "\"a\"@b"}) {
    EXPECT_FALSE(is_plain_address(bad)) << bad;
    MailMessage mail = sample();
    mail.to = {bad, "b@example.org"};
    mail.reply_to = bad;
    EXPECT_EQ(render(mail).find("To: <b@example.org>\r\nFrom: OSSEC HIDS <ids@example.org>\r\nDate"), 0u);
  }
}

TEST(MailMessage, ManyRecipientsAreFolded) {
  MailMessage mail = sample();
  for (int i = 0; i < 200; ++i) mail.to.push_back("recipient" + std::to_string(i) + "@example.org");
  const std::string text = render(mail);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find("\r\n", at);
    EXPECT_LE(end - at, 78u);
    at = end + 2;
  }
}

TEST(MailMessage, HeadersAboveAsciiAreEncodedWords) {
  EXPECT_EQ(encoded_header("plain", 9), "plain");
  EXPECT_EQ(encoded_header("é", 9), "=?UTF-8?B?w6k=?=");
  EXPECT_EQ(encoded_header("\xff", 9), "=?UTF-8?B?77+9?=");
  EXPECT_EQ(encoded_header("=?UTF-8?B?", 9).find("=?UTF-8?B?PT9V"), 0u);
  std::string longer;
  for (int i = 0; i < 60; ++i) longer += "é";
  const std::string folded = encoded_header(longer, 9);
  EXPECT_NE(folded.find("?=\r\n =?UTF-8?B?"), std::string::npos);
  for (size_t at = 0; at < folded.size();) {
    const size_t end = std::min(folded.find("\r\n", at), folded.size());
    EXPECT_LE(end - at + (at == 0 ? 9 : 0), 76u);
    at = end + 2;
  }
}

TEST(MailMessage, QuotedPrintable) {
  EXPECT_EQ(quoted_printable("a=b \r\n.\r\nFrom x\r\n"), "a=3Db=20\r\n=2E\r\n=46rom x\r\n");
  EXPECT_EQ(quoted_printable("é\tx\t"), "=C3=A9\tx=09");
  const std::string text = quoted_printable(std::string(100, '.'));
  EXPECT_EQ(text.find("\r\n."), std::string::npos);
  EXPECT_NE(text.front(), '.');
}

TEST(MailMessage, BoundaryCannotBeInAPart) {
  MailMessage mail = sample();
  mail.form = MailMessage::Form::Mime;
  mail.html = "<p>x</p>";
  mail.text = "--=_gander_" + mail.id + "--\r\n";
  const std::string text = render(mail);
  size_t count = 0;
  for (size_t at = text.find("--=_gander_"); at != std::string::npos; at = text.find("--=_gander_", at + 1)) ++count;
  EXPECT_EQ(count, 3u);
}

TEST(MailMessage, DateHasTheZone) {
  const auto zone = base::TimeZone::named("+05:30");
  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(mail_date(base::from_unix(1709632800), *zone), "Tue, 05 Mar 2024 15:30:00 +0530");
}

}  // namespace
}  // namespace gander::notify
