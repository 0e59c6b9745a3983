// Rule files that OSSEC 4.3 refuses, or accepts against expectation: the lines that it prints at load.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(GANDER_SOURCE_DIR) / "tests" / "golden" / "cases";

// The time-stamped lines at the top of what the test tool prints, without the time.
std::vector<std::string> log_lines(const fs::path& file) {
  constexpr size_t kTime = 20;  // "2024/03/05 10:00:00 "
  std::vector<std::string> lines;
  std::istringstream in(base::read_file(file.string()).value_or(""));
  for (std::string line; std::getline(in, line);) {
    if (line.size() < kTime || line[4] != '/' || line[7] != '/') break;
    lines.push_back(line.substr(kTime));
  }
  return lines;
}

TEST(GoldenCases, ErrorsAndOddFilesLoadAsIn43) {
  size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("err-") && !name.starts_with("accept-")) continue;
    SCOPED_TRACE(name);
    ++seen;
    RuleLoaderOptions options;
    options.compat = model::Compat::Ossec43;
    testing::add_decoder_names((entry.path() / "decoder.xml").string(), options);
    testing::Loaded loaded;
    const std::vector<RuleFile> files = {{"rules.xml", (entry.path() / "rules.xml").string(), "rules//rules.xml"}};
    loaded.tree = load_rules(files, options, loaded.diagnostics);
    EXPECT_EQ(loaded.ossec_lines(), log_lines(entry.path() / "expected.logtest"));
    EXPECT_EQ(loaded.diagnostics.has_errors(), fs::exists(entry.path() / "expected.exit"));
  }
  EXPECT_GE(seen, 40u);
}

// The rules that OSSEC ships, in the order of its configuration.
void load_upstream(const std::string& version, size_t at_least) {
  const fs::path home = fs::path(GANDER_SHARED_DIR) / "upstream" / version;
  if (!fs::exists(home)) GTEST_SKIP() << home << " is not there";
  RuleLoaderOptions options;
  options.compat = model::Compat::Ossec43;
  testing::add_decoder_names((home / "etc" / "decoder.xml").string(), options);
  for (const char* const built_in :
       {"rootcheck", "syscheck_integrity_changed", "syscheck_integrity_changed_2nd", "syscheck_integrity_changed_3rd",
        "syscheck_new_entry", "syscheck_deleted", "hostinfo_new", "hostinfo_modified"}) {
    options.decoder_identities.try_emplace(built_in, 1000);
  }
  std::vector<RuleFile> files;
  std::istringstream conf(base::read_file((home / "etc" / "ossec.conf").string()).value_or(""));
  for (std::string line; std::getline(conf, line);) {
    const size_t begin = line.find("<include>");
    const size_t end = line.find("</include>");
    if (begin == std::string::npos || end == std::string::npos) continue;
    const std::string name = line.substr(begin + 9, end - begin - 9);
    files.push_back({name, (home / "rules" / name).string(), "rules//" + name});
  }
  Diagnostics diagnostics;
  const RuleTree tree = load_rules(files, options, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) ADD_FAILURE() << render(d, Colour::Off);
  }
  EXPECT_GE(tree.rules.size(), at_least);
}

TEST(UpstreamRules, Version43LoadsWithoutErrors) {
  load_upstream("4.3", 1100);
}

TEST(UpstreamRules, Version28LoadsWithoutErrors) {
  load_upstream("2.8", 950);
}

}  // namespace
}  // namespace gander::rules
