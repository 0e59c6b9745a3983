// The golden case scan-rootcheck: every operator of the policy language and the checks of files, message by message.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "config/config.h"
#include "rootcheck/rootcheck.h"
#include "rootcheck/testing/keeping_sink.h"

namespace gander::rootcheck {
namespace {

using model::Compat;
using Lines = std::vector<std::string>;

const std::string kCase = GANDER_SHARED_DIR "/golden/scan-rootcheck/";

class GoldenRootcheck : public testing::TestWithParam<Compat> {
 protected:
  std::string with_dir(std::string text) const {
    for (const auto& [word, path] : {std::pair{"@DIR@", temp_.path()}, {"@HOME@", temp_.path() + "/home"}}) {
      for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + path.size())) {
        text.replace(at, std::string_view(word).size(), path);
      }
    }
    return text;
  }
  std::string of_case(const std::string& name) const {
    const Result<std::string> text = base::read_file(kCase + name);
    EXPECT_TRUE(text);
    return with_dir(text ? *text : "");
  }

  base::testing::TempFolder temp_;
};

Lines lines_in(const std::string& text) {
  Lines out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST_P(GoldenRootcheck, Messages) {
  if (!std::filesystem::exists(kCase)) GTEST_SKIP() << "needs ../shared";
  if (::geteuid() != 0) GTEST_SKIP() << "files must be root's";
  const bool exact = GetParam() == Compat::Ossec43;
  for (const char* const name : {"audit.txt", "files.txt", "trojans.txt"}) temp_.write(name, of_case(name));
  temp_.write("home/var/run/keep", "");
  Diagnostics findings;
  Settings settings;
  settings.compat = GetParam();
  settings.options =
      config::parse_config(of_case("ossec.conf"), "ossec.conf", {settings.compat, config::Scope::Everything}, findings)
          .rootcheck;
  ASSERT_FALSE(findings.has_errors());

  std::map<std::string, Lines> got;
  int step = 0;
  for (const std::string& line : lines_in(of_case("steps.txt"))) {
    if (line.starts_with("sh ")) {
      ASSERT_EQ(std::system(line.substr(3).c_str()), 0) << line;
    } else if (line == "end") {
      KeepingSink sink;
      ASSERT_TRUE(run(settings, sink));
      Lines& of_step = got[std::to_string(++step)];
      for (const std::string& text : sink.findings) of_step.push_back("9:rootcheck:" + text);
      EXPECT_EQ(of_step.front(), "9:rootcheck:Starting rootcheck scan.");
      EXPECT_EQ(of_step.back(), "9:rootcheck:Ending rootcheck scan.");
      std::sort(of_step.begin(), of_step.end());
    }
  }
  std::map<std::string, Lines> expected;
  for (const std::string& line : lines_in(of_case(exact ? "expected.messages" : "expected.mended"))) {
    // What is said of watched files is the scanner's.
    const size_t tab = line.find('\t');
    if (line.substr(tab + 1, 2) == "9:") expected[line.substr(0, tab)].push_back(line.substr(tab + 1));
  }
  for (auto& [at, lines] : expected) std::sort(lines.begin(), lines.end());
  EXPECT_EQ(got, expected);
}

INSTANTIATE_TEST_SUITE_P(Modes, GoldenRootcheck, testing::Values(Compat::Ossec43, Compat::Mended),
                         [](const auto& p) { return p.param == Compat::Mended ? "mended" : "ossec"; });

}  // namespace
}  // namespace gander::rootcheck
