#include "ruletools/testing/small_ruleset.h"

#include <gtest/gtest.h>

namespace gander::ruletools::testing {

const char* const kDecoders = R"(<decoder name="app">
  <program_name>^app$</program_name>
</decoder>
<decoder name="app-login">
  <parent>app</parent>
  <pcre2>^login from ([0-9.]+) as (\S+)$</pcre2>
  <order>srcip, user</order>
</decoder>
)";

const char* const kRules = R"(<group name="syslog,">
  <rule id="1" level="0" noalert="1"><category>syslog</category><description>syslog</description></rule>
</group>
<group name="app,">
  <rule id="100" level="0"><if_sid>1</if_sid><decoded_as>app</decoded_as><description>app</description></rule>
  <rule id="101" level="5"><if_sid>100</if_sid><match>^login</match><description>app: login</description>
    <group>authentication_success,mitre_T1078,</group></rule>
  <rule id="102" level="9"><if_sid>101</if_sid><user>^root$</user><description>app: root</description>
    <group>mitre_T1110.001,pci_dss_10.2.2,</group></rule>
  <rule id="103" level="10" frequency="2" timeframe="60"><if_matched_sid>101</if_matched_sid><same_source_ip />
    <description>app: many</description><group>mitre_T1110.001,</group></rule>
  <rule id="104" level="4" noalert="1"><if_sid>100</if_sid><match>^stop|^halt</match><description>app: ends</description></rule>
  <rule id="105" level="4"><if_sid>104</if_sid><match>now</match><description>app: ends now</description></rule>
</group>
)";

std::shared_ptr<const engine::Ruleset> small_ruleset(const Folder& folder, const std::string& more_decoders,
                                                     const std::string& more_rules) {
  engine::RulesetFiles files;
  const std::string decoders = folder.write("d.xml", kDecoders);
  const std::string rules = folder.write("r.xml", kRules);
  files.decoders.push_back({decoders, decoders});
  files.rules.push_back({rules, rules, rules});
  if (!more_decoders.empty()) {
    const std::string path = folder.write("d2.xml", more_decoders);
    files.decoders.push_back({path, path});
  }
  if (!more_rules.empty()) {
    const std::string path = folder.write("r2.xml", more_rules);
    files.rules.push_back({path, path, path});
  }
  Diagnostics diagnostics;
  auto ruleset = engine::Ruleset::load(files, {}, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) ADD_FAILURE() << render(d, Colour::Off);
  }
  return ruleset;
}

std::string app_line(const std::string& text) {
  return "Jan 15 10:00:00 h app: " + text;
}

}  // namespace gander::ruletools::testing
