#include "respond/rehearsal.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "respond/home_scripts.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

config::Config parse(const std::string& text) {
  Diagnostics diagnostics;
  return config::parse_config("<ossec_config>" + text + "</ossec_config>", "ossec.conf", {}, diagnostics);
}

class RehearsalTest : public ::testing::Test {
 protected:
  void alert(int64_t second, const std::string& source, const std::string& user = "") {
    Occasion o;
    o.rule = 5712;
    o.level = 10;
    o.srcip = source;
    o.dst_user = user;
    o.location = "/l";
    o.alert_id = "1.1";
    o.event_time = base::from_unix(second);
    rehearsal.add(o);
  }

  testing::FakeHost host;
  const config::Config config = parse(
      "<global><white_list>10.9.0.0/16</white_list></global>"
      "<command><name>ip</name><executable>ip.sh</executable><expect>srcip</expect>"
      "<timeout_allowed>yes</timeout_allowed></command>"
      "<active-response><repeated_offenders>1</repeated_offenders></active-response>"
      "<active-response><command>ip</command><location>local</location><level>6</level><timeout>20</timeout>"
      "</active-response>");
  Guard guard{host, AllowList(config.global, model::Compat::Mended)};
  Rehearsal rehearsal{config, model::Compat::Mended, guard};
};

TEST_F(RehearsalTest, BlocksRepeatsAndOffenders) {
  alert(100, "203.0.113.1");
  alert(110, "203.0.113.1");  // in force: renewed to a minute
  alert(170, "203.0.113.1");  // due to the second: anew
  alert(171, "203.0.113.2");
  const auto rows = rehearsal.rows();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].target, "203.0.113.1");
  EXPECT_EQ(rows[0].runs, 2u);
  EXPECT_EQ(rows[0].repeats, 1u);
  EXPECT_EQ(rows[0].in_force, std::chrono::seconds(70 + 60));
  EXPECT_EQ(rows[0].rules, std::set<model::RuleId>{5712});
  EXPECT_EQ(rehearsal.totals().runs, 3u);
  EXPECT_EQ(rehearsal.totals().alerts, 4u);
}

TEST_F(RehearsalTest, WhoWouldNotHaveBeenBlocked) {
  host.entries = {{"192.0.2.1", "the gateway of eth0"}};
  alert(100, "192.0.2.1");
  alert(101, "10.9.1.1");
  alert(102, "1.2.3.4;id");
  const auto rows = rehearsal.rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].refused, "the gateway of eth0");
  EXPECT_EQ(rows[0].runs, 0u);
  EXPECT_EQ(rehearsal.totals().refused, 1u);
  EXPECT_EQ(rehearsal.totals().allowed, 1u);
  EXPECT_EQ(rehearsal.totals().invalid, 1u);
  EXPECT_EQ(rehearsal.totals().runs, 0u);
}

TEST(HomeScripts, LinksWhatIsMissingAndKeepsWhatIsOwn) {
  testing::ResponseHome shipped;
  testing::ResponseHome home;
  shipped.script("a.sh", "#!/bin/sh\n");
  shipped.script("b.sh", "#!/bin/sh\n");
  shipped.write("active-response/lib/common.sh", "x");
  home.script("b.sh", "#!/bin/sh\n# mine\n");
  for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(link_scripts(shipped.path(), home.path()));
  EXPECT_TRUE(std::filesystem::is_symlink(home.path() + "/active-response/bin/a.sh"));
  EXPECT_EQ(home.read("active-response/bin/b.sh"), "#!/bin/sh\n# mine\n");
  EXPECT_EQ(home.read("active-response/lib/common.sh"), "x");
  testing::ResponseHome file;
  std::filesystem::remove_all(file.path() + "/active-response");
  file.write("active-response", "");
  const auto failed = link_scripts(shipped.path(), file.path());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "V003");
}

}  // namespace
}  // namespace gander::respond
