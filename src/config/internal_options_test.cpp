#include "config/internal_options.h"

#include <gtest/gtest.h>

#include <string>

#include "config/testing/home.h"

namespace gander::config {
namespace {

TEST(InternalOptions, MissingOptionsHaveTheirDefaults) {
  Diagnostics diagnostics;
  const testing::Home home;
  const InternalOptions options = InternalOptions::load(home.path(), {}, diagnostics);
  EXPECT_TRUE(diagnostics.entries().empty());
  for (const InternalOption& o : internal_option_table()) EXPECT_EQ(options.get(o.name), o.fallback) << o.name;
}

TEST(InternalOptions, DefaultsAreInTheirRanges) {
  for (const InternalOption& o : internal_option_table()) {
    EXPECT_LE(o.least, o.fallback) << o.name;
    EXPECT_GE(o.most, o.fallback) << o.name;
  }
}

TEST(InternalOptions, LocalFileWinsAndTheFirstLineOfAFileCounts) {
  const testing::Home home;
  home.write("internal_options.conf",
             "# text\n\nanalysisd.default_timeframe=100\nanalysisd.fts_list_size=40\nanalysisd.fts_list_size=50\n");
  home.write("local_internal_options.conf", "analysisd.default_timeframe=200\r\n");
  Diagnostics diagnostics;
  const InternalOptions options = InternalOptions::load(home.path(), {}, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(options.get("analysisd.default_timeframe"), 200);
  EXPECT_EQ(options.get("analysisd.fts_list_size"), 40);
}

TEST(InternalOptions, BadValuesLeaveTheDefault) {
  const testing::Home home;
  home.write("internal_options.conf", "analysisd.default_timeframe=59\nmaild.max_workers=x\nanalysisd.log_fw=\n");
  Diagnostics everything;
  const InternalOptions options = InternalOptions::load(home.path(), {}, everything);
  EXPECT_EQ(everything.error_count(), 3u);
  EXPECT_EQ(options.get("analysisd.default_timeframe"), 360);
  LoadOptions analysis;
  analysis.scope = Scope::Analysis;
  Diagnostics some;
  InternalOptions::load(home.path(), analysis, some);
  EXPECT_EQ(some.error_count(), 2u);
}

TEST(InternalOptions, StockFilesLoad) {
  for (const char* const version : {"2.8", "4.3"}) {
    const std::string etc = std::string(GANDER_SHARED_DIR "/upstream/") + version + "/etc";
    if (!base::exists(etc)) GTEST_SKIP() << etc << " is not here";
    Diagnostics diagnostics;
    InternalOptions::load(etc, {}, diagnostics);
    for (const Diagnostic& d : diagnostics.entries()) ADD_FAILURE() << render(d, Colour::Off);
  }
}

}  // namespace
}  // namespace gander::config
