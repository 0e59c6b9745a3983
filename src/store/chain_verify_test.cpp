#include "store/chain_verify.h"

#include <gtest/gtest.h>

#include "store/day_close.h"
#include "store/journal.h"
#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

constexpr const char* kFirst = "logs/alerts/2024/Mar/ossec-alerts-05.log";
constexpr const char* kSecond = "logs/alerts/2024/Mar/ossec-alerts-06.log";
constexpr const char* kThird = "logs/alerts/2024/Mar/ossec-alerts-07.log";

std::string alert_text(int n) {
  return "** Alert 17096328" + std::to_string(10 + n) + "." + std::to_string(n) +
         ": - t,\n2024 Mar 05 10:00:" + std::to_string(10 + n) +
         " h1->/var/log/app.log\nRule: 100 (level 5) -> 'login seen'\nSrc IP: 10.0.0." + std::to_string(n) +
         "\nsome log line number " + std::to_string(n) + "\n\n";
}

// Three days of alerts, ten a day, in batches of two.
struct Days {
  TempHome home;

  explicit Days(int alerts_a_day = 10) {
    JournalOptions o;
    o.home = home.path();
    o.now = base::from_unix(1709632800);
    o.boot_id = "boot";
    Result<std::unique_ptr<Journal>> journal = Journal::open(o);
    EXPECT_TRUE(journal);
    int n = 0;
    for (const int day : {5, 6, 7}) {
      for (int i = 0; i < alerts_a_day; ++i) {
        (*journal)->batch().set_day({2024, 3, day});
        (*journal)->batch().log(LogKind::Alerts) += alert_text(n++);
        if (n % 2 == 0) {
          EXPECT_TRUE((*journal)->commit());
        }
      }
    }
    EXPECT_TRUE((*journal)->close());
  }

  VerifyReport verify(std::optional<Day> since = std::nullopt) const {
    const Result<ChainKey> key = ChainKey::load(home / "etc/alerts.key", ChainKey::Missing::Fail);
    EXPECT_TRUE(key);
    VerifyOptions options;
    options.home = home.path();
    options.since = since;
    Result<StateDb> state = StateDb::open(home / "queue/gander.db", StateDb::Access::ReadOnly, {});
    EXPECT_TRUE(state);
    const Result<std::optional<std::string>> head = state->value("chain:alerts");
    if (head && *head) options.heads.emplace_back(LogKind::Alerts, *ChainHead::from_text(**head));
    return verify_alerts(*key, options);
  }

  // The only finding.
  Finding finding(std::optional<Day> since = std::nullopt) const {
    const VerifyReport report = verify(since);
    EXPECT_EQ(report.findings.size(), 1u);
    for (const Finding& f : report.findings) {
      if (report.findings.size() > 1) ADD_FAILURE() << f.file << ": " << f.text;
    }
    return report.findings.empty() ? Finding{} : report.findings[0];
  }
  void edit(const char* name, size_t at, const std::string& bytes) const {
    std::string text = home.read(name);
    text.replace(at, bytes.size(), bytes);
    home.write(name, text);
  }
};

TEST(Verify, WhatWasWrittenIsGood) {
  const Days days;
  const VerifyReport report = days.verify();
  for (const Finding& f : report.findings) ADD_FAILURE() << f.file << ": " << f.text;
  EXPECT_EQ(report.files, 3u);
  EXPECT_EQ(report.records, 3u + 15);
  EXPECT_GT(report.bytes, 3000u);
}

TEST(Verify, AnyEditedByteIsNamed) {
  const Days days;
  const std::string good = days.home.read(kSecond);
  for (size_t at = 0; at < good.size(); at += 7) {
    std::string text = good;
    text[at] = static_cast<char>(text[at] ^ 0x11);
    days.home.write(kSecond, text);
    const Finding f = days.finding();
    EXPECT_EQ(f.file, kSecond);
    EXPECT_EQ(f.at, at) << f.text;
    EXPECT_EQ(f.text, "this byte was edited");
  }
}

TEST(Verify, TheLineAndTheAlertAreNamed) {
  const Days days;
  const std::string good = days.home.read(kSecond);
  const size_t at = good.find("Src IP: 10.0.0.13") + 16;
  days.edit(kSecond, at, "4");
  const Finding f = days.finding();
  EXPECT_EQ(f.at, at);
  EXPECT_EQ(f.line, 3u * 6 + 4);
  EXPECT_EQ(f.alert, "1709632823.13");
}

TEST(Verify, TwoBytesAreFoundAndMoreAreNarrowedDown) {
  const Days days;
  const std::string good = days.home.read(kFirst);
  days.edit(kFirst, 100, good[100] == 'x' ? "yq" : "xq");
  EXPECT_EQ(days.finding().at, 100u);
  days.home.write(kFirst, good);
  days.edit(kFirst, 101, "#!#!#!");
  const Finding f = days.finding();
  ASSERT_TRUE(f.at);
  EXPECT_LE(*f.at, 101u);
  EXPECT_GT(*f.at + kChainBlock, 101u);
  EXPECT_NE(f.text.find("the first changed byte is one of"), std::string::npos);
}

TEST(Verify, SeveralEditsGiveSeveralFindings) {
  const Days days;
  days.edit(kFirst, 10, "?");
  days.edit(kThird, 20, "?");
  const VerifyReport report = days.verify();
  ASSERT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.findings[0].at, 10u);
  EXPECT_EQ(report.findings[1].at, 20u);
}

TEST(Verify, ARemovedAlertShowsWhereItWas) {
  const Days days;
  const std::string good = days.home.read(kSecond);
  const size_t begin = good.find("** Alert 1709632823.13");
  const size_t end = good.find("** Alert 1709632824.14");
  days.home.write(kSecond, good.substr(0, begin) + good.substr(end));
  const VerifyReport report = days.verify();
  ASSERT_FALSE(report.findings.empty());
  ASSERT_TRUE(report.findings[0].at);
  // Neighbours are alike, so that the first bytes behind the cut may still fit.
  EXPECT_GE(*report.findings[0].at + 2 * kChainBlock, begin);
  EXPECT_LE(*report.findings[0].at, begin + 2 * kChainBlock);
}

TEST(Verify, ACutEndIsNamed) {
  const Days days;
  const std::string good = days.home.read(kThird);
  for (const size_t size : {good.size() - 1, good.size() - 500, size_t{0}}) {
    days.home.write(kThird, good.substr(0, size));
    const Finding f = days.finding();
    EXPECT_EQ(f.file, kThird);
    EXPECT_EQ(f.at, size);
    EXPECT_NE(f.text.find("cut off"), std::string::npos) << f.text;
  }
}

TEST(Verify, ACutEndIsFoundAlsoWhenTheChainIsCut) {
  for (const char* name : {kFirst, kThird}) {
    const Days days;
    const std::string chain = days.home.read(chain_name(name));
    std::string_view rest = std::string_view(chain).substr(kChainMagic.size());
    size_t whole = kChainMagic.size();
    uint64_t end = 0;
    for (int i = 0; i < 4; ++i) {
      const std::optional<ChainRecord> record = first_chain_record(rest);
      ASSERT_TRUE(record);
      end = record->offset + record->length;
      whole += record->size;
      rest.remove_prefix(record->size);
    }
    days.home.write(name, days.home.read(name).substr(0, end));
    days.home.write(chain_name(name), chain.substr(0, whole));
    const Finding f = days.finding();
    EXPECT_EQ(f.file, name);
    EXPECT_NE(f.text.find("end was cut off"), std::string::npos) << f.text;
  }
}

TEST(Verify, AddedBytesAreNamed) {
  const Days days;
  const std::string good = days.home.read(kFirst);
  days.home.write(kFirst, good + alert_text(99));
  const Finding f = days.finding();
  EXPECT_EQ(f.at, good.size());
}

TEST(Verify, ARemovedDayIsMissed) {
  for (const char* name : {kFirst, kSecond, kThird}) {
    const Days days;
    std::filesystem::remove(days.home / name);
    EXPECT_EQ(days.finding().file, name);
    std::filesystem::remove(days.home / chain_name(name));
    EXPECT_EQ(days.finding().file, name);
    std::filesystem::remove(days.home / "logs/alerts/alerts.log");
  }
}

TEST(Verify, EarlierDaysThatWereTakenAwayAreNotMissedWithSince) {
  const Days days;
  std::filesystem::remove(days.home / kFirst);
  std::filesystem::remove(days.home / chain_name(kFirst));
  EXPECT_EQ(days.verify(Day{2024, 3, 6}).findings.size(), 0u);
  EXPECT_EQ(days.verify(Day{2024, 3, 6}).files, 2u);
}

TEST(Verify, SwappedDaysAreFound) {
  const Days days;
  for (const std::string& tail : {std::string(), std::string(".chain")}) {
    const std::string a = days.home.read(kFirst + tail);
    const std::string b = days.home.read(kSecond + tail);
    days.home.write(kFirst + tail, b);
    days.home.write(kSecond + tail, a);
  }
  const VerifyReport report = days.verify();
  ASSERT_GE(report.findings.size(), 2u);
  EXPECT_NE(report.findings[0].text.find("made for another file"), std::string::npos) << report.findings[0].text;
}

TEST(Verify, TheChainItselfCannotBeEdited) {
  const Days days;
  const std::string good = days.home.read(chain_name(kSecond));
  for (size_t at = 0; at < good.size(); at += 5) {
    std::string text = good;
    text[at] = static_cast<char>(text[at] ^ 0x40);
    days.home.write(chain_name(kSecond), text);
    EXPECT_FALSE(days.verify().findings.empty()) << at;
  }
}

TEST(Verify, ARecordTakenOutOfTheChainIsMissed) {
  const Days days;
  const std::string chain = days.home.read(chain_name(kSecond));
  std::string_view rest = std::string_view(chain).substr(kChainMagic.size());
  rest.remove_prefix(first_chain_record(rest)->size);
  const size_t begin = static_cast<size_t>(rest.data() - chain.data());
  const size_t size = first_chain_record(rest)->size;
  days.home.write(chain_name(kSecond), chain.substr(0, begin) + chain.substr(begin + size));
  EXPECT_FALSE(days.verify().findings.empty());
}

TEST(Verify, AnotherKeyVouchesForNothing) {
  const Days days;
  days.home.write("etc/alerts.key", std::string(64, 'a') + "\n");
  EXPECT_GE(days.verify().findings.size(), 3u);
}

TEST(Verify, CompressedDaysAreRead) {
  const Days days(500);
  DayCloseOptions close;
  close.home = days.home.path();
  ASSERT_TRUE(close_day(close, {2024, 3, 5}));
  ASSERT_TRUE(close_day(close, {2024, 3, 6}));
  ASSERT_FALSE(days.home.has(kFirst));
  ASSERT_TRUE(days.home.has(std::string(kFirst) + ".gz"));
  const VerifyReport report = days.verify();
  for (const Finding& f : report.findings) ADD_FAILURE() << f.file << ": " << f.text;
  std::string packed = days.home.read(std::string(kFirst) + ".gz");
  packed.resize(packed.size() / 2);
  days.home.write(std::string(kFirst) + ".gz", packed);
  const Finding f = days.finding();
  EXPECT_EQ(f.file, kFirst);
  EXPECT_NE(f.text.find("damaged"), std::string::npos) << f.text;
}

TEST(Verify, FilesFromBeforeTheChainAreNoFinding) {
  const Days days;
  days.home.write("logs/alerts/2024/Feb/ossec-alerts-01.log", alert_text(1));
  const VerifyReport report = days.verify();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.notes.size(), 1u);
}

TEST(Verify, ARestartGoesOnWithTheChain) {
  const Days days;
  JournalOptions o;
  o.home = days.home.path();
  o.now = base::from_unix(1709632800 + 2 * 86400);
  o.boot_id = "boot";
  for (int i = 0; i < 2; ++i) {
    Result<std::unique_ptr<Journal>> journal = Journal::open(o);
    ASSERT_TRUE(journal);
    (*journal)->batch().log(LogKind::Alerts) += alert_text(40 + i);
    ASSERT_TRUE((*journal)->commit());
  }
  for (const Finding& f : days.verify().findings) ADD_FAILURE() << f.file << ": " << f.text;
}

}  // namespace
}  // namespace gander::store
