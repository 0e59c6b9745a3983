#include "integrity/syscheck_decoder.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include "config/config.h"
#include "integrity/file_state.h"
#include "integrity/testing/temp_folder.h"

namespace gander::integrity {
namespace {

using model::Compat;
namespace fs = std::filesystem;

constexpr int64_t kNow = 1709632800;

struct Told {
  int rule = 0;
  std::string text;
  bool operator==(const Told&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.rule << " " << told.text;
}

// Rule and text of the integrity alerts of an alerts.log.
std::vector<Told> told_in(const std::string& file) {
  std::vector<Told> out;
  const std::string all = slurp(file);
  for (size_t at = all.find("** Alert "); at != std::string::npos;) {
    const size_t next = all.find("\n** Alert ", at + 1);
    const std::string alert = all.substr(at, next == std::string::npos ? next : next + 1 - at);
    at = next == std::string::npos ? next : next + 1;
    if (alert.substr(0, alert.find('\n')).find("ossec,syscheck,") == std::string::npos) continue;
    const size_t rule = alert.find("\nRule: ");
    const size_t text = alert.find('\n', rule + 1) + 1;
    out.push_back({std::stoi(alert.substr(rule + 7)), alert.substr(text)});
  }
  return out;
}

std::string unescaped(std::string text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 't')) {
      out += text[++i] == 'n' ? '\n' : '\t';
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Ran {
  std::vector<Told> told;
  std::vector<std::string> decoders;
};

config::Syscheck settings_of(const std::string& folder, Compat compat) {
  Diagnostics findings;
  return config::load_config(folder + "/ossec.conf", {compat, config::Scope::Everything}, findings).syscheck;
}

Ran run_case(const std::string& folder, Compat compat, const std::string& queue) {
  fs::create_directories(queue);
  SyscheckDecoder decoder({compat, queue, queue, ""}, settings_of(folder, compat));
  const bool escaped = fs::exists(folder + "/escaped");
  Ran out;
  std::ifstream in(folder + "/input.messages");
  for (std::string line; std::getline(in, line);) {
    const size_t tab = line.find('\t');
    if (line.compare(tab + 1, 2, "8:") != 0) continue;
    std::string message = line.substr(tab + 3);
    if (escaped) message = unescaped(message);
    // A location may hold colons only in an address of IPv6; none does here.
    const size_t colon = message.find(':');
    const auto event = decoder.decode(message.substr(0, colon), message.substr(colon + 1),
                                      base::from_unix(std::stoll(line.substr(0, tab))));
    if (!event) continue;
    out.told.push_back({event->rule, event->text + "\n\n"});
    out.decoders.emplace_back(event->decoder);
  }
  EXPECT_TRUE(decoder.flush());
  return out;
}

class DaemonCases : public testing::TestWithParam<std::tuple<std::string, Compat>> {};

TEST_P(DaemonCases, TextsRulesAndFiles) {
  const auto& [name, compat] = GetParam();
  const std::string folder = GANDER_SHARED_DIR "/golden/" + name;
  if (!fs::exists(folder)) GTEST_SKIP() << "needs ../shared";
  const TempFolder temp;
  const Ran ran = run_case(folder, compat, temp / "queue");
  const std::string mended = folder + "/expected.mended.alerts";
  const bool own = compat == Compat::Mended && fs::exists(mended);
  EXPECT_EQ(ran.told, told_in(own ? mended : folder + "/expected/logs/alerts/2024/Mar/ossec-alerts-05.log"));
  EXPECT_FALSE(ran.told.empty());
  if (own) return;  // the files of the mended case are not given
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder + "/expected/queue/syscheck")) {
    EXPECT_EQ(slurp(temp / "queue/" + entry.path().filename().string()), slurp(entry.path())) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, static_cast<size_t>(std::distance(fs::directory_iterator(temp / "queue"), {})));
}

INSTANTIATE_TEST_SUITE_P(Golden, DaemonCases,
                         testing::Combine(testing::Values("daemon-syscheck", "daemon-syscheck-diff", "daemon-sources"),
                                          testing::Values(Compat::Ossec43, Compat::Mended)));

constexpr const char* kA =
    "3:33188:0:0:0cc175b9c0f1b6a831c399e269772661:86f7e437faa5a7fce15d1ddcb9eaeaea377667b8:"
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
constexpr const char* kB =
    "3:33188:0:0:92eb5ffee6ae2fec3ad71c777531578f:e9d71f5ee7c92d6dc9e92ffdad17b8bd49418f98:"
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";

class Decoder : public testing::Test {
 protected:
  SyscheckDecoder make(Compat compat, const config::Syscheck& settings = {}, const std::string& allowlist = "") {
    fs::create_directories(temp / "queue");
    fs::create_directories(temp / "logs");
    return SyscheckDecoder({compat, temp / "queue", temp / "logs", allowlist}, settings);
  }
  static std::optional<FileEvent> feed(SyscheckDecoder& d, const std::string& body, int64_t now = kNow) {
    return d.decode("syscheck", body, base::from_unix(now));
  }
  TempFolder temp;
};

TEST_F(Decoder, CountsUpAndFallsSilentUnlessToldNotTo) {
  config::Syscheck talkative;
  talkative.auto_ignore = false;
  for (const bool auto_ignore : {true, false}) {
    config::Syscheck settings;
    settings.auto_ignore = auto_ignore;
    settings.ignore = {};
    SyscheckDecoder d = make(Compat::Mended, settings);
    const std::string path = auto_ignore ? " /etc/quiet" : " /etc/loud";
    EXPECT_FALSE(feed(d, kA + path));
    std::vector<int> rules;
    for (int i = 0; i < 6; ++i) {
      const auto event = feed(d, (i % 2 == 0 ? kB : kA) + path);
      rules.push_back(event ? event->rule : 0);
    }
    EXPECT_EQ(rules, auto_ignore ? (std::vector{550, 551, 552, 0, 0, 0}) : (std::vector{550, 550, 550, 550, 550, 550}));
    ASSERT_TRUE(d.flush());
  }
  EXPECT_NE(slurp(temp / "queue/syscheck").find("\n!!?3:"), std::string::npos);
}

TEST_F(Decoder, DeletionOfAnUnknownFileIsAFileOnlyInOssec) {
  config::Syscheck settings;
  settings.alert_new_files = true;
  SyscheckDecoder ossec = make(Compat::Ossec43, settings);
  EXPECT_TRUE(feed(ossec, "-1 /etc/ghost"));
  SyscheckDecoder mended = make(Compat::Mended, settings);
  EXPECT_FALSE(feed(mended, "-1 /etc/ghost2"));
}

TEST_F(Decoder, ALineFeedInANameForgesNothing) {
  config::Syscheck settings;
  settings.alert_new_files = true;
  SyscheckDecoder d = make(Compat::Mended, settings);
  const std::string path = "/tmp/x\nSize changed from '1' to '2'";
  const auto event = feed(d, kA + (" " + encode_path(path)));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->path, path);
  EXPECT_EQ(event->text.substr(0, event->text.find('\n')),
            "New file '/tmp/xSize changed from '1' to '2'' added to the file system.");
  ASSERT_TRUE(d.flush());
  EXPECT_NE(slurp(temp / "queue/syscheck").find("/%//tmp/x%0ASize"), std::string::npos);
}

TEST_F(Decoder, AttributesOfAnEqualSumAreAChange) {
  SyscheckDecoder d = make(Compat::Mended);
  feed(d, std::string(kA) + " /etc/cap");
  const auto event = feed(d, std::string(kA) + " /etc/cap\nAttribute security.capability was '', now it is '0x01'\n");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->rule, 550);
  EXPECT_EQ(event->text,
            "Integrity checksum changed for: '/etc/cap'\nWhat changed:\n"
            "Attribute security.capability was '', now it is '0x01'\n");
}

TEST_F(Decoder, PermissionsOfTheEventBeforeAreRepeatedOnlyByOssec) {
  const auto text_with = [&](Compat compat) {
    SyscheckDecoder d = make(compat);
    const std::string name = compat == Compat::Mended ? "m" : "o";
    feed(d, "1:33188:0:0:xxx:xxx:xxx /etc/1" + name);
    feed(d, "1:33188:0:0:xxx:xxx:xxx /etc/2" + name);
    feed(d, "1:33261:0:0:xxx:xxx:xxx /etc/1" + name);
    return feed(d, "1:0:0:0:xxx:xxx:xxx /etc/2" + name)->text;
  };
  EXPECT_NE(text_with(Compat::Ossec43).find("Permissions changed from 'rw-r--r--' to 'rwxr-xr-x'"), std::string::npos);
  EXPECT_EQ(text_with(Compat::Mended).find("Permissions"), std::string::npos);
}

TEST_F(Decoder, WhatIsNoMessageIsSaid) {
  SyscheckDecoder d = make(Compat::Mended);
  EXPECT_FALSE(feed(d, "nonsense"));
  EXPECT_FALSE(feed(d, ""));
  EXPECT_FALSE(d.decode("../../etc/passwd", std::string(kA) + " /x", base::from_unix(kNow)));
  EXPECT_FALSE(d.decode(".hidden", std::string(kA) + " /x", base::from_unix(kNow)));
  const auto notes = d.take_notes();
  ASSERT_EQ(notes.size(), 4U);
  EXPECT_EQ(notes[0], "(1755): ERROR: Invalid syscheck message received.");
}

TEST_F(Decoder, ErrorsOfWindowsAgentsHaveNoChecksums) {
  config::Syscheck settings;
  settings.alert_new_files = true;
  SyscheckDecoder d = make(Compat::Ossec43, settings);
  const auto event = feed(d, "CreateFile=5 C:\\locked");
  ASSERT_TRUE(event);
  EXPECT_EQ(event->text,
            "New file 'C:\\locked' added to the file system.\nNew sha1sum is : 'Unknown'\nNew md5sum is : 'Unknown'\n");
}

TEST_F(Decoder, IgnorePatternsWorkOnlyWhenMended) {
  config::Syscheck settings;
  settings.alert_new_files = true;
  settings.ignore = {{config::PathPattern::Kind::Prefix, "/ETC/mtab", {}},
                     {config::PathPattern::Kind::Match, ".log$", {}}};
  SyscheckDecoder d = make(Compat::Mended, settings);
  EXPECT_FALSE(feed(d, std::string(kA) + " /etc/MTAB.bak"));
  EXPECT_FALSE(feed(d, std::string(kA) + " /var/x.log"));
  SyscheckDecoder ossec = make(Compat::Ossec43, settings);
  EXPECT_TRUE(feed(ossec, std::string(kA) + " /var/y.log"));
}

TEST_F(Decoder, MaintenanceAcceptsWithoutAnEventAndEndsWithTheScan) {
  config::Syscheck settings;
  settings.alert_new_files = true;
  SyscheckDecoder d = make(Compat::Mended, settings);
  feed(d, std::string(kA) + " /etc/a");
  feed(d, std::string(kA) + " /etc/gone");
  spew(temp / "queue/.syscheck.maint", "#!maint\nenabled_at=1709632700\npending_end=1\nsilent_updates=0\n");
  EXPECT_FALSE(feed(d, std::string(kB) + " /etc/a", kNow + 10));
  EXPECT_FALSE(feed(d, std::string(kB) + " /etc/b", kNow + 10));
  EXPECT_FALSE(feed(d, "-1 /etc/gone", kNow + 11));
  EXPECT_EQ(Maintenance::read(temp / "queue/.syscheck.maint").silent_updates, 3U);
  feed(d, "syscheck-db-completed", kNow + 12);
  EXPECT_FALSE(fs::exists(temp / "queue/.syscheck.maint"));
  EXPECT_EQ(slurp(temp / "queue/.syscheck.cpt"), "#!X");
  EXPECT_EQ(slurp(temp / "logs/fim_maintenance.log"),
            "2024-03-05 10:00:10 syscheck modify /etc/a\n2024-03-05 10:00:10 syscheck new /etc/b\n"
            "2024-03-05 10:00:11 syscheck modify /etc/gone\n");
  const auto notes = d.take_notes();
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0], "INFO: Syscheck maintenance mode enabled for 'syscheck'.");
  EXPECT_EQ(notes[1], "INFO: Syscheck maintenance mode ended for 'syscheck' after baseline scan.");
  const auto event = feed(d, std::string(kA) + " /etc/a", kNow + 20);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->rule, 550);  // what was accepted is a baseline: the count starts again
}

TEST_F(Decoder, AllowlistedSumsAreDropped) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((temp / "allow.db").c_str(), &db), SQLITE_OK);
  sqlite3_exec(db, "CREATE TABLE files(md5sum TEXT); INSERT INTO files VALUES('92eb5ffee6ae2fec3ad71c777531578f')",
               nullptr, nullptr, nullptr);
  sqlite3_close(db);
  SyscheckDecoder d = make(Compat::Mended, {}, temp / "allow.db");
  feed(d, std::string(kA) + " /etc/a");
  EXPECT_FALSE(feed(d, std::string(kB) + " /etc/a"));
  EXPECT_FALSE(feed(d, "3:33188:0:0:nothex:x:x /etc/a"));
  const auto notes = d.take_notes();
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0], "(1278) WARN: File with MD5 '92eb5ffee6ae2fec3ad71c777531578f' not processed.");
  EXPECT_EQ(notes[1], "Not a valid MD5 hash: 'nothex'");
}

TEST_F(Decoder, FilesChangedByOtherProgramsAreReadAgain) {
  SyscheckDecoder d = make(Compat::Mended);
  feed(d, std::string(kA) + " /etc/a");
  feed(d, std::string(kB) + " /etc/a");
  ASSERT_TRUE(d.flush());
  fs::remove(temp / "queue/syscheck");
  EXPECT_FALSE(feed(d, std::string(kA) + " /etc/a"));  // not known any more
  ASSERT_TRUE(d.flush());
  EXPECT_TRUE(slurp(temp / "queue/syscheck").starts_with("+++"));
}

TEST_F(Decoder, OldAndTornLinesAreRead) {
  spew(temp / "queue/syscheck", std::string("+++") + kA + " /etc/old\n#++1:2:3 /x\n\n+++" + kA + " !17096");
  SyscheckDecoder d = make(Compat::Mended);
  const auto event = feed(d, std::string(kB) + " /etc/old");
  ASSERT_TRUE(event);
  ASSERT_TRUE(d.flush());
  EXPECT_EQ(slurp(temp / "queue/syscheck"), std::string("#++") + kA + " /etc/old\n#++1:2:3 /x\n\n+++" + kA +
                                                " !17096\n!++" + kB + " !1709632800 /etc/old\n");
}

TEST_F(Decoder, WritesCanBeMadeByAJournal) {
  SyscheckDecoder d = make(Compat::Mended);
  feed(d, std::string(kA) + " /etc/a");
  std::vector<FileWrite> writes = d.take_writes();
  ASSERT_EQ(writes.size(), 1U);
  EXPECT_EQ(writes[0].offset, 0U);
  spew(writes[0].file, writes[0].bytes);
  d.written();
  feed(d, std::string(kB) + " /etc/a");
  writes = d.take_writes();
  ASSERT_EQ(writes.size(), 2U);
  EXPECT_EQ(writes[0].bytes, "#");
  EXPECT_EQ(writes[0].offset, 0U);
  EXPECT_EQ(writes[1].offset, fs::file_size(writes[1].file));
}

}  // namespace
}  // namespace gander::integrity
