#include "store/dated_log.h"

#include <gtest/gtest.h>

#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

TEST(DatedLog, NamesAreOssecs) {
  const Day day{2024, 3, 5};
  EXPECT_EQ(dated_name(LogKind::Alerts, day), "logs/alerts/2024/Mar/ossec-alerts-05.log");
  EXPECT_EQ(dated_name(LogKind::AlertsJson, day), "logs/alerts/2024/Mar/ossec-alerts-05.json");
  EXPECT_EQ(dated_name(LogKind::Archives, day), "logs/archives/2024/Mar/ossec-archive-05.log");
  EXPECT_EQ(dated_name(LogKind::ArchivesJson, day), "logs/archives/2024/Mar/ossec-archive-05.json");
  EXPECT_EQ(dated_name(LogKind::Firewall, day), "logs/firewall/2024/Mar/ossec-firewall-05.log");
  EXPECT_EQ(fixed_name(LogKind::ArchivesJson), "logs/archives/archives.json");
}

TEST(DatedLog, DaysAreFoundPlainAndCompressed) {
  testing::TempHome home;
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.log", "");
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.log.sum", "");
  home.write("logs/alerts/2024/Mar/ossec-alerts-31.log.gz", "");
  home.write("logs/alerts/2023/Dec/ossec-alerts-31.log", "");
  home.write("logs/alerts/2024/Feb/ossec-alerts-31.log", "");  // no such day
  home.write("logs/alerts/2024/Mar/ossec-alerts-6.log", "");
  home.write("logs/alerts/2024/ossec-alerts-06.log", "");
  home.write("logs/alerts/alerts.log", "");
  EXPECT_EQ(days_of(home.path(), LogKind::Alerts), (std::vector<Day>{{2023, 12, 31}, {2024, 3, 5}, {2024, 3, 31}}));
  EXPECT_TRUE(days_of(home.path(), LogKind::AlertsJson).empty());
  EXPECT_TRUE(days_of(home.path(), LogKind::Firewall).empty());
}

TEST(Day, GoesOnAndBack) {
  EXPECT_EQ((Day{2024, 2, 28}.next()), (Day{2024, 2, 29}));
  EXPECT_EQ((Day{2024, 1, 1}.previous()), (Day{2023, 12, 31}));
  EXPECT_EQ((Day{2024, 3, 5}.iso()), "2024-03-05");
  EXPECT_EQ(Day::from_iso("2024-03-05"), (Day{2024, 3, 5}));
  for (const char* text :
       {"", "2024-3-5", "2024-02-30", "2024-13-01", "2024-00-10", "20240305", "2024-03-0x", "+024-03-05"}) {
    EXPECT_FALSE(Day::from_iso(text)) << text;
  }
}

}  // namespace
}  // namespace gander::store
