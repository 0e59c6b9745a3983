// Choosing decoders and filling fields: the rules of the language and its oddities, each alone.
#include "decode/decoder_set.h"

#include <gtest/gtest.h>

#include <string>

#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

using model::Compat;
using model::Field;
using testing::Decoders;

std::string fields(const Decoders& d) {
  std::string out;
  for (const FilledField& f : d.filled) out += std::string(f.label) + "=" + std::string(f.value) + ";";
  return out;
}

// Log lines go through both walks.
void decode(Decoders& d, std::string_view line) {
  ASSERT_FALSE(d.diagnostics.has_errors()) << d.rendered();
  d.decode(line);
  d.expect_slow_agrees();
}

constexpr const char* kFoo = R"(<decoder name="a"><prematch>^foo</prematch></decoder>)";

struct Row {
  const char* what;
  const char* decoders;
  const char* line;
  const char* name;
  const char* fields;
};

class Walk : public ::testing::TestWithParam<Row> {};

TEST_P(Walk, GivesDecoderAndFields) {
  const Row& row = GetParam();
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    Decoders d(row.decoders, compat);
    decode(d, row.line);
    EXPECT_EQ(d.name(), row.name) << row.what;
    EXPECT_EQ(fields(d), row.fields) << row.what;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Choice, Walk,
    ::testing::Values(
        Row{"the first one wins",
            R"(<decoder name="a"><prematch>^fo</prematch></decoder><decoder name="b"><prematch>^foo</prematch></decoder>)",
            "foo 1", "a", ""},
        Row{"a pattern of a parent is dead",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>foo (\d)</regex><order>id</order></decoder>
               <decoder name="x"><parent>a</parent><prematch>zzz</prematch></decoder>)",
            "foo 1", "a", ""},
        Row{"a child without prematch ends the search",
            R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><regex>nomatch(\d)</regex><order>id</order></decoder>
               <decoder name="c"><parent>a</parent><regex>foo (\d)</regex><order>id</order></decoder>)",
            "foo 1", "a", ""},
        Row{"a child with prematch claims the event",
            R"(<decoder name="a"><prematch>^foo</prematch></decoder><decoder name="b"><parent>a</parent>
               <use_own_name>true</use_own_name><prematch>foo</prematch><regex>nomatch(\d)</regex><order>id</order>
               </decoder>)",
            "foo 1", "b", ""},
        Row{"a child without prematch claims it only with its pattern",
            R"(<decoder name="a"><prematch>^foo</prematch></decoder><decoder name="b"><parent>a</parent>
               <use_own_name>true</use_own_name><regex>nomatch(\d)</regex><order>id</order></decoder>)",
            "foo 1", "a", ""},
        Row{"use_own_name is true or nothing",
            R"(<decoder name="a"><prematch>^foo</prematch></decoder><decoder name="b"><parent>a</parent>
               <use_own_name>yes</use_own_name><prematch>foo</prematch></decoder>)",
            "foo 1", "a", ""},
        Row{"no decoder without program name for an event that has one",
            R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><program_name>^other</program_name></decoder>)",
            "Dec 29 10:00:01 host prog: foo", "-", ""},
        Row{"and the other way round",
            R"(<decoder name="a"><program_name_pcre2>.*</program_name_pcre2></decoder>
               <decoder name="b"><prematch>^bar</prematch></decoder>)",
            "foo", "-", ""},
        Row{"an empty program name is one",
            R"(<decoder name="a"><program_name></program_name><prematch>^foo</prematch></decoder>
               <decoder name="b"><prematch>^bar</prematch></decoder>)",
            "Dec 29 10:00:01 a : foo", "a", ""},
        Row{"program names match without case",
            R"(<decoder name="a"><program_name>^PROG$|^x</program_name></decoder>
               <decoder name="b"><prematch>^bar</prematch></decoder>)",
            "Dec 29 10:00:01 host prog: foo", "a", ""},
        Row{"the PCRE2 form counts only alone, and is not even compiled",
            R"(<decoder name="a"><prematch>^foo</prematch><prematch_pcre2>(</prematch_pcre2></decoder>)", "foo", "a",
            ""},
        Row{"repeated elements are joined",
            R"(<decoder name="a"><prematch>^fo</prematch><prematch>o </prematch><regex>(\d)</regex><regex> (\d)</regex>
               <order>id,status</order></decoder>)",
            "foo 1 2", "a", "id=1;status=2;"}));

INSTANTIATE_TEST_SUITE_P(
    Offsets, Walk,
    ::testing::Values(
        Row{"after_parent",
            R"(<decoder name="a"><prematch>^foo 1</prematch></decoder><decoder name="b"><parent>a</parent>
               <regex offset="after_parent">^ (\d)</regex><order>id</order></decoder>)",
            "foo 1 2", "a", "id=2;"},
        Row{"none begins at the log",
            R"(<decoder name="a"><prematch>^foo 1</prematch></decoder><decoder name="b"><parent>a</parent>
               <regex>^ (\d)</regex><order>id</order></decoder>)",
            "foo 1 2", "a", ""},
        Row{"after_prematch without parent is behind the own prematch",
            R"(<decoder name="a"><prematch>^foo </prematch><regex offset="after_prematch">^(\d)</regex>
               <order>id</order></decoder>)",
            "foo 1 2", "a", "id=1;"},
        Row{"a prematch after_parent, a pattern after_prematch",
            R"(<decoder name="a"><prematch>^foo </prematch></decoder><decoder name="b"><parent>a</parent>
               <prematch offset="after_parent">^1 </prematch><regex offset="after_prematch">^(\d)</regex>
               <order>id</order></decoder>)",
            "foo 1 2", "a", "id=2;"},
        Row{"behind the program name the log begins",
            R"(<decoder name="a"><program_name>^p</program_name></decoder><decoder name="b"><parent>a</parent>
               <regex offset="after_parent">^(\w+)</regex><order>id</order></decoder>
               <decoder name="n"><prematch>n</prematch></decoder>)",
            "Dec 29 10:00:01 host p: foo", "a", "id=foo;"}));

INSTANTIATE_TEST_SUITE_P(Families, Walk,
                         ::testing::Values(Row{"each member that matches adds its fields",
                                               R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><regex>^foo (\d)</regex><order>id</order></decoder>
               <decoder name="b"><parent>a</parent><regex offset="after_regex">^ (\d)</regex><order>status</order></decoder>)",
                                               "foo 1 2 3", "a", "id=1;status=2;"},
                                           Row{"behind a member that failed the search begins at the prematch",
                                               R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><regex>foo (\d)</regex><order>id</order></decoder>
               <decoder name="b"><parent>a</parent><regex offset="after_regex">X(\d)</regex><order>url</order></decoder>
               <decoder name="b"><parent>a</parent><regex offset="after_regex">(\d)</regex><order>status</order></decoder>)",
                                               "foo 1 2 3", "a", "id=1;status=1;"},
                                           Row{"a foreign child in between counts as a member and ends the family",
                                               R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><use_own_name>true</use_own_name><regex>foo (\d)</regex><order>id</order></decoder>
               <decoder name="c"><parent>a</parent><use_own_name>true</use_own_name><regex> (2)</regex><order>status</order></decoder>
               <decoder name="b"><parent>a</parent><use_own_name>true</use_own_name><regex>(3)</regex><order>url</order></decoder>)",
                                               "foo 1 2 3", "c", "id=1;status=2;"},
                                           Row{"the family of a child whose prematch fails is passed over",
                                               R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><prematch>bar</prematch><regex>(1)</regex><order>id</order></decoder>
               <decoder name="b"><parent>a</parent><regex>(2)</regex><order>status</order></decoder>
               <decoder name="b"><parent>a</parent><regex>(3)</regex><order>url</order></decoder>
               <decoder name="c"><parent>a</parent><use_own_name>true</use_own_name><regex>(\d)</regex><order>action</order></decoder>)",
                                               "foo 1 2 3", "c", "action=1;"},
                                           Row{"dynamic fields have slots by place, names of the last member",
                                               R"(<decoder name="a"><prematch>^foo</prematch></decoder>
               <decoder name="b"><parent>a</parent><regex>^foo (\d)</regex><order>one, two</order></decoder>
               <decoder name="b"><parent>a</parent><regex offset="after_regex">(\d) (\d)</regex><order>three, srcip</order></decoder>)",
                                               "foo 1 2 3", "a", "one=1;three=2;srcip=3;"}));

INSTANTIATE_TEST_SUITE_P(
    Captures, Walk,
    ::testing::Values(
        Row{"groups that took no part are skipped",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>foo (x)|foo (\d)</regex><order>srcip,dstip</order></decoder>)",
            "foo 1", "a", "srcip=1;"},
        Row{"an empty capture is a value",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>foo()(\d*)</regex><order>srcip,dstip</order></decoder>)",
            "foo 1", "a", "srcip=;dstip=;"},
        Row{"surplus captures are dropped",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>(f)(o)(o)</regex><order>id</order></decoder>)",
            "foo 1", "a", "id=f;"},
        Row{"a later name for the same field replaces the value, and is listed again",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>(f)(o)</regex><order>user, dstuser</order></decoder>)",
            "foo 1", "a", "dstuser=f;dstuser=o;"},
        Row{"words, case and blanks of order",
            R"(<decoder name="a"><prematch>^foo</prematch><regex>(a)(b)(c)(d)(e)(f)(g)</regex>
               <order>  SrcIP x,srcip,   deep,
 last,my_filename_2,extra_data ,data</order></decoder>)",
            "foo abcdefg", "a", " SrcIP=a;srcip=b;  deep=c;\n=d;filename=e;extra_data=f;extra_data=g;"},
        Row{"a literal PCRE2 pattern gives no captures",
            R"(<decoder name="a"><prematch>^(foo)</prematch><pcre2>^foo</pcre2><order>id</order></decoder>)", "foo 1",
            "a", ""},
        Row{"labels of all fields",
            R"(<decoder name="a"><prematch>^:</prematch>
               <regex>(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)(m)(n)</regex><order>dstuser,srcuser,srcip,dstip,srcport,dstport,
protocol,action,id,url,data,status,system_name,filename</order></decoder>)",
            ":abcdefghijklmn", "a",
            "dstuser=a;srcuser=b;srcip=c;dstip=d;srcport=e;dstport=f;\nprotocol=g;action=h;id=i;url=j;extra_data=k;"
            "status=l;system_name=m;filename=n;"}));

TEST(DecoderSet, DynamicFieldsOfTheEvent) {
  Decoders d(R"(<decoder name="a"><prematch>^foo</prematch></decoder>
    <decoder name="b"><parent>a</parent><regex>^foo (\d) (\d) (\d)</regex><order>one, two, three</order></decoder>
    <decoder name="b"><parent>a</parent><regex>(3)</regex><order>other, srcip, left</order></decoder>)");
  decode(d, "foo 1 2 3");
  // The value of the third slot was left by the first member and has the name that the last one gives it.
  ASSERT_EQ(d.event.named.size(), 2u);
  EXPECT_EQ(d.event.named[0].name, "other");
  EXPECT_EQ(d.event.named[0].value, "3");
  EXPECT_EQ(d.event.named[1].name, "left");
  EXPECT_EQ(d.event.named[1].value, "3");
  decode(d, "foo");
  EXPECT_TRUE(d.event.named.empty());
}

TEST(DecoderSet, PropertiesComeFromTheMemberThatMatchedLast) {
  Decoders d(R"(<decoder name="a"><type>ids</type><prematch>^foo</prematch></decoder>
    <decoder name="b"><parent>a</parent><type>firewall</type><prematch>^foo 1</prematch><regex>(\d)</regex><order>id</order>
      <fts>name, srcuser , location</fts><fts>system_name</fts><ftscomment>note</ftscomment></decoder>
    <decoder name="c"><parent>a</parent><prematch>^foo 2</prematch><accumulate>no</accumulate></decoder>)");
  decode(d, "foo");
  EXPECT_EQ(d.event.category, model::Category::Ids);
  EXPECT_EQ(d.event.decoder->fts, 0u);
  decode(d, "foo 1");
  EXPECT_EQ(d.event.category, model::Category::Firewall);
  EXPECT_EQ(d.event.decoder->fts,
            uint32_t{model::kFtsName | model::kFtsDstUser | model::kFtsLocation | model::kFtsSystemName});
  EXPECT_EQ(d.event.decoder->fts_comment, "note");
  EXPECT_EQ(d.event.decoder->parent, "a");
  EXPECT_TRUE(d.event.decoder->has_order);
  EXPECT_FALSE(d.event.decoder->accumulate);
  decode(d, "foo 2");
  EXPECT_EQ(d.event.category, model::Category::Syslog);
  EXPECT_TRUE(d.event.decoder->accumulate);
  EXPECT_EQ(d.event.decoder->name, "a");
}

TEST(DecoderSet, IdentitiesAreNumbersOfSortedNames) {
  Decoders d(
      R"(<decoder name="zeta"><prematch>^z</prematch></decoder><decoder name="Alpha"><prematch>^a</prematch></decoder>
    <decoder name="mid"><parent>zeta</parent><prematch>^z1</prematch></decoder>
    <decoder name="own"><parent>zeta</parent><use_own_name>true</use_own_name><prematch>^z2</prematch></decoder>)",
      Compat::Ossec43);
  const auto ids = d.set.identities();
  EXPECT_EQ(ids.size(), 12u);
  EXPECT_EQ(ids.at("Alpha"), 1);
  EXPECT_EQ(ids.at("hostinfo_modified"), 2);
  EXPECT_EQ(ids.at("mid"), 4);
  EXPECT_EQ(ids.at("own"), 5);
  EXPECT_EQ(ids.at("zeta"), 12);
  EXPECT_FALSE(ids.contains("json"));
  decode(d, "z1");
  EXPECT_EQ(d.event.decoder->identity, 12);
  decode(d, "z2");
  EXPECT_EQ(d.event.decoder->identity, 5);
  EXPECT_EQ(Decoders(kFoo, Compat::Mended).set.identities().count("json"), 1u);
}

constexpr const char* kProgramsOnly = R"(<decoder name="a"><program_name>^p</program_name></decoder>
  <decoder name="b"><parent>a</parent><prematch>^x</prematch></decoder>)";

TEST(DecoderSet, WithoutAnUnnamedDecoderNothingHasAnIdentityInOssec) {
  Decoders d(kProgramsOnly, Compat::Ossec43);
  decode(d, "Dec 29 10:00:01 host p: x");
  EXPECT_EQ(d.name(), "b");
  EXPECT_EQ(d.event.decoder->identity, 0);
  EXPECT_EQ(d.diagnostics.warning_count(), 1u);
}

TEST(DecoderSet, WithoutAnUnnamedDecoderIdentitiesStayWhenMended) {
  Decoders d(kProgramsOnly, Compat::Mended);
  decode(d, "Dec 29 10:00:01 host p: x");
  EXPECT_EQ(d.name(), "a");
  EXPECT_EQ(d.event.decoder->identity, d.set.identities().at("a"));
  EXPECT_EQ(d.diagnostics.warning_count(), 0u);
}

TEST(DecoderSet, HasListFor) {
  Decoders d(kProgramsOnly, Compat::Ossec43);
  decode(d, "Dec 29 10:00:01 host p: x");
  EXPECT_TRUE(d.set.has_list_for(d.event));
  decode(d, "x");
  EXPECT_FALSE(d.set.has_list_for(d.event));
}

// A child belongs to every decoder of its parent's name that stands before it.
TEST(DecoderSet, ParentsOfOneName) {
  Decoders d(
      R"(<decoder name="a"><prematch>^one</prematch></decoder><decoder name="a"><program_name>^p</program_name></decoder>
    <decoder name="b"><parent>a</parent><regex>(\d)</regex><order>id</order></decoder>
    <decoder name="a"><prematch>^two</prematch></decoder>)");
  decode(d, "one 1");
  EXPECT_EQ(fields(d), "id=1;");
  decode(d, "Dec 29 10:00:01 host p: 2");
  EXPECT_EQ(fields(d), "id=2;");
  decode(d, "two 3");
  EXPECT_EQ(fields(d), "");
  EXPECT_EQ(d.name(), "a");
}

TEST(DecoderSet, DamagedUtf8HidesInOssecOnly) {
  constexpr const char* kDecoder =
      R"(<decoder name="a"><prematch>^\S+: foo</prematch><regex>(\d+)</regex><order>id</order></decoder>)";
  Decoders exact(kDecoder, Compat::Ossec43);
  decode(exact, "a: foo 12 \xE9");
  EXPECT_EQ(exact.name(), "-");
  Decoders mended(kDecoder, Compat::Mended);
  decode(mended, "a: foo 12 \xE9");
  EXPECT_EQ(mended.name(), "a");
  EXPECT_EQ(fields(mended), "id=12;");
}

// OSSEC ends when an event gives more captures than there can be fields; a load error says so before.
TEST(DecoderSet, TooManyGroups) {
  constexpr const char* kDecoder = R"(<decoder name="a"><prematch>^a</prematch>
    <regex>(a)(b)(c)(d)(e)(f)(g)(h)(i)</regex><order>id</order></decoder>)";
  EXPECT_TRUE(Decoders(kDecoder, Compat::Ossec43, 8).diagnostics.has_errors());
  EXPECT_FALSE(Decoders(kDecoder, Compat::Ossec43, 9).diagnostics.has_errors());
  Decoders mended(kDecoder, Compat::Mended, 8);
  decode(mended, "abcdefghi");
  EXPECT_EQ(fields(mended), "id=a;");
}

TEST(DecoderSet, EmptySetDecodesNothing) {
  const DecoderSet set;
  model::Event event;
  read_header("foo", "stdin", "own", event);
  DecodeScratch scratch;
  set.decode(event, scratch);
  EXPECT_EQ(event.decoder, nullptr);
  EXPECT_EQ(set.size(), 0u);
}

}  // namespace
}  // namespace gander::decode
