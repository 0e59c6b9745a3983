#include "respond/response_list.h"

#include <gtest/gtest.h>

#include "base/file.h"

namespace gander::respond {
namespace {

config::Config config_of(const std::string& path) {
  Diagnostics diagnostics;
  config::Config config = config::load_config(path, {}, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) ADD_FAILURE() << render(d, Colour::Off);
  }
  return config;
}

const std::string kCases = std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/";

TEST(ResponseList, ArConfIsOssecs) {
  EXPECT_EQ(ResponseList::ar_conf(config_of(kCases + "response-argv/ossec.conf")),
            base::read_file(kCases + "response-argv/expected.ar.conf").value());
}

TEST(ResponseList, ParsesWhatItWrites) {
  std::vector<std::string> log;
  const std::string text = base::read_file(kCases + "response-argv/expected.ar.conf").value();
  const ResponseList list = ResponseList::parse(text, "ar.conf", model::Compat::Mended, log);
  EXPECT_TRUE(log.empty());
  ASSERT_EQ(list.entries.size(), 8u);
  EXPECT_EQ(list.entries[2].name, "ip600");
  EXPECT_EQ(list.entries[2].executable, "ip.sh");
  EXPECT_EQ(list.entries[2].timeout, std::chrono::seconds(600));
}

TEST(ResponseList, BadLinesAreToldAndSkipped) {
  std::vector<std::string> log;
  const ResponseList list = ResponseList::parse("a0 - a.sh - 0\nnonsense\nb - b.sh - x\n - - 0\nc5 - c.sh - 5",
                                                "etc/ar.conf", model::Compat::Mended, log);
  EXPECT_EQ(list.entries.size(), 2u);
  EXPECT_EQ(log.size(), 3u);
  EXPECT_EQ(log.at(0), "ossec-execd(1313): ERROR: Invalid active response config: 'etc/ar.conf'.");
}

TEST(ResponseList, OssecHolds64) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "r" + std::to_string(i) + " - x.sh - 0\n";
  std::vector<std::string> log;
  EXPECT_EQ(ResponseList::parse(text, "f", model::Compat::Ossec43, log).entries.size(), 64u);
  EXPECT_EQ(ResponseList::parse(text, "f", model::Compat::Mended, log).entries.size(), 100u);
}

}  // namespace
}  // namespace gander::respond
