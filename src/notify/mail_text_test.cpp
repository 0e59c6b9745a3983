#include "notify/mail_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notify/mail_digest.h"
#include "notify/mail_html.h"

namespace gander::notify {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

model::StoredAlert sample() {
  model::StoredAlert a;
  a.id = "1709632800.1";
  a.mail = true;
  a.group = " t,";
  a.date = "2024 Mar 05 10:00:00";
  a.location = "h1->/l";
  a.rule = 100;
  a.level = 8;
  a.description = "d";
  a.log = {"line"};
  return a;
}

std::string text_of(const model::StoredAlert& a, Compat compat, base::Instant made = {}) {
  std::string out;
  append_alert_text(out, a, compat, made);
  return out;
}

TEST(MailText, SubjectFormsAreReversedAsSince31) {
  model::StoredAlert a = sample();
  a.location = "(agent1) 10.1.1.1->/x";
  EXPECT_EQ(mail_subject(a, SubjectForm::Long, Compat::Mended), "OSSEC Alert - (agent1) 10.1.1.1 - Level 8 - d");
  EXPECT_EQ(mail_subject(a, SubjectForm::Short, Compat::Mended),
            "OSSEC Notification - (agent1) 10.1.1.1 - Alert level 8");
}

TEST(MailText, SubjectIsCutBetweenCharacters) {
  model::StoredAlert a = sample();
  a.description = std::string(96, 'x') + "ééé";
  EXPECT_EQ(mail_subject(a, SubjectForm::Long, Compat::Mended).size(), kMostSubject - 1);
  EXPECT_EQ(mail_subject(a, SubjectForm::Long, Compat::Ossec43).size(), kMostSubject);
}

TEST(MailText, LinesThatDoNotFitAreSaidNotSwallowed) {
  model::StoredAlert a = sample();
  a.log = {std::string(6000, 'a'), std::string(200, 'b'), "c"};
  EXPECT_THAT(text_of(a, Compat::Ossec43), Not(HasSubstr("\r\nc\r\n")));
  EXPECT_THAT(text_of(a, Compat::Mended), HasSubstr("\r\nc\r\n"));
  a.log.assign(3, std::string(20000, 'a'));
  EXPECT_THAT(text_of(a, Compat::Mended), HasSubstr("(2 lines did not fit; alert 1709632800.1)"));
}

TEST(MailText, TwentyLinesAsOssec) {
  model::StoredAlert a = sample();
  a.log.assign(30, "x");
  EXPECT_EQ(log_portion(a, Compat::Ossec43).lines.size(), 20u);
  EXPECT_EQ(log_portion(a, Compat::Mended).lines.size(), 30u);
}

TEST(MailText, ALineIsALine) {
  model::StoredAlert a = sample();
  a.log = {"one\n.\ntwo\rthree\x01\xff"};
  EXPECT_THAT(log_portion(a, Compat::Mended).lines, ElementsAre("one", ".", "two?three?\xEF\xBF\xBD"));
  EXPECT_THAT(log_portion(a, Compat::Ossec43).lines, ElementsAre("one", ".", "two three\x01\xff"));
}

TEST(MailText, IntegrityFieldsOfTextsThatHoldThemAreShownOnce) {
  model::StoredAlert a = sample();
  a.group = " ossec,syscheck,";
  a.log = {"Integrity checksum changed for: '/etc/x'\nSize changed from '1' to '2'\nOld md5sum was: 'aa'\n"};
  a.old_md5 = "'aa'";
  a.size_change = "'1' to '2'";
  const std::string text = text_of(a, Compat::Ossec43);
  EXPECT_THAT(text, HasSubstr("'/etc/x'\r\nOld md5sum was: 'aa'\r\n\r\n\r\n\r\n --END"));
  EXPECT_THAT(text_of(a, Compat::Mended), HasSubstr("Size change: '1' to '2'\r\n"));
}

TEST(MailText, LinesThatCameAndWent) {
  model::StoredAlert a = sample();
  const std::string heading = "ossec: output: 'netstat':";
  a.log = {heading, "tcp 22", "tcp\t80", "tcp\t80", "Previous output:", heading, "tcp 22", "tcp\t80", "tcp 25"};
  EXPECT_THAT(output_change(a).came, ElementsAre("tcp\t80"));
  EXPECT_THAT(output_change(a).went, ElementsAre("tcp 25"));
  const std::string text = text_of(a, Compat::Mended);
  EXPECT_THAT(text, HasSubstr("\r\nossec: output: 'netstat':\r\ntcp 22\r\ntcp\t80\r\ntcp\t80\r\nPrevious output:\r\n"));
  EXPECT_THAT(text, HasSubstr("Lines that came:\r\n+ tcp\t80\r\n\r\nLines that went:\r\n- tcp 25\r\n"));
  EXPECT_THAT(text_of(a, Compat::Ossec43), Not(HasSubstr("came")));
}

TEST(MailText, OnlyAnOutputOfManyLinesHasLinesThatCame) {
  model::StoredAlert a = sample();
  a.log = {"ossec: output: 'free': 11", "Previous output:", "ossec: output: 'free': 10"};
  EXPECT_THAT(output_change(a).came, IsEmpty());
  a.log = {"ossec: output: 'netstat':tcp 22tcp 80", "Previous output:", "ossec: output: 'netstat':tcp 22"};
  EXPECT_THAT(output_change(a).came, IsEmpty());
  a.log = {"ossec: output: 'netstat':", "tcp 22"};
  EXPECT_THAT(output_change(a).came, IsEmpty());
  a.log = {"Previous output:"};
  EXPECT_THAT(output_change(a).went, IsEmpty());
}

TEST(MailText, LateEventsSaySo) {
  model::StoredAlert a = sample();
  a.time = base::from_unix(1709632800);
  const auto at = [](int64_t seconds) { return base::from_unix(1709632800 + seconds); };
  EXPECT_THAT(text_of(a, Compat::Mended, at(600)), Not(HasSubstr("Late:")));
  EXPECT_THAT(text_of(a, Compat::Mended, at(7500)),
              HasSubstr("Late: this mail was written 2 h 5 min after the event.\r\n"));
  EXPECT_THAT(text_of(a, Compat::Ossec43, at(7500)), Not(HasSubstr("Late:")));
  EXPECT_EQ(lateness({}, at(0)), "");
  EXPECT_EQ(in_words(base::Seconds(3 * 86400)), "3 days");
}

TEST(MailHtml, NothingInItActs) {
  model::StoredAlert a = sample();
  a.description = "<script>alert(1)</script>";
  a.log = {"<img src=x onerror=y>\t\"'&"};
  const model::StoredAlert* all[] = {&a};
  const std::string page = alerts_html(all, "t", "delay-1", {});
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(page, HasSubstr("&lt;img src=x onerror=y&gt;    &quot;&#39;&amp;"));
  EXPECT_THAT(page, HasSubstr("\r\ndelay-1\r\n"));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
}

TEST(MailDigest, PartsHoldAllAndTheAlertOfTheirSubject) {
  std::vector<model::StoredAlert> alerts;
  for (int n = 0; n < 100; ++n) {
    alerts.push_back(sample());
    alerts.back().id = "7." + std::to_string(n);
    alerts.back().level = n % 13;
    alerts.back().description = "kind " + std::to_string(n % 13);
  }
  std::vector<const model::StoredAlert*> pointers;
  for (const auto& a : alerts) pointers.push_back(&a);
  const std::vector<DigestPart> parts = digest(pointers, 12, 2000);
  ASSERT_GT(parts.size(), 2u);
  std::string all;
  for (const DigestPart& p : parts) {
    all += p.text;
    const std::string kind = p.subject.substr(p.subject.find("kind"), p.subject.find(" (and") - p.subject.find("kind"));
    EXPECT_THAT(p.text, HasSubstr("-> \"" + kind + "\"\r\n"));
    EXPECT_THAT(p.subject, HasSubstr("(and 99 more)"));
  }
  for (const auto& a : alerts) EXPECT_THAT(all, HasSubstr("Alert: " + a.id + "\r\n"));
}

}  // namespace
}  // namespace gander::notify
