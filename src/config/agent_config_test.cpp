#include "config/agent_config.h"

#include <gtest/gtest.h>

#include <string>

#include "config/testing/home.h"

namespace gander::config {
namespace {

TEST(AgentConfig, BlocksAreReadOnTopOfTheAgentsOwn) {
  const testing::Home home;
  const std::string path = home.write("agent.conf",
                                      "<agent_config os=\"Linux\" profile=\"web\">"
                                      "<localfile><log_format>syslog</log_format><location>/b</location></localfile>"
                                      "<syscheck><frequency>60</frequency></syscheck></agent_config>"
                                      "<agent_config><rootcheck><disabled>yes</disabled></rootcheck></agent_config>");
  Diagnostics diagnostics;
  const AgentConfig agent = load_agent_config(path, {}, diagnostics);
  EXPECT_TRUE(diagnostics.entries().empty());
  ASSERT_EQ(agent.blocks.size(), 2u);
  EXPECT_EQ(agent.blocks[0].os, "Linux");
  EXPECT_EQ(agent.blocks[0].profile, "web");
  EXPECT_EQ(agent.blocks[0].name, "");
  Config config = parse_config(
      "<ossec_config><localfile><log_format>syslog</log_format><location>/a</location></localfile>"
      "<syscheck><frequency>30</frequency><skip_nfs>yes</skip_nfs></syscheck></ossec_config>",
      "ossec.conf", {}, diagnostics);
  agent.apply(agent.blocks[0], {}, config, diagnostics);
  EXPECT_EQ(config.localfiles.size(), 2u);
  EXPECT_EQ(config.syscheck.frequency, 60);
  EXPECT_TRUE(config.syscheck.skip_nfs);
  EXPECT_FALSE(config.rootcheck.disabled);
}

TEST(AgentConfig, MissingFileIsSilent) {
  Diagnostics diagnostics;
  EXPECT_TRUE(load_agent_config("/nonexistent/agent.conf", {}, diagnostics).blocks.empty());
  EXPECT_TRUE(diagnostics.entries().empty());
}

TEST(AgentConfig, CommandsNeedTheAgentsLeave) {
  const testing::Home home;
  const std::string path = home.write(
      "agent.conf",
      "<agent_config><localfile><log_format>command</log_format><command>w</command></localfile></agent_config>");
  LoadOptions options;
  Diagnostics refused;
  load_agent_config(path, options, refused);
  EXPECT_EQ(refused.error_count(), 1u);
  options.remote_commands = RemoteCommands::Accept;
  Diagnostics accepted;
  load_agent_config(path, options, accepted);
  EXPECT_TRUE(accepted.entries().empty());
}

}  // namespace
}  // namespace gander::config
