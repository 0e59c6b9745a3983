#include "model/alert_record.h"

#include <gtest/gtest.h>

namespace gander::model {
namespace {

StoredAlert full_alert() {
  StoredAlert a;
  a.id = "1709632815.4";
  a.mail = true;
  a.group = " t,auth,";
  a.date = "2024 Mar 05 10:00:15";
  a.location = "h1->/var/log/app.log";
  a.rule = 101;
  a.level = 10;
  a.description = "many 'quoted'";
  for (auto member : {&StoredAlert::src_ip, &StoredAlert::src_port, &StoredAlert::dst_ip, &StoredAlert::dst_port,
                      &StoredAlert::user, &StoredAlert::filename, &StoredAlert::old_md5, &StoredAlert::new_md5,
                      &StoredAlert::old_sha1, &StoredAlert::new_sha1, &StoredAlert::size_change,
                      &StoredAlert::owner_change, &StoredAlert::group_change, &StoredAlert::permissions_change}) {
    a.*member = "value " + std::to_string(a.log.size());
    a.log.emplace_back("line\nwith\0 anything \xff", 22);
  }
  a.log.emplace_back();
  a.log.emplace_back(70'000, 'x');
  a.stable_id = "00112233445566778899aabbccddeeff";
  a.time = base::from_unix(1709632815) + std::chrono::microseconds(250);
  a.stored_time = base::from_unix(1709632816);
  for (auto member : {&StoredAlert::src_user, &StoredAlert::url, &StoredAlert::action, &StoredAlert::status,
                      &StoredAlert::host, &StoredAlert::program, &StoredAlert::decoder}) {
    a.*member = "text " + std::to_string(a.log.size());
    a.log.emplace_back("more");
  }
  return a;
}

void expect_equal(const StoredAlert& a, const StoredAlert& b) {
  std::string left;
  std::string right;
  append_record(left, a);
  append_record(right, b);
  EXPECT_EQ(left, right);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.log, b.log);
  EXPECT_EQ(a.stable_id, b.stable_id);
  EXPECT_EQ(a.permissions_change, b.permissions_change);
  EXPECT_EQ(a.decoder, b.decoder);
  EXPECT_EQ(a.time, b.time);
}

TEST(AlertRecord, KeepsEverything) {
  const StoredAlert alert = full_alert();
  std::string bytes;
  append_record(bytes, alert);
  StoredAlert back;
  back.url = "of the alert before";
  ASSERT_TRUE(read_record(bytes, back));
  expect_equal(alert, back);
  EXPECT_EQ(back.user, alert.user);
  EXPECT_EQ(back.level, 10);
  EXPECT_TRUE(back.mail);
}

TEST(AlertRecord, WhatIsNotSetStaysUnset) {
  StoredAlert alert;
  alert.id = "0.0";
  alert.description = "";
  std::string bytes;
  append_record(bytes, alert);
  StoredAlert back;
  ASSERT_TRUE(read_record(bytes, back));
  expect_equal(alert, back);
  EXPECT_EQ(back.description, "");
  EXPECT_FALSE(back.group.has_value());
  EXPECT_TRUE(back.stable_id.empty());
}

TEST(AlertRecord, AnIdOfAnotherFormIsKept) {
  StoredAlert alert;
  alert.id = "not a number";
  std::string bytes;
  append_record(bytes, alert);
  StoredAlert back;
  ASSERT_TRUE(read_record(bytes, back));
  EXPECT_EQ(back.id, "not a number");
}

TEST(AlertRecord, ACutRecordIsNoRecord) {
  StoredAlert alert = full_alert();
  alert.log.resize(3);
  std::string bytes;
  append_record(bytes, alert);
  StoredAlert back;
  std::string whole_prefix;
  size_t readable = 0;
  for (size_t n = 0; n < bytes.size(); ++n) {
    // A cut between two fields is a shorter record; the frame's length tells these apart.
    if (read_record(std::string_view(bytes).substr(0, n), back)) ++readable;
  }
  EXPECT_LE(readable, 40u);
  EXPECT_FALSE(read_record("", back));
}

TEST(AlertRecord, UnknownFieldsAreSkippedAndOtherVersionsRefused) {
  std::string bytes;
  append_record(bytes, full_alert());
  append_record_field(bytes, static_cast<RecordField>(200), "from a later version");
  StoredAlert back;
  ASSERT_TRUE(read_record(bytes, back));
  expect_equal(full_alert(), back);
  bytes[0] = 2;
  EXPECT_FALSE(read_record(bytes, back));
}

TEST(AlertRecord, ViewsDoNotCopy) {
  std::string bytes;
  append_record(bytes, full_alert());
  RecordView view;
  ASSERT_TRUE(view.parse(bytes));
  EXPECT_EQ(view.field(RecordField::Location), "h1->/var/log/app.log");
  EXPECT_EQ(view.field(RecordField::AlertId).data(), nullptr);
  EXPECT_EQ(view.head().number, 4u);
  EXPECT_EQ(view.head().id.hex(), "00112233445566778899aabbccddeeff");
}

TEST(AlertRecord, LinesBeyondTheLimitAreLeftOutAndSaidSo) {
  StoredAlert alert;
  alert.id = "1.1";
  alert.log.assign(60, std::string(size_t{1} << 20, 'x'));
  std::string bytes;
  append_record(bytes, alert);
  EXPECT_LE(bytes.size(), kMaxRecord);
  RecordView view;
  ASSERT_TRUE(view.parse(bytes));
  EXPECT_TRUE(view.head().cut);
}

}  // namespace
}  // namespace gander::model
