#include "store/day_close.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

constexpr const char* kAlerts = "logs/alerts/2024/Mar/ossec-alerts-05.log";
const Day kDay{2024, 3, 5};

DayCloseOptions options_for(const TempHome& home, Compress compress) {
  DayCloseOptions o;
  o.home = home.path();
  o.compress = compress;
  return o;
}

std::string unpacked(const std::string& path) {
  std::string text(100'000, '\0');
  gzFile file = gzopen(path.c_str(), "rb");
  EXPECT_NE(file, nullptr);
  const int n = gzread(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  text.resize(n > 0 ? static_cast<size_t>(n) : 0);
  return text;
}

TEST(DayClose, SumsAsOssecWritesThem) {
  TempHome home;
  home.write(kAlerts, "hello\n");
  home.write("logs/alerts/2024/Mar/ossec-alerts-04.log.sum", "yesterday\n");
  const Result<std::vector<std::string>> lines = close_day(options_for(home, Compress::No), kDay);
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_EQ(home.read(std::string(kAlerts) + ".sum"),
            "Current checksum:\n"
            "MD5  (/logs/alerts/2024/Mar/ossec-alerts-05.log) = b1946ac92492d2347c6235b4d2611184\n"
            "SHA1 (/logs/alerts/2024/Mar/ossec-alerts-05.log) = f572d396fae9206628714fb2ce00f72e94f2258f\n"
            "\n"
            "Chained checksum:\n"
            "MD5  (/logs/alerts/2024/Mar/ossec-alerts-04.log.sum) = 6d68d509e5d0a377d217b83495333748\n"
            "SHA1 (/logs/alerts/2024/Mar/ossec-alerts-04.log.sum) = edb943fb1547b3fd747df834fc4a7be20f05ca75\n"
            "\n");
  EXPECT_TRUE(home.has(kAlerts));
  EXPECT_TRUE(home.has("logs/archives/2024/Mar/ossec-archive-05.log.sum"));
  EXPECT_TRUE(home.has("logs/firewall/2024/Mar/ossec-firewall-05.log.sum"));
  EXPECT_FALSE(home.has("logs/alerts/2024/Mar/ossec-alerts-05.json.sum"));
}

TEST(DayClose, WhatIsMissingIsSaid) {
  TempHome home;
  const Result<std::vector<std::string>> lines = close_day(options_for(home, Compress::Yes), kDay);
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_EQ(*lines,
            (std::vector<std::string>{
                "ossec-monitord: No previous md5 checksum found: '/logs/archives/2024/Mar/ossec-archive-04.log.sum'. "
                "Starting over.",
                "ossec-monitord: No previous sha1 checksum found: '/logs/archives/2024/Mar/ossec-archive-04.log.sum'. "
                "Starting over.",
                "ossec-monitord: File '/logs/alerts/2024/Mar/ossec-alerts-05.log' not found. MD5 checksum skipped.",
                "ossec-monitord: File '/logs/alerts/2024/Mar/ossec-alerts-05.log' not found. SHA1 checksum skipped.",
                "ossec-monitord: No previous md5 checksum found: '/logs/alerts/2024/Mar/ossec-alerts-04.log.sum'. "
                "Starting over.",
                "ossec-monitord: No previous sha1 checksum found: '/logs/alerts/2024/Mar/ossec-alerts-04.log.sum'. "
                "Starting over.",
                "ossec-monitord: No previous md5 checksum found: '/logs/firewall/2024/Mar/ossec-firewall-04.log.sum'. "
                "Starting over.",
                "ossec-monitord: No previous sha1 checksum found: '/logs/firewall/2024/Mar/ossec-firewall-04.log.sum'. "
                "Starting over."}));
  EXPECT_NE(home.read(std::string(kAlerts) + ".sum").find("ossec-alerts-05.log) = none\n"), std::string::npos);
}

TEST(DayClose, CompressesOnceAndGoesOnAfterAStop) {
  TempHome home;
  const std::string text(50'000, 'a');
  home.write(kAlerts, text);
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.json", "{}\n");
  EXPECT_EQ(days_to_close(home.path(), {2024, 3, 6}, Compress::Yes), std::vector<Day>{kDay});
  DayCloseOptions options = options_for(home, Compress::Yes);
  int asked = 0;
  options.keep_going = [&] { return ++asked < 3; };  // the sum of the alerts, then no more
  ASSERT_FALSE(close_day(options, kDay));
  EXPECT_TRUE(home.has(kAlerts));
  EXPECT_FALSE(home.has(std::string(kAlerts) + ".gz"));
  EXPECT_FALSE(home.has(std::string(kAlerts) + ".gz.new"));
  const std::string sum = home.read(std::string(kAlerts) + ".sum");
  ASSERT_TRUE(close_day(options_for(home, Compress::Yes), kDay));
  EXPECT_FALSE(home.has(kAlerts));
  EXPECT_EQ(unpacked(home / std::string(kAlerts) + ".gz"), text);
  EXPECT_EQ(home.read(std::string(kAlerts) + ".sum"), sum);
  EXPECT_TRUE(home.has("logs/alerts/2024/Mar/ossec-alerts-05.json.gz"));
  EXPECT_TRUE(days_to_close(home.path(), {2024, 3, 6}, Compress::Yes).empty());
  // Again changes nothing.
  ASSERT_TRUE(close_day(options_for(home, Compress::Yes), kDay));
  EXPECT_EQ(home.read(std::string(kAlerts) + ".sum"), sum);
}

TEST(DayClose, TodayIsNotClosed) {
  TempHome home;
  home.write(kAlerts, "x");
  EXPECT_TRUE(days_to_close(home.path(), kDay, Compress::Yes).empty());
}

}  // namespace
}  // namespace gander::store
