#include "config/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/file.h"

namespace gander::config {
namespace {

namespace fs = std::filesystem;

Config parse(const std::string& sections, const LoadOptions& options, Diagnostics& diagnostics) {
  return parse_config("<ossec_config>" + sections + "</ossec_config>", "ossec.conf", options, diagnostics);
}

Config sound(const std::string& sections, model::Compat compat = model::Compat::Mended) {
  LoadOptions options;
  options.compat = compat;
  Diagnostics diagnostics;
  Config config = parse(sections, options, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    EXPECT_NE(d.severity, Severity::Error) << render(d, Colour::Off);
  }
  return config;
}

std::vector<std::string> lines(const std::string& sections) {
  LoadOptions options;
  options.compat = model::Compat::Ossec43;
  options.scope = Scope::Analysis;
  Diagnostics diagnostics;
  parse(sections, options, diagnostics);
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics.entries()) {
    out.insert(out.end(), d.ossec_lines.begin(), d.ossec_lines.end());
  }
  return out;
}

TEST(Config, EmptyFilesHaveTheDefaults) {
  Diagnostics diagnostics;
  const Config config = parse_config("", "ossec.conf", {}, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_FALSE(config.global.logall);
  EXPECT_EQ(config.global.helo_server, "notify.ossec.net");
  EXPECT_EQ(config.global.memory_size, 8192);
  EXPECT_EQ(config.alerts.log_alert_level, 1);
  EXPECT_EQ(config.alerts.email_alert_level, 7);
  EXPECT_TRUE(config.syscheck.auto_ignore);
  EXPECT_TRUE(config.rootcheck.runs("files"));
}

TEST(Config, GlobalIsCumulativeAndItsLastScalarCounts) {
  const Config config = sound(
      "<global><logall>yes</logall><email_from>a@b</email_from><memory_size>100</memory_size></global>"
      "<global><email_from>c@d</email_from><white_list>10.0.0.0/8</white_list><allow_list>gate</allow_list>"
      "<allow_list>10.0.0.0/33</allow_list><email_to>a@b.c</email_to><email_to>d@e.f</email_to>"
      "<smtp_port>465</smtp_port><custom_alert_output>$RULEID</custom_alert_output></global>");
  EXPECT_TRUE(config.global.logall);
  EXPECT_EQ(config.global.email_from, "c@d");
  EXPECT_EQ(config.global.memory_size, 2048);
  EXPECT_EQ(config.global.allowed_addresses, std::vector<std::string>{"10.0.0.0/8"});
  EXPECT_EQ(config.global.allowed_names, (std::vector<std::string>{"gate", "10.0.0.0/33"}));
  EXPECT_EQ(config.global.email_to.size(), 2u);
  EXPECT_EQ(config.global.smtp_port, 465);
  EXPECT_EQ(config.global.custom_alert_output, "$RULEID");
}

TEST(Config, LevelsAboveEightBitsAreCutOnlyAsOssec43) {
  const std::string text = "<global><stats>300</stats></global><alerts><log_alert_level>257</log_alert_level></alerts>";
  EXPECT_EQ(sound(text).global.stats, 300);
  EXPECT_EQ(sound(text).alerts.log_alert_level, 257);
  EXPECT_EQ(sound(text, model::Compat::Ossec43).global.stats, 44);
  EXPECT_EQ(sound(text, model::Compat::Ossec43).alerts.log_alert_level, 1);
}

TEST(Config, MailServerBeforeItsSwitchIsDroppedOnlyAsOssec43) {
  const std::string text =
      "<global><smtp_server>mail</smtp_server><email_notification>yes</email_notification></global>";
  EXPECT_EQ(sound(text).global.smtp_server, "mail");
  EXPECT_EQ(sound(text, model::Compat::Ossec43).global.smtp_server, "");
}

TEST(Config, LaterRulesBlocksReplaceOnlyAsOssec43) {
  const std::string text =
      "<rules><include>a.xml</include><decoder>d.xml</decoder><list>l</list></rules>"
      "<rules><rule>b.xml</rule></rules>";
  const Rules mended = sound(text).rules;
  ASSERT_EQ(mended.rules.size(), 2u);
  EXPECT_EQ(mended.rules[0].text, "a.xml");
  EXPECT_EQ(mended.rules[1].text, "b.xml");
  const Rules exact = sound(text, model::Compat::Ossec43).rules;
  ASSERT_EQ(exact.rules.size(), 1u);
  EXPECT_EQ(exact.rules[0].text, "b.xml");
  EXPECT_EQ(exact.decoders.size(), 1u);
  EXPECT_EQ(exact.lists.size(), 1u);
}

TEST(Config, SecondDirectoryPatternIsDeadOnlyAsOssec43) {
  const std::string text =
      "<rules><rule_dir pattern=\"a.xml$\">x</rule_dir><rule_dir pattern=\"b.xml$\">x</rule_dir></rules>";
  EXPECT_FALSE(sound(text).rules.rules.at(1).matches_nothing);
  EXPECT_TRUE(sound(text, model::Compat::Ossec43).rules.rules.at(1).matches_nothing);
}

TEST(Config, DirectoriesApplyTheirAttributesFromLeftToRight) {
  using W = WatchedPaths;
  const Config config = sound(
      "<syscheck><directories check_all=\"yes\" check_size=\"no\" realtime=\"yes\"> /etc, /a b ,/usr/bin </directories>"
      "<directories check_all=\"no\" check_perm=\"yes\" restrict=\".conf$\">/opt</directories>"
      "<directories check_size=\"yes\">/srv</directories></syscheck>");
  const auto& d = config.syscheck.directories;
  ASSERT_EQ(d.size(), 3u);
  EXPECT_EQ(d[0].paths, (std::vector<std::string>{"/etc", "/a b", "/usr/bin"}));
  EXPECT_EQ(d[0].checks, (W::kAll & ~W::Size) | W::Realtime);
  EXPECT_EQ(d[1].checks, W::Perm);
  EXPECT_EQ(d[1].restrict_to, ".conf$");
  EXPECT_EQ(d[2].checks, W::Size | W::Sha256);
}

TEST(Config, BlankAtTheEndOfAPathWithBlanksStaysOnlyAsOssec43) {
  const std::string text = "<syscheck><directories check_all=\"yes\">/c d </directories></syscheck>";
  EXPECT_EQ(sound(text).syscheck.directories.at(0).paths.at(0), "/c d");
  EXPECT_EQ(sound(text, model::Compat::Ossec43).syscheck.directories.at(0).paths.at(0), "/c d ");
}

TEST(Config, RepeatedDirectoryDropsTheRestOnlyAsOssec43) {
  const std::string text =
      "<syscheck><directories check_all=\"yes\">/a</directories>"
      "<directories check_all=\"yes\">/a,/b</directories></syscheck>";
  EXPECT_EQ(sound(text).syscheck.directories.size(), 2u);
  EXPECT_EQ(sound(text, model::Compat::Ossec43).syscheck.directories.size(), 1u);
}

TEST(Config, SyscheckScalars) {
  const Syscheck s =
      sound(
          "<syscheck><frequency>72000</frequency><scan_time>8:30 pm</scan_time><scan_day>!weekends</scan_day>"
          "<scan_on_start>no</scan_on_start><ignore>/etc/mtab</ignore>"
          "<ignore type=\"sregex\">.log$</ignore><nodiff>/etc/key</nodiff></syscheck>")
          .syscheck;
  EXPECT_EQ(s.frequency, 72000);
  EXPECT_EQ(s.scan_time, 20 * 60 + 30);
  EXPECT_EQ(s.scan_days, 0x3e);
  EXPECT_FALSE(s.scan_on_start);
  ASSERT_EQ(s.ignore.size(), 2u);
  EXPECT_EQ(s.ignore[0].kind, PathPattern::Kind::Prefix);
  EXPECT_EQ(s.ignore[1].kind, PathPattern::Kind::Match);
  EXPECT_EQ(s.nodiff.at(0).text, "/etc/key");
}

TEST(Config, LocalfileFormatsAndFrequencies) {
  const Config config = sound(
      "<localfile><LOG_FORMAT>multi-line: 3 </LOG_FORMAT><location>/a</location></localfile>"
      "<localfile><log_format>command</log_format><command>w</command><alias>who</alias>"
      "<frequency>daily</frequency></localfile>");
  ASSERT_EQ(config.localfiles.size(), 2u);
  EXPECT_EQ(config.localfiles[0].log_format, "multi-line");
  EXPECT_EQ(config.localfiles[0].lines, 3);
  EXPECT_EQ(config.localfiles[0].frequency, 360);
  EXPECT_EQ(config.localfiles[1].frequency, 86400);
  EXPECT_EQ(config.localfiles[1].alias, "who");
}

TEST(Config, RemoteNamesCompareWithoutCaseButNotAddressLists) {
  const Config config = sound(
      "<remote><Connection>syslog</Connection><PROTOCOL>TCP</PROTOCOL><allowed-ips>10.0.0.0/8</allowed-ips>"
      "<local_ip>::1</local_ip></remote>");
  ASSERT_EQ(config.remotes.size(), 1u);
  EXPECT_EQ(config.remotes[0].connection, Remote::Connection::Syslog);
  EXPECT_EQ(config.remotes[0].protocol, Remote::Protocol::Tcp);
  EXPECT_FALSE(config.remotes[0].port.has_value());
  Diagnostics diagnostics;
  parse("<remote><connection>syslog</connection><Allowed-IPs>10.0.0.1</Allowed-IPs></remote>", {}, diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 1u);
}

TEST(Config, SecureListenerOverTcpIsUdpOnlyAsOssec43) {
  const std::string text = "<remote><connection>secure</connection><protocol>tcp</protocol></remote>";
  EXPECT_EQ(sound(text).remotes.at(0).protocol, Remote::Protocol::Tcp);
  EXPECT_EQ(sound(text, model::Compat::Ossec43).remotes.at(0).protocol, Remote::Protocol::Udp);
}

TEST(Config, ClientReconnectsLaterThanItNotifies) {
  const Client c = sound(
                       "<client><server-ip>10.0.0.1</server-ip><server-hostname>m</server-hostname>"
                       "<notify_time>900</notify_time><time-reconnect>600</time-reconnect></client>")
                       .client;
  EXPECT_EQ(c.reconnect_time, 2700);
  EXPECT_EQ(c.server_ips.size(), 1u);
}

TEST(Config, CommandsAndResponses) {
  const Config config = sound(
      "<command><name>b</name><executable>b.sh</executable><expect>username, SRCIP, hostname</expect>"
      "<timeout_allowed>yes</timeout_allowed></command>"
      "<active-response><command>b</command><location>local,server</location><level>6</level>"
      "<rules_id>100, 200</rules_id><rules_group>a|b</rules_group><timeout>600</timeout></active-response>"
      "<active-response><repeated_offenders>1,2,5,10,20,30</repeated_offenders></active-response>");
  ASSERT_EQ(config.commands.size(), 1u);
  EXPECT_TRUE(config.commands[0].expects_user);
  EXPECT_TRUE(config.commands[0].expects_srcip);
  EXPECT_FALSE(config.commands[0].expects_filename);
  ASSERT_EQ(config.active_responses.size(), 1u);
  const ActiveResponse& r = config.active_responses[0];
  EXPECT_TRUE(r.on_local && r.on_server);
  EXPECT_FALSE(r.on_all || r.on_defined_agent);
  EXPECT_EQ(r.rules_id, (std::vector<int>{100, 200}));
  EXPECT_EQ(config.responses.repeated_offenders, (std::vector<int>{1, 2, 5, 10, 20}));
}

TEST(Config, DisabledResponseSwitchesOffThoseBefore) {
  const Config config = sound(
      "<command><name>b</name><executable>b.sh</executable><expect></expect></command>"
      "<active-response><command>b</command><location>local</location><level>6</level></active-response>"
      "<active-response><disabled>yes</disabled></active-response>"
      "<active-response><command>b</command><location>all</location><level>6</level></active-response>");
  ASSERT_EQ(config.active_responses.size(), 2u);
  EXPECT_TRUE(config.active_responses[0].off);
  EXPECT_FALSE(config.active_responses[1].off);
  EXPECT_EQ(config.responses.disabled, true);
}

TEST(Config, MailReportsAndOutputs) {
  const Config config = sound(
      "<email_alerts><email_to>a@b</email_to><rule_id>1, 2</rule_id><do_not_group /></email_alerts>"
      "<reports><title>A</title><title>B</title><category>x y</category><user type=\"relation\">srcip</user>"
      "<email_to>a@b</email_to><showlogs>YES</showlogs></reports>"
      "<syslog_output><server>h</server><tls>yes</tls><format>cef</format></syslog_output>"
      "<database_output><hostname>h</hostname><username>u</username><password>p</password><database>d</database>"
      "<type>mysql</type></database_output>"
      "<agentless><type>t</type><host>use_su root@r</host><state>periodic</state><state>periodic_diff</state>"
      "</agentless>");
  EXPECT_TRUE(config.email_alerts.at(0).do_not_group);
  const Report& r = config.reports.at(0);
  EXPECT_EQ(r.title, "A");
  EXPECT_TRUE(r.showlogs);
  EXPECT_EQ(r.filters.at(0).field, "group");
  EXPECT_EQ(r.filters.at(0).text, "x-y");
  EXPECT_TRUE(r.filters.at(1).relation);
  EXPECT_EQ(config.syslog_outputs.at(0).protocol, SyslogOutput::Protocol::Tls);
  EXPECT_EQ(config.syslog_outputs.at(0).format, SyslogOutput::Format::Cef);
  EXPECT_EQ(config.database.type, "mysql");
  EXPECT_EQ(config.agentless.at(0).hosts.at(0).address, "root@r");
  EXPECT_EQ(config.agentless.at(0).hosts.at(0).as, Agentless::Host::As::Su);
  EXPECT_TRUE(config.agentless.at(0).periodic && config.agentless.at(0).periodic_diff);
}

TEST(Config, TestToolStopsOnlyOverWhatItReads) {
  EXPECT_TRUE(lines("<localfile><x>1</x></localfile><remote><y>1</y></remote><syscheck><z>1</z></syscheck>").empty());
  EXPECT_EQ(lines("<localfile></localfile>").size(), 3u);
  EXPECT_EQ(lines("<syscheck><auto_ignore>maybe</auto_ignore></syscheck>").size(), 3u);
}

TEST(Config, AnalysisTakesIgnoredPatternsAsPrefixesOnlyAsOssec43) {
  const std::string text = "<syscheck><ignore type=\"sregex\">.log$</ignore></syscheck>";
  LoadOptions options;
  options.scope = Scope::Analysis;
  Diagnostics diagnostics;
  EXPECT_EQ(parse(text, options, diagnostics).syscheck.ignore.at(0).kind, PathPattern::Kind::Match);
  options.compat = model::Compat::Ossec43;
  EXPECT_EQ(parse(text, options, diagnostics).syscheck.ignore.at(0).kind, PathPattern::Kind::Prefix);
}

TEST(Config, OnlyTheFirstErrorHasOssecsLines) {
  const std::vector<std::string> expected = {
      "ossec-testrule(1235): ERROR: Invalid value for element 'logall': x.",
      "ossec-testrule(1202): ERROR: Configuration error at 'ossec.conf'. Exiting.",
      "ossec-testrule(1202): ERROR: Configuration error at 'ossec.conf'. Exiting."};
  EXPECT_EQ(lines("<command><name>n</name></command><global><logall>x</logall><stats>y</stats></global>"), expected);
}

TEST(Config, MissingFileIsAnErrorWithTheNameAsShown) {
  LoadOptions options;
  options.scope = Scope::Analysis;
  options.shown = "/var/ossec/etc/ossec.conf";
  Diagnostics diagnostics;
  load_config("/nonexistent/ossec.conf", options, diagnostics);
  ASSERT_EQ(diagnostics.entries().size(), 1u);
  EXPECT_EQ(diagnostics.entries()[0].code, "X001");
  const std::vector<std::string> expected = {
      "ossec-testrule(1226): ERROR: Error reading XML file '/var/ossec/etc/ossec.conf': XMLERR: File "
      "'/var/ossec/etc/ossec.conf' not found. (line 0).",
      "ossec-testrule(1202): ERROR: Configuration error at '/var/ossec/etc/ossec.conf'. Exiting."};
  EXPECT_EQ(diagnostics.entries()[0].ossec_lines, expected);
}

TEST(Config, GoldenConfigurationsLoad) {
  size_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(GANDER_SOURCE_DIR "/tests/golden/cases")) {
    if (entry.path().filename() != "ossec.conf") continue;
    ++found;
    for (const model::Compat compat : {model::Compat::Mended, model::Compat::Ossec43}) {
      LoadOptions options;
      options.compat = compat;
      Diagnostics diagnostics;
      load_config(entry.path().string(), options, diagnostics);
      for (const Diagnostic& d : diagnostics.entries()) {
        EXPECT_NE(d.severity, Severity::Error) << render(d, Colour::Off);
      }
    }
  }
  EXPECT_GT(found, 100u);
}

TEST(Config, StockConfigurationsLoad) {
  for (const char* const version : {"2.8", "4.3"}) {
    const std::string path = std::string(GANDER_SHARED_DIR "/upstream/") + version + "/etc/ossec.conf";
    if (!base::exists(path)) GTEST_SKIP() << path << " is not here";
    for (const Scope scope : {Scope::Everything, Scope::Analysis}) {
      LoadOptions options;
      options.scope = scope;
      Diagnostics diagnostics;
      const Config config = load_config(path, options, diagnostics);
      for (const Diagnostic& d : diagnostics.entries()) {
        EXPECT_NE(d.severity, Severity::Error) << render(d, Colour::Off);
      }
      EXPECT_GT(config.rules.rules.size(), 40u);
      EXPECT_EQ(config.active_responses.size(), 2u);
    }
  }
}

}  // namespace
}  // namespace gander::config
