#include "output/record_writer.h"

#include <gtest/gtest.h>

#include "model/alert_record.h"
#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using testing::SampleAlert;

model::StoredAlert stored(SampleAlert& sample, const RecordExtras& extras = {}) {
  RecordWriter writer(base::TimeZone::utc());
  std::string bytes = "before";
  writer.alert(bytes, sample.alert(), extras);
  model::StoredAlert alert;
  EXPECT_TRUE(model::read_record(std::string_view(bytes).substr(6), alert));
  return alert;
}

TEST(RecordWriter, HoldsWhatTheDecisionHolds) {
  SampleAlert sample;
  sample.number = 7;
  sample.rule.mail = true;
  sample.set(model::Field::SrcIp, "10.0.0.1").set(model::Field::DstUser, "bob").set(model::Field::SrcUser, "eve");
  sample.set(model::Field::Url, "/x").set(model::Field::Action, "deny").set(model::Field::Status, "404");
  sample.previous = {"older line", "oldest line"};
  RecordExtras extras;
  extras.id.bytes.fill(0xab);
  extras.stored_time = base::from_unix(1709632801);
  const model::StoredAlert a = stored(sample, extras);
  EXPECT_EQ(a.id, "1709632800.7");
  EXPECT_TRUE(a.mail);
  EXPECT_EQ(a.group, " t,auth,");
  EXPECT_EQ(a.date, "2024 Mar 05 10:00:00");
  EXPECT_EQ(a.location, "h1->/var/log/app.log");
  EXPECT_EQ(a.rule, 100);
  EXPECT_EQ(a.level, 5);
  EXPECT_EQ(a.description, "login seen");
  EXPECT_EQ(a.src_ip, "10.0.0.1");
  EXPECT_FALSE(a.dst_ip.has_value());
  EXPECT_EQ(a.user, "bob");
  EXPECT_EQ(a.src_user, "eve");
  EXPECT_EQ(a.url, "/x");
  EXPECT_EQ(a.action, "deny");
  EXPECT_EQ(a.status, "404");
  EXPECT_EQ(a.host, "h1");
  EXPECT_EQ(a.program, "app");
  EXPECT_EQ(a.decoder, "app");
  EXPECT_EQ(a.stable_id, "abababababababababababababababab");
  EXPECT_EQ(a.stored_time, base::from_unix(1709632801));
  EXPECT_EQ(a.log, (std::vector<std::string>{"Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=0", "older line",
                                             "oldest line"}));
}

TEST(RecordWriter, WhoChangedTheFile) {
  model::Actor actor;
  actor.pid = 17;
  actor.user = "root";
  SampleAlert sample;
  sample.event.actor = &actor;
  EXPECT_EQ(model::actor_from(stored(sample).actor), actor);
}

TEST(RecordWriter, AnAgentsLocationIsShownOnce) {
  SampleAlert sample;
  sample.agent("(web1) 10.1.1.1->/var/log/x");
  const model::StoredAlert a = stored(sample);
  EXPECT_EQ(a.location, "(web1) 10.1.1.1->/var/log/x");
  EXPECT_EQ(a.host, "web1");
}

TEST(RecordWriter, IntegrityTextsAreTakenApart) {
  SampleAlert sample;
  sample.rule.group = "ossec,syscheck,";
  sample.log(
      "Integrity checksum changed for: '/etc/x'\nSize changed from '1' to '2'\nOld md5sum was: 'aa'\n"
      "New md5sum is : 'bb'\nWhat changed:\n+a line\n");
  const model::StoredAlert a = stored(sample);
  EXPECT_EQ(a.filename, "/etc/x");
  EXPECT_EQ(a.size_change, "'1' to '2'");
  EXPECT_EQ(a.old_md5, "'aa'");
  EXPECT_EQ(a.new_md5, "'bb'");
  EXPECT_EQ(a.log, (std::vector<std::string>{"Integrity checksum changed for: '/etc/x'", "What changed:", "+a line"}));
}

TEST(RecordWriter, ALogLineOfAnotherRuleIsNoIntegrityField) {
  SampleAlert sample;
  sample.log("Old md5sum was: 'aa'");
  const model::StoredAlert a = stored(sample);
  EXPECT_FALSE(a.old_md5.has_value());
  EXPECT_EQ(a.log, std::vector<std::string>{"Old md5sum was: 'aa'"});
}

TEST(RecordWriter, WhatIsTooLongIsCutAndSaysSo) {
  SampleAlert sample;
  const std::string huge(size_t{30} << 20, 'x');
  sample.previous = {huge, huge, "small"};
  RecordWriter writer(base::TimeZone::utc());
  std::string bytes;
  writer.alert(bytes, sample.alert(), {});
  EXPECT_LE(bytes.size(), model::kMaxRecord);
  model::RecordView view;
  ASSERT_TRUE(view.parse(bytes));
  EXPECT_TRUE(view.head().cut);
  model::StoredAlert alert;
  ASSERT_TRUE(model::read_record(bytes, alert));
  EXPECT_EQ(alert.log.back(), "small");
}

}  // namespace
}  // namespace gander::output
