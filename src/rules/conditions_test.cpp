// The pure tests of rules, one family after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/address_condition.h"
#include "rules/compiled_rules.h"
#include "rules/decoder_condition.h"
#include "rules/field_condition.h"
#include "rules/testing/loaded_rules.h"
#include "rules/text_condition.h"
#include "rules/time_condition.h"

namespace gander::rules {
namespace {

using model::Compat;
using model::Event;
using model::Field;
using testing::event_of;
using testing::holds;
using testing::load_rules_text;

bool asks(const std::string& elements, const Event& event, Compat compat = Compat::Ossec43) {
  const auto l = load_rules_text("<rule id=\"100\" level=\"3\">" + elements + "</rule>", compat);
  EXPECT_FALSE(l.diagnostics.has_errors()) << elements;
  return holds(l.rule(100), event);
}

TEST(TextConditions, AFieldThatIsMissingFails) {
  const Event event = event_of("some text");
  for (const char* const element : {"id", "url", "status", "extra_data", "user", "srcport", "dstport", "program_name",
                                    "srcgeoip", "dstgeoip", "action"}) {
    const std::string name = element;
    EXPECT_FALSE(asks("<" + name + "></" + name + ">", event)) << name;
  }
  EXPECT_TRUE(asks("<match></match>", event));
}

TEST(TextConditions, AnEmptyPatternOnlyNeedsTheField) {
  Event event = event_of("x");
  EXPECT_FALSE(asks("<user></user>", event));
  event.set(Field::DstUser, event.keep(""));
  EXPECT_TRUE(asks("<user></user>", event));
}

TEST(TextConditions, TheUserIsTheDestinationUserFirst) {
  Event event = event_of("x");
  event.set(Field::SrcUser, event.keep("source"));
  EXPECT_TRUE(asks("<user>source</user>", event));
  event.set(Field::DstUser, event.keep("dest"));
  EXPECT_FALSE(asks("<user>source</user>", event));
  EXPECT_TRUE(asks("<user_pcre2>^DEST$</user_pcre2>", event));
}

TEST(TextConditions, AnAlertingRuleAlsoFindsWhatAUrlHides) {
  Event event = event_of("x");
  event.set(Field::Url, event.keep("/%2e%2e/etc"));
  EXPECT_FALSE(asks("<url_pcre2>/\\.\\./</url_pcre2>", event, Compat::Mended));
  event.plain_url = event.keep("/../etc");
  EXPECT_TRUE(asks("<url_pcre2>/\\.\\./</url_pcre2>", event, Compat::Mended));
  EXPECT_TRUE(asks("<url>/../</url>", event, Compat::Mended));
  EXPECT_TRUE(asks("<url>%2e</url>", event, Compat::Mended));
  EXPECT_FALSE(asks("<url_pcre2>/\\.\\./</url_pcre2>", event, Compat::Ossec43));
}

TEST(TextConditions, ASilencingRuleLooksAtTheUrlAsWritten) {
  Event event = event_of("x");
  event.set(Field::Url, event.keep("/a%2ejpg"));
  event.plain_url = event.keep("/a.jpg");
  const auto l = load_rules_text(
      "<rule id=\"100\" level=\"0\"><url>.jpg</url></rule>"
      "<rule id=\"101\" level=\"3\"><url>.jpg</url></rule>",
      Compat::Mended);
  EXPECT_FALSE(holds(l.rule(100), event));
  EXPECT_TRUE(holds(l.rule(101), event));
}

TEST(TextConditions, EachElementLooksAtItsField) {
  Event event = event_of("log text");
  event.program_name = event.keep("prog");
  event.hostname = event.keep("host");
  const std::pair<const char*, Field> fields[] = {{"id", Field::Id},           {"url", Field::Url},
                                                  {"status", Field::Status},   {"extra_data", Field::Data},
                                                  {"srcport", Field::SrcPort}, {"dstport", Field::DstPort}};
  for (const auto& [name, field] : fields) event.set(field, event.keep(std::string("v-") + name));
  for (const auto& [name, field] : fields) {
    const std::string n = name;
    EXPECT_TRUE(asks("<" + n + ">^v-" + n + "$</" + n + ">", event)) << n;
    EXPECT_TRUE(asks("<" + n + "_pcre2>^V-" + n + "$</" + n + "_pcre2>", event)) << n;
  }
  EXPECT_TRUE(asks("<program_name>^prog$</program_name><hostname>^HOST$</hostname>", event));
  EXPECT_TRUE(asks("<regex>\\w+ \\w+</regex><match_pcre2>g t</match_pcre2>", event));
}

TEST(TextConditions, ActionIsExact) {
  Event event = event_of("x");
  event.set(Field::Action, event.keep("DROP"));
  EXPECT_TRUE(asks("<action>DROP</action>", event));
  EXPECT_FALSE(asks("<action>drop</action>", event));
  EXPECT_FALSE(asks("<action>DROP|PASS</action>", event));
}

// In 4.3 one byte that is not UTF-8 hides a line from nearly every pattern.
TEST(TextConditions, InvalidUtf8HidesNothingWhenMended) {
  const Event event = event_of("attack \xff here");
  const char* const elements = "<regex>attack \\.+ here</regex>";
  EXPECT_FALSE(asks(elements, event, Compat::Ossec43));
  EXPECT_TRUE(asks(elements, event, Compat::Mended));
}

// A field may come from another message or out of an escape: the line's own encoding does not tell.
TEST(TextConditions, AFieldsEncodingIsItsOwn) {
  Event event = event_of("plain ascii");
  event.set(Field::DstUser, event.keep("J\xc3\x89R\xc3\x94ME"));
  EXPECT_TRUE(asks("<user>j\xc3\xa9r\xc3\xb4me</user>", event));
  event.set(Field::DstUser, event.keep("\xc3\xff"));
  EXPECT_FALSE(asks("<user>x\xc3\xa9</user>", event));
}

TEST(FieldConditions, AreAndedAndNamedWithoutCase) {
  Event event = event_of("x");
  const char* const both = R"(<field name="A.b">^1$</field><field name="c">two</field>)";
  EXPECT_FALSE(asks(both, event)) << "no fields at all";
  event.named = {{"a.B", event.keep("1")}, {"c", {}}};
  EXPECT_FALSE(asks(both, event)) << "not filled";
  event.named[1].value = event.keep("twofold");
  EXPECT_TRUE(asks(both, event));
}

TEST(AddressConditions, FirstEntryThatContainsTheAddressDecides) {
  Event event = event_of("x");
  EXPECT_FALSE(asks("<srcip>any</srcip>", event)) << "no address";
  event.set(Field::SrcIp, event.keep("10.1.2.3"));
  event.set(Field::DstIp, event.keep("bogus"));
  EXPECT_TRUE(asks("<srcip>10.0.0.0/8</srcip>", event));
  EXPECT_FALSE(asks("<srcip>!10.1.2.3</srcip><srcip>10.0.0.0/8</srcip>", event));
  EXPECT_TRUE(asks("<srcip>192.168.0.1</srcip><srcip>!192.168.0.2</srcip>", event)) << "the last one is negated";
  EXPECT_FALSE(asks("<srcip>!192.168.0.2</srcip><srcip>192.168.0.1</srcip>", event));
  EXPECT_FALSE(asks("<dstip>any</dstip>", event));
}

TEST(DecodedAs, ComparesIdentities) {
  Event event = event_of("x");
  EXPECT_FALSE(asks("<decoded_as>app</decoded_as>", event));
  model::DecoderInfo info;
  info.identity = 1;
  event.decoder = &info;
  EXPECT_TRUE(asks("<decoded_as>app</decoded_as>", event));
  EXPECT_FALSE(asks("<decoded_as>fw</decoded_as>", event));
  info.identity = 0;
  const DecodedAsCondition nothing("app", 0);
  text::MatchContext context;
  EXPECT_FALSE(nothing.holds(event, context)) << "0 never matches";
}

TEST(Maxsize, IsAMinimum) {
  const auto l = load_rules_text(R"(<rule id="100" level="3" maxsize="5"><category>syslog</category></rule>)");
  EXPECT_TRUE(holds(l.rule(100), event_of("12345")));
  EXPECT_FALSE(holds(l.rule(100), event_of("1234")));
}

std::string range_of(std::string_view text, Compat compat = Compat::Ossec43) {
  std::vector<std::string> reported;
  const auto range = parse_time_range(text, compat, reported);
  std::string out;
  for (const std::string& r : reported) out += "{" + r + "} ";
  if (!range) return out + "bad";
  return out + (range->inside ? "in " : "out ") + range->first + " " + range->last;
}

TEST(TimeRanges, Forms) {
  EXPECT_EQ(range_of("9:30 - 17:00"), "in 09:30 17:00");
  EXPECT_EQ(range_of("  !  9am-5 PM  "), "out 09:00 17:00");
  EXPECT_EQ(range_of("12 am - 12 pm"), "in 12:00 12:00") << "12 stays 12";
  EXPECT_EQ(range_of("0 pm - 11:15 pm"), "in 12:00 23:15");
  EXPECT_EQ(range_of("9:60 - 9:75"), "in 09:60 09:75") << "no range check";
  EXPECT_EQ(range_of("9:5  - 9:07"), "in 09:05 09:07") << "two bytes are consumed";
  EXPECT_EQ(range_of("8 - 9:5"), "in 08:00 09:05");
  EXPECT_EQ(range_of("9:5- 10"), "bad") << "the dash was consumed with the minute";
}

TEST(TimeRanges, OverMidnightIsTheOutsideOfTheSwappedRange) {
  EXPECT_EQ(range_of("6 pm - 8:30 am"), "out 08:30 18:00");
  EXPECT_EQ(range_of("!6 pm - 8:30 am"), "out 08:30 18:00") << "4.3 loses the negation";
  EXPECT_EQ(range_of("!6 pm - 8:30 am", Compat::Mended), "in 08:30 18:00");
}

TEST(TimeRanges, WhatIsReported) {
  EXPECT_EQ(range_of("009 - 10"), "{ - 10} bad");
  EXPECT_EQ(range_of("24 - 10"), "{24 - 10} bad");
  EXPECT_EQ(range_of("123 - 10"), "{123 - 10} bad");
  EXPECT_EQ(range_of("13 pm - 14 pm"), "{m - 14 pm} bad");
  EXPECT_EQ(range_of("9 - "), "{} out 00:00 09:00");
  EXPECT_EQ(range_of("x - 10"), "{x - 10} bad");
  EXPECT_EQ(range_of("10:00"), "bad");
  EXPECT_EQ(range_of(""), "{} bad");
  EXPECT_EQ(range_of("9 - 10 x"), "bad");
  EXPECT_EQ(range_of("9\t- 10"), "bad") << "no tabs";
  EXPECT_EQ(range_of("99999999999999999999 - 1"), "{99999999999999999999 - 1} bad");
}

TEST(TimeConditions, AreInclusiveByTheMinuteInTheZoneGiven) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><time>9:30 - 17:00</time></rule>)");
  Event event = event_of("x");
  const auto at = [&](int64_t seconds_of_day) {
    event.time = base::from_unix(1709596800 + seconds_of_day);  // 2024-03-05
    return holds(l.rule(100), event);
  };
  EXPECT_FALSE(at(9 * 3600 + 29 * 60 + 59));
  EXPECT_TRUE(at(9 * 3600 + 30 * 60));
  EXPECT_TRUE(at(17 * 3600 + 59));
  EXPECT_FALSE(at(17 * 3600 + 60));

  RuleLoaderOptions options = testing::options_for(Compat::Ossec43);
  options.zone = base::TimeZone::named("+02:00").value();
  const auto east = testing::load({std::string(testing::kRoots) +
                                   R"(<group name="t,"><rule id="100" level="3"><time>0 - 1:59</time></rule></group>)"},
                                  options);
  event.time = base::from_unix(1709596800 - 3600);
  EXPECT_TRUE(holds(east.rule(100), event)) << "01:00 there";
}

std::string days_of(std::string_view text) {
  std::string rest;
  const auto days = parse_weekdays(text, rest);
  return days ? std::to_string(*days) : "bad at '" + rest + "'";
}

TEST(Weekdays, Forms) {
  EXPECT_EQ(days_of("sunday"), "1");
  EXPECT_EQ(days_of(" Monday, wed fri ,"), "42");
  EXPECT_EQ(days_of("weekdays"), "62");
  EXPECT_EQ(days_of("WEEKENDS,tue"), "69");
  EXPECT_EQ(days_of("thurs"), "bad at 'rs'");
  EXPECT_EQ(days_of(""), "bad at ''");
  EXPECT_EQ(days_of("  "), "bad at ''");
  EXPECT_EQ(days_of("!monday"), "bad at '!monday'");
  EXPECT_EQ(days_of("monday;tuesday"), "bad at ';tuesday'");
  EXPECT_EQ(days_of(",monday"), "bad at ',monday'");
}

TEST(Weekdays, OfTheTimeReceived) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><weekday>tuesday</weekday></rule>)");
  Event event = event_of("x");
  event.time = base::from_unix(1709632800);  // a Tuesday
  EXPECT_TRUE(holds(l.rule(100), event));
  event.time += std::chrono::hours(24);
  EXPECT_FALSE(holds(l.rule(100), event));
}

class FakeResolver final : public Resolver {
 public:
  bool reverse_name_holds(const std::string& address, std::string_view part) override {
    asked.push_back(address);
    return address == "66.249.66.1" && part == "googlebot.com";
  }
  std::vector<std::string> asked;
};

TEST(CompiledRules, Crawlers) {
  FakeResolver resolver;
  const CompiledRuleCondition crawler(*find_compiled_rule("is_valid_crawler"), &resolver);
  const CompiledRuleCondition alone(*find_compiled_rule("is_valid_crawler"), nullptr);
  text::MatchContext context;
  EXPECT_TRUE(crawler.holds(event_of("72.14.1.2 GET /"), context));
  EXPECT_TRUE(crawler.holds(event_of("66.249.66.1"), context));
  EXPECT_FALSE(crawler.holds(event_of("66.249.66.2"), context));
  EXPECT_FALSE(crawler.holds(event_of("66.249.66.1 GET /"), context));
  EXPECT_FALSE(crawler.holds(event_of("evil.example.org"), context));
  EXPECT_FALSE(alone.holds(event_of("66.249.66.1"), context));
  EXPECT_THAT(resolver.asked, ::testing::ElementsAre("66.249.66.1", "66.249.66.2")) << "only addresses are asked for";
}

TEST(CompiledRules, TheOthers) {
  Event event = event_of("x");
  const auto ask = [&](const char* name) {
    text::MatchContext context;
    return CompiledRuleCondition(*find_compiled_rule(name), nullptr).holds(event, context);
  };
  EXPECT_TRUE(ask("comp_srcuser_dstuser")) << "missing users count as equal";
  event.set(Field::SrcUser, event.keep("a"));
  event.set(Field::DstUser, event.keep("b"));
  EXPECT_FALSE(ask("comp_srcuser_dstuser"));

  EXPECT_FALSE(ask("check_id_size"));
  event.set(Field::Id, event.keep("0123456789"));
  EXPECT_TRUE(ask("check_id_size"));

  EXPECT_FALSE(ask("is_simple_http_request"));
  event.set(Field::Url, event.keep("/"));
  EXPECT_TRUE(ask("is_simple_http_request"));
  event.set(Field::Action, event.keep("get"));
  EXPECT_TRUE(ask("is_simple_http_request"));
  event.set(Field::Url, event.keep("/a?b"));
  EXPECT_FALSE(ask("is_simple_http_request"));
  event.set(Field::Url, event.keep("/a"));
  event.set(Field::Action, event.keep("POST"));
  EXPECT_FALSE(ask("is_simple_http_request"));
}

TEST(CompiledRules, WindowsUsers) {
  const auto differ = [](std::string_view log) {
    text::MatchContext context;
    return CompiledRuleCondition(*find_compiled_rule("comp_mswin_targetuser_calleruser_diff"), nullptr)
        .holds(event_of(log), context);
  };
  EXPECT_TRUE(differ("Target Account Name: bob\tCaller User Name: eve\t"));
  EXPECT_FALSE(differ("Target Account Name: bob\tCaller User Name: bob\t"));
  EXPECT_FALSE(differ("Target Account Name: bob  Caller User Name: bob x"));
  EXPECT_TRUE(differ("Caller User Name: bob x Target Account Name: bob"));
  EXPECT_FALSE(differ("Target Account Name bob"));
  EXPECT_FALSE(differ("Target Account Name: bob"));
}

TEST(Conditions, EqualOnesAreFound) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>a</match><srcip>any</srcip><time>1 - 2</time><field name="F">x</field></rule>
    <rule id="101" level="3"><match>a</match><srcip>any</srcip><time>01:00 - 2</time><field name="f">x</field></rule>
    <rule id="102" level="3"><match>A</match><dstip>any</dstip><time>1 - 3</time><field name="g">x</field></rule>
    <rule id="103" level="3"><match_pcre2>a</match_pcre2><url>a</url><action>a</action></rule>)");
  const auto& a = l.rule(100).conditions;
  const auto& b = l.rule(101).conditions;
  const auto& c = l.rule(102).conditions;
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(a[i]->equals(*b[i])) << a[i]->element();
    EXPECT_EQ(a[i]->hash(), b[i]->hash()) << a[i]->element();
    EXPECT_FALSE(a[i]->equals(*c[i])) << a[i]->element();
  }
  for (const auto& d : l.rule(103).conditions) EXPECT_FALSE(a[0]->equals(*d)) << d->element();
}

}  // namespace
}  // namespace gander::rules
