// What the spool tells and what alerts.log tells is the same alert, whatever its texts hold.
#include <gtest/gtest.h>

#include <random>

#include "model/alert_record.h"
#include "output/record_writer.h"
#include "output/testing/sample_alert.h"
#include "output/text_writer.h"
#include "report/alert_reader.h"

namespace gander {
namespace {

using output::testing::SampleAlert;

// Texts that attackers would choose, without the control bytes that collection removes.
std::string text(std::mt19937& random) {
  static const std::vector<std::string> kWords = {
      "** Alert 1.1: - x", "Rule: 1 (level 2) -> 'x'", "User: root", " ", "a",  "\xff",
      "Src IP: 1.1.1.1",   "Old md5sum was: 'a'",      "m\xc3\xbc",  "'", "->", ""};
  std::string out;
  for (unsigned n = random() % 4; n > 0; --n) out += kWords[random() % kWords.size()];
  return out;
}

TEST(AlertRecordRoundTrip, SpoolAndTextTellTheSame) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    SampleAlert sample;
    sample.rule.mail = round % 2 == 0;
    sample.rule.group = round % 3 == 0 ? "ossec,syscheck," : "t,auth,";
    sample.log("x" + text(random));
    if (round % 3 == 0)
      sample.log("Integrity checksum changed for: '/etc/x'\nSize changed from '1' to '2'\nOld md5sum was: 'aa'\n");
    if (round % 4 == 0) sample.set(model::Field::SrcIp, "10.0.0.1").set(model::Field::DstUser, "u" + text(random));
    const std::string older = "y" + text(random);
    // The text of an integrity alert ends in a line feed, which would be an empty line between it and others.
    if (round % 5 == 0 && round % 3 != 0) sample.previous = {older};
    std::string log;
    // New ones each time: they know rules by where they lie.
    output::RecordWriter records(base::TimeZone::utc());
    output::TextWriter texts(model::Compat::Mended, base::TimeZone::utc(), "");
    texts.alert(log, sample.alert());
    std::vector<model::StoredAlert> read;
    report::AlertReader reader(
        model::Compat::Mended, "test", [&](const model::StoredAlert& a) { read.push_back(a); },
        [](const std::string&) {});
    reader.feed(log);
    reader.finish();
    ASSERT_EQ(read.size(), 1u) << log;
    std::string record;
    records.alert(record, sample.alert(), {});
    model::StoredAlert told;
    ASSERT_TRUE(model::read_record(record, told));
    const model::StoredAlert& a = read[0];
    EXPECT_EQ(told.id, a.id);
    EXPECT_EQ(told.mail, a.mail);
    EXPECT_EQ(told.group, a.group);
    EXPECT_EQ(told.date, a.date);
    EXPECT_EQ(told.location, a.location);
    EXPECT_EQ(told.description, a.description);
    EXPECT_EQ(told.src_ip, a.src_ip);
    EXPECT_EQ(told.user, a.user);
    EXPECT_EQ(told.filename, a.filename);
    EXPECT_EQ(told.old_md5, a.old_md5);
    EXPECT_EQ(told.size_change, a.size_change);
    EXPECT_EQ(told.log, a.log) << log;
  }
}

}  // namespace
}  // namespace gander
