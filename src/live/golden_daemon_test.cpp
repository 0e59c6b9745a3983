// The golden cases daemon-*: queue messages with their times through the Analyst into a home; every file that OSSEC 4.3
// left behind must be there to the byte.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "base/file.h"
#include "live/analyst.h"
#include "live/host_config.h"

namespace gander::live {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(GANDER_SOURCE_DIR) / "tests/golden/cases";

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string unescaped(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'n' || text[i + 1] == 't');
    if (escape) {
      out += text[++i] == 'n' ? '\n' : '\t';
    } else {
      out += text[i];
    }
  }
  return out;
}

struct QueueMessage {
  base::Instant time;
  char queue = '1';
  std::string location;
  std::string text;
};

// "1:LOCATION:TEXT"; of an agent the first colon behind "->".
QueueMessage parse(const std::string& line) {
  QueueMessage m;
  const size_t tab = line.find('\t');
  m.time = base::from_unix(std::stoll(line.substr(0, tab)));
  const std::string message = line.substr(tab + 1);
  m.queue = message[0];
  const std::string rest = message.substr(2);
  const size_t from = rest.starts_with("(") ? rest.find("->") : 0;
  const size_t colon = rest.find(':', from);
  m.location = rest.substr(0, colon);
  m.text = rest.substr(colon + 1);
  return m;
}

class GoldenDaemon : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    home_ = (fs::temp_directory_path() / "gander-daemon-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(home_.data()));
    for (const char* folder : {"etc", "rules"}) fs::create_directories(fs::path(home_) / folder);
    const fs::path from = kCases / GetParam();
    fs::copy(from / "decoder.xml", home_);
    fs::copy(from / "rules.xml", fs::path(home_) / "rules");
    fs::copy(from / "ossec.conf", fs::path(home_) / "etc");
    if (fs::exists(from / "local_internal_options.conf")) {
      fs::copy(from / "local_internal_options.conf", fs::path(home_) / "etc");
    }
    if (fs::exists(from / "seed")) fs::copy(from / "seed", home_, fs::copy_options::recursive);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(home_, ignored);
  }

  void run(model::Compat compat);

  std::string home_;
};

void GoldenDaemon::run(model::Compat compat) {
  HostSettings settings;
  settings.rules_home = settings.home = home_;
  settings.config = home_ + "/etc/ossec.conf";
  settings.compat = compat;
  settings.host_name = "ids1";
  HostConfig config = load_config(settings);
  LoadedRuleset loaded = load_ruleset(settings, config);
  ASSERT_TRUE(loaded.ruleset) << errors_of(config.diagnostics);

  const bool escaped = fs::exists(kCases / GetParam() / "escaped");
  std::ifstream in(kCases / GetParam() / "input.messages", std::ios::binary);
  std::vector<QueueMessage> messages;
  for (std::string line; std::getline(in, line);) messages.push_back(parse(escaped ? unescaped(line) : line));
  ASSERT_FALSE(messages.empty());

  store::JournalOptions options;
  options.home = home_;
  options.now = messages.front().time;
  options.json = config.config.global.jsonout_output;
  options.json_archives = config.config.global.logall_json;
  options.chain = false;
  auto journal = store::Journal::open(options);
  ASSERT_TRUE(journal) << journal.error().message;
  Analyst::Setup setup{home_,         config.config, config.internal,          loaded.ruleset,
                       loaded.engine, loaded.digest, [](const std::string&) {}};
  Analyst analyst(setup, **journal);
  for (const QueueMessage& m : messages) {
    Message message;
    message.queue = m.queue;
    message.location = m.location;
    message.text = m.text;
    message.time = message.received = m.time;
    analyst.judge(message);
  }
  analyst.finish_batch();
  const auto done = (*journal)->commit();
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_TRUE((*journal)->close());
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> out;
  if (!fs::exists(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && fs::file_size(entry) > 0) out.insert(fs::relative(entry, folder).string());
  }
  return out;
}

TEST_P(GoldenDaemon, LeavesTheFilesOfOssec43) {
  run(model::Compat::Ossec43);
  const fs::path expected = kCases / GetParam() / "expected";
  for (const std::string& name : files_below(expected)) {
    EXPECT_EQ(content(fs::path(home_) / name), content(expected / name)) << name;
  }
  // And no other ones of OSSEC's.
  for (const char* folder : {"logs", "stats", "queue/diff", "queue/fts", "queue/rootcheck", "queue/syscheck"}) {
    for (const std::string& name : files_below(fs::path(home_) / folder)) {
      const std::string whole = std::string(folder) + "/" + name;
      const bool link = whole.ends_with("s/alerts.log") || whole.ends_with("/alerts.json") ||
                        whole.find("/archives.") != std::string::npos || whole.ends_with("firewall.log");
      if (!link) {
        EXPECT_TRUE(fs::exists(expected / whole)) << "unexpected: " << whole;
      }
    }
  }
}

TEST_P(GoldenDaemon, ByDefaultTheAlertsAreThoseOfOssecOrMended) {
  run(model::Compat::Mended);
  const fs::path mended = kCases / GetParam() / "expected.mended.alerts";
  const fs::path expected = kCases / GetParam() / "expected/logs/alerts/2024/Mar/ossec-alerts-05.log";
  EXPECT_EQ(content(fs::path(home_) / "logs/alerts/2024/Mar/ossec-alerts-05.log"),
            content(fs::exists(mended) ? mended : expected));
}

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("daemon-")) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenDaemon, ::testing::ValuesIn(cases()), [](const auto& param) {
  std::string name = param.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace gander::live
