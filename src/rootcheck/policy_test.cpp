// The policy language: what is wrong in a file, with its place, and what the operators mean beyond the golden case.
#include "rootcheck/policy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temp_folder.h"
#include "rootcheck/policy_run.h"
#include "rootcheck/testing/keeping_sink.h"

namespace gander::rootcheck {
namespace {

using model::Compat;
using Names = std::vector<std::string>;

Names entries(const Policy& policy) {
  Names out;
  for (const PolicyEntry& e : policy.entries) out.push_back(e.name);
  return out;
}

Names wrong(const Diagnostics& findings) {
  Names out;
  for (const Diagnostic& d : findings.entries()) {
    out.push_back(std::string(d.code) + " " + d.at.file + ":" + std::to_string(d.at.line) + ":" +
                  std::to_string(d.at.column) + " " + d.message);
  }
  return out;
}

constexpr const char* kEveryMistake = R"(# every mistake, and good entries between
$=x;
$noequals;
$open=/etc/x
f:/before/the/first;
[good one] [any] []
f:/etc/passwd;
[no condition] []
f:/etc/passwd;
[bad condition] [some] []
f:/etc/passwd;
[open [any] [
f:/etc/passwd;
[] [any] []
f:/etc/passwd;
[no end] [any] []
f:/etc/passwd
[no type] [any] []
q:/etc/passwd;
[no target] [any] []
f:;
[only commas] [any] []
f:,,;
[unknown variable] [any] []
f:$none -> r:x;
[no name] [any] []
d:/etc;
[bad regex] [any] []
f:/etc/passwd -> r:(;
[empty part] [any] []
f:/etc/passwd -> r:a && ;
  [good two] [all required] [ref]
  !f:!/nosuch;
)";

TEST(Policy, EveryMistakeHasItsPlaceAndCostsOnlyItsEntry) {
  Diagnostics findings;
  const Policy policy = Policy::parse(kEveryMistake, "p.txt", Compat::Mended, findings);
  EXPECT_EQ(entries(policy), (Names{"good one", "good two"}));
  const Names said = wrong(findings);
  const Names expected = {
      "I031 p.txt:2:1 this line defines no variable",
      "I031 p.txt:3:1 this line defines no variable",
      "I031 p.txt:4:1 this line defines no variable",
      "I033 p.txt:5:1 a test stands before the first head of an entry",
      "I032 p.txt:8:1 this line is no head of an entry",
      "I032 p.txt:10:18 there is no such condition",
      "I032 p.txt:12:1 this line is no head of an entry",
      "I032 p.txt:14:1 the entry has no name",
      "I033 p.txt:17:13 the test does not end in ';'",
      "I033 p.txt:19:1 there is no test of type 'q'",
      "I033 p.txt:21:1 this line is no test",
      "I033 p.txt:23:3 the test names nothing to look at",
      "I033 p.txt:25:3 there is no variable '$none'",
      "I033 p.txt:27:6 a test of a directory needs a name",
  };
  ASSERT_GE(said.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(said[i], expected[i]);
  ASSERT_EQ(said.size(), expected.size() + 2);
  EXPECT_TRUE(said[expected.size()].starts_with("I034 p.txt:29:18 the pattern '(' does not compile")) << said[14];
  EXPECT_EQ(said.back(), "I033 p.txt:31:18 a part of the pattern is empty");
  ASSERT_EQ(policy.entries.size(), 2u);
  EXPECT_TRUE(policy.entries[1].required);
  EXPECT_EQ(policy.entries[1].reference, "ref");
  EXPECT_TRUE(policy.entries[1].tests[0].negated);
}

TEST(Policy, OssecLeavesTheRestOfTheFileOut) {
  Diagnostics findings;
  const Policy policy =
      Policy::parse("[a] [any] []\nf:/x;\n[b] [some] []\n[c] [any] []\nf:/x;\n", "p.txt", Compat::Ossec43, findings);
  EXPECT_EQ(entries(policy), Names{"a"});
  ASSERT_EQ(findings.entries().size(), 1u);
  EXPECT_EQ(findings.entries()[0].ossec_lines, Names{"(1251): ERROR: Invalid rk configuration name: '[b] [some] []'."});
}

TEST(Policy, WindowsLineEndsAndBracketsInNames) {
  Diagnostics findings;
  const Policy policy =
      Policy::parse("$a=/x;\r\n$a=/y;\r\n[n [1] x] [any] [http://r]\r\nf:$a;\r\n", "p", Compat::Mended, findings);
  EXPECT_TRUE(wrong(findings).empty()) << wrong(findings)[0];
  ASSERT_EQ(entries(policy), Names{"n [1] x"});
  EXPECT_EQ(policy.entries[0].tests[0].targets, Names{"/x"});  // the first definition
}

class PolicyRun : public testing::Test {
 protected:
  Names told(const std::string& text, Compat compat = Compat::Mended) {
    Diagnostics findings;
    const Policy policy = Policy::parse(text, "p.txt", compat, findings);
    EXPECT_FALSE(findings.has_errors()) << wrong(findings)[0];
    Settings settings;
    settings.compat = compat;
    settings.proc = temp_.path("proc");
    KeepingSink sink;
    run_policy(policy, "System Audit", settings, sink);
    return sink.findings;
  }
  base::testing::TempFolder temp_;
};

TEST_F(PolicyRun, EveryFileOfAListIsLookedAt) {
  const std::string b = temp_.write("b", "x\n");
  EXPECT_EQ(told("$l=" + temp_.path("a") + "," + b + ";\n[n] [any] []\nf:$l;\n"),
            Names{"System Audit: n. File: " + b + "."});
  EXPECT_EQ(told("$l=" + temp_.path("a") + "," + b + ";\n[n] [any] []\nf:$l -> r:^x;\n"),
            Names{"System Audit: n. File: " + b + "."});
}

TEST_F(PolicyRun, PartsOfAPatternHoldOnOneLine) {
  const std::string file = temp_.write("sshd_config", "# Port 22\nPort 2222\nPermitRootLogin no\n");
  const auto holds = [&](const std::string& pattern, Compat compat = Compat::Mended) {
    return !told("[n] [any] []\nf:" + file + " -> " + pattern + ";\n", compat).empty();
  };
  EXPECT_TRUE(holds("r:^Port 2 && r:22$"));
  EXPECT_FALSE(holds("r:^Port 2 && r:no$"));
  // There the first blank ends a part or none does.
  EXPECT_FALSE(holds("r:^Port 2 && r:22$", Compat::Ossec43));
  EXPECT_TRUE(holds("!r:^# && r:Port"));
  EXPECT_FALSE(holds("!r:^# && !r:Port"));
  EXPECT_TRUE(holds("!r:^# && =:port 2222"));
  EXPECT_TRUE(holds("!r:^Protocol"));
}

TEST_F(PolicyRun, ProcessesByTheirName) {
  temp_.write("proc/12/comm", "telnetd\n");
  temp_.write("proc/13/comm", "telnetd\n");
  temp_.write("proc/self/comm", "nonsense\n");
  EXPECT_EQ(told("[n] [any] [r]\np:r:^telnet;\n"), Names{"System Audit: n. Process: telnetd. Reference: r ."});
  EXPECT_TRUE(told("[n] [any] []\np:nonsense;\n").empty());
  EXPECT_EQ(told("[n] [any] []\np:!nonsense;\n"), Names{"System Audit: n."});
}

TEST_F(PolicyRun, RequiredAndNotSatisfiedEndsTheFile) {
  const std::string a = temp_.write("a", "");
  const std::string rest = "[second] [any] []\nf:" + a + ";\n";
  EXPECT_EQ(told("[first] [all required] []\nf:" + a + ";\n" + rest).size(), 2u);
  EXPECT_TRUE(told("[first] [all required] []\nf:/nosuch;\n" + rest).empty());
  EXPECT_EQ(told("[first] [all] []\nf:/nosuch;\n" + rest).size(), 1u);
}

TEST_F(PolicyRun, PipesAndLoopsDoNotHoldItUp) {
  ASSERT_EQ(::mkfifo(temp_.path("pipe").c_str(), 0600), 0);
  std::filesystem::create_directories(temp_.path("d/e"));
  std::filesystem::create_directory_symlink("..", temp_.path("d/e/up"));
  temp_.write("d/e/x.php", "eval(1)\n");
  EXPECT_TRUE(told("[n] [any] []\nf:" + temp_.path("pipe") + " -> r:x;\n").empty());
  EXPECT_EQ(told("[n] [any] []\nd:" + temp_.path("d") + " -> r:.php$ -> r:eval;\n"),
            Names{"System Audit: n. File: " + temp_.path("d/e/x.php") + "."});
}

// As the policies of hardening guides are written.
TEST(Policy, OfTheShapeOfHardeningGuides) {
  Diagnostics findings;
  const Policy policy = Policy::parse(R"($rc=/etc/rc2.d,/etc/rc3.d;
$sshd=/etc/ssh/sshd_config;

# 1.4 /tmp
[Guide - 1.4 - /tmp is not a partition {CIS: 1.4 Debian Linux}] [any] [https://guide.example/x.pdf]
f:/etc/fstab -> !r:/tmp;
[Guide - 2.3 - protocol 1 {PCI_DSS: 4.1} {CIS: 2.3}] [any] []
f:$sshd -> !r:^# && r:Protocol\.+1;
[Guide - 4.5 - a server runs] [any required] []
d:$rc -> ^S -> r:xinetd;
d:$rc -> r:^S\d\dsamba$;
p:r:smbd;
[Windows] [all] []
r:HKEY_LOCAL_MACHINE\System\CurrentControlSet -> LimitBlankPasswordUse -> !1;
)",
                                      "p", Compat::Mended, findings);
  EXPECT_TRUE(findings.entries().empty()) << wrong(findings)[0];
  ASSERT_EQ(policy.entries.size(), 4u);
  EXPECT_EQ(policy.entries[2].tests.size(), 3u);
  EXPECT_EQ(policy.entries[2].tests[0].targets, (Names{"/etc/rc2.d", "/etc/rc3.d"}));
  EXPECT_TRUE(policy.entries[2].tests[0].pattern);
}

}  // namespace
}  // namespace gander::rootcheck
