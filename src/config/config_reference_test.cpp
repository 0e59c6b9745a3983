#include "config/config_reference.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gander::config {
namespace {

TEST(ConfigReference, EveryRowExplainsItself) {
  std::set<std::string> seen;
  for (const ReferenceRow& row : config_rows()) {
    EXPECT_FALSE(row.help.empty()) << row.section << " " << row.element;
    EXPECT_TRUE(seen.insert(row.section + "/" + row.element + "/" + row.attribute).second) << row.element;
  }
  EXPECT_GT(seen.size(), 150u);
}

TEST(ConfigReference, TextOfOneElement) {
  EXPECT_EQ(config_reference_text("log_alert_level"),
            "<alerts>  Levels for output.\n"
            "  <log_alert_level>  number, default 1\n"
            "      Least level of alerts that are written.\n");
}

TEST(ConfigReference, TextOfAnAttributeAndOfAnInternalOption) {
  EXPECT_NE(config_reference_text("no_recurse").find("<directories no_recurse=\"\">"), std::string::npos);
  EXPECT_NE(config_reference_text("maild.groupping").find("(0-1), default 1"), std::string::npos);
  EXPECT_EQ(config_reference_text("nothing of this name"), "");
}

TEST(ConfigReference, MarkdownHasATableForEachSection) {
  const std::string text = config_reference_markdown();
  EXPECT_NE(text.find("## `<syscheck>`"), std::string::npos);
  EXPECT_NE(text.find("| `directories` `check_all=` | text | yes, no | no |"), std::string::npos);
  EXPECT_NE(internal_options_markdown().find("| `analysisd.default_timeframe` | number | 60-604800 | 360 |"),
            std::string::npos);
}

}  // namespace
}  // namespace gander::config
