// Compiled lists: the file format, damage, look-ups of rules, and making them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <sstream>

#include "base/file.h"
#include "rules/cdb_list.h"
#include "rules/list_condition.h"
#include "rules/make_lists.h"
#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

using model::Compat;
using model::Field;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::holds;
using ::testing::IsEmpty;

CdbList list_of(std::string_view text) {
  return CdbList::from_bytes(compile_list(text), "x.cdb").value();
}

TEST(CdbLists, LinesAsMakelistsReadsThem) {
  const CdbList list = list_of(
      "a:1\n"
      "b: two \r ignored\n"
      "no colon\n"
      "c:x \t ### comment: with colon\n"
      "# d:not a comment\n"
      "a:2\n"
      ":empty key\n"
      "f:\n"
      "###g:h\n"
      "e:a:b");
  EXPECT_EQ(list.size(), 8u);
  EXPECT_EQ(list.find("a"), "1") << "the first of equal keys";
  EXPECT_EQ(list.find("b"), " two ");
  EXPECT_EQ(list.find("c"), "x");
  EXPECT_EQ(list.find("# d"), "not a comment");
  EXPECT_EQ(list.find(""), "empty key");
  EXPECT_EQ(list.find("f"), "");
  EXPECT_EQ(list.find("e"), "a:b");
  EXPECT_FALSE(list.find("A")) << "byte for byte";
  EXPECT_FALSE(list.find("###g"));
}

TEST(CdbLists, TheBytesAreThoseOfTheFormat) {
  // One entry, "a:b": header, record at 2048, one table of two slots at 2058.
  const std::string bytes = compile_list("a:b\n");
  ASSERT_EQ(bytes.size(), 2048u + 10 + 16);
  EXPECT_EQ(bytes.substr(2048, 10), std::string("\1\0\0\0\1\0\0\0ab", 10));
  const uint32_t hash = ((5381u << 5) + 5381u) ^ 'a';
  const size_t table = (hash & 0xff) * 8;
  EXPECT_EQ(bytes.substr(table, 8), std::string("\x0a\x08\0\0\2\0\0\0", 8));
  EXPECT_EQ(compile_list("").size(), 2048u);
}

TEST(CdbLists, ManyKeysAreAllFound) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "key" + std::to_string(i) + ":" + std::to_string(i * 7) + "\n";
  const CdbList list = list_of(text);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(list.find("key" + std::to_string(i)), std::to_string(i * 7));
  EXPECT_FALSE(list.find("key5000"));
}

TEST(CdbLists, DamageIsToldOrFindsNothing) {
  EXPECT_EQ(CdbList::from_bytes("short", "x").error().code, "L002");
  EXPECT_EQ(CdbList::from_bytes(std::string(2048, '\xff'), "x").error().code, "L002");
  const std::string good = compile_list("a:1\nb:2\nc:3\nd:4\n");
  EXPECT_EQ(CdbList::from_bytes(good.substr(0, good.size() - 1), "x").error().code, "L002");
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto list = CdbList::from_bytes(bytes, "x");
    if (!list) continue;
    for (const char* key : {"a", "b", "c", "d", "e", ""}) list->find(key);
  }
}

TEST(CdbLists, TheCatalogueKnowsWhyAListIsMissing) {
  const testing::TempFolder folder;
  Diagnostics diagnostics;
  ListCatalogue lists;
  lists.declare("rules/good", folder.write("good.cdb", compile_list("a:1\n")), diagnostics);
  EXPECT_TRUE(diagnostics.entries().empty());
  lists.declare("rules/gone", folder.path("gone.cdb"), diagnostics);
  lists.declare("rules/bad", folder.write("bad.cdb", "nonsense"), diagnostics);
  EXPECT_EQ(diagnostics.warning_count(), 2u);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(lists.find("rules/gone")->open_errno, ENOENT);
  EXPECT_EQ(lists.find("rules/bad")->open_errno, 0);
  EXPECT_EQ(lists.find("rules/good.cdb"), lists.find("rules/good"));
  EXPECT_EQ(lists.find("good"), nullptr);
}

// A rule of one list test, over lists that are there, missing and damaged.
class ListRules : public ::testing::Test {
 protected:
  ListRules() {
    Diagnostics ignored;
    lists_.declare("rules/x", folder_.write("x.cdb", compile_list("10.:ten net\n192.168.1.:lan\nbob:admin\n")),
                   ignored);
    lists_.declare("rules/gone", folder_.path("gone.cdb"), ignored);
    lists_.declare("rules/bad", folder_.write("bad.cdb", "nonsense"), ignored);
  }

  testing::Loaded load(const std::string& element, Compat compat, int level = 3) {
    RuleLoaderOptions options = testing::options_for(compat);
    options.lists = &lists_;
    return testing::load({std::string(testing::kRoots) + "<group name=\"t,\"><rule id=\"100\" level=\"" +
                          std::to_string(level) + "\">" + element + "</rule></group>"},
                         options);
  }
  bool asks(const std::string& attributes, const std::string& name, std::string_view address,
            Compat compat = Compat::Ossec43, int level = 3) {
    const auto l = load("<list field=\"srcip\" " + attributes + ">" + name + "</list>", compat, level);
    EXPECT_FALSE(l.diagnostics.has_errors());
    model::Event event = testing::event_of("x");
    if (!address.empty()) event.set(Field::SrcIp, event.keep(address));
    return holds(l.rule(100), event);
  }

  testing::TempFolder folder_;
  ListCatalogue lists_;
};

TEST_F(ListRules, Lookups) {
  EXPECT_TRUE(asks("", "rules/x", "bob"));
  EXPECT_FALSE(asks("LOOKUP=\"MATCH_KEY\"", "rules/x.cdb", "eve"));
  EXPECT_TRUE(asks("lookup=\"not_match_key\"", "rules/x", "eve"));
  EXPECT_FALSE(asks("lookup=\"not_match_key\"", "rules/x", "")) << "a missing field never matches";
  EXPECT_TRUE(asks("lookup=\"match_key_value\" check_value=\"^adm\"", "rules/x", "bob"));
  EXPECT_FALSE(asks("lookup=\"match_key_value\" check_value=\"root\"", "rules/x", "bob"));
  EXPECT_FALSE(asks("lookup=\"match_key_value\"", "rules/x", "bob")) << "nothing to compare with";
  EXPECT_TRUE(asks("lookup=\"address_match_key\"", "rules/x", "10.5.5.5"));
  EXPECT_TRUE(asks("lookup=\"address_match_key\"", "rules/x", "192.168.1.7"));
  EXPECT_FALSE(asks("lookup=\"address_match_key\"", "rules/x", "192.168.10.7"));
  EXPECT_FALSE(asks("lookup=\"not_address_match_key\"", "rules/x", "10.5.5.5"));
  EXPECT_TRUE(asks("lookup=\"not_address_match_key\"", "rules/x", "11.5.5.5"));
}

TEST_F(ListRules, AddressValuesAreInvertedInOssecOnly) {
  const std::string lookup = "lookup=\"address_match_key_value\" check_value=\"lan\"";
  EXPECT_FALSE(asks(lookup, "rules/x", "192.168.1.7"));
  EXPECT_TRUE(asks(lookup, "rules/x", "10.5.5.5"));
  EXPECT_TRUE(asks(lookup, "rules/x", "11.1.1.1"));
  EXPECT_TRUE(asks(lookup, "rules/x", "192.168.1.7", Compat::Mended));
  EXPECT_FALSE(asks(lookup, "rules/x", "10.5.5.5", Compat::Mended));
  EXPECT_FALSE(asks(lookup, "rules/x", "11.1.1.1", Compat::Mended));
}

TEST_F(ListRules, AListThatIsNotDeclaredNeverMatches) {
  EXPECT_FALSE(asks("", "x", "bob"));
  EXPECT_FALSE(asks("lookup=\"not_match_key\"", "x", "eve"));
  EXPECT_THAT(load("<list field=\"srcip\">x</list>", Compat::Ossec43).codes(), Contains("R208"));
}

TEST_F(ListRules, AListThatCannotBeOpened) {
  const auto answers = [&](const std::string& name, Compat compat, int level) {
    std::string out;
    for (const char* lookup : {"match_key", "not_match_key", "match_key_value", "address_match_key",
                               "not_address_match_key", "address_match_key_value"}) {
      const std::string attributes = std::string("check_value=\"a\" lookup=\"") + lookup + "\"";
      out += asks(attributes, name, "1.2.3.4", compat, level) ? "y" : "n";
    }
    return out;
  };
  EXPECT_EQ(answers("rules/gone", Compat::Ossec43, 3), "nynyny");
  EXPECT_EQ(answers("rules/bad", Compat::Ossec43, 3), "nynnyy") << "it opens, and holds nothing";
  EXPECT_EQ(answers("rules/gone", Compat::Mended, 3), "nynnyn") << "a rule that alerts goes on to alert";
  EXPECT_EQ(answers("rules/gone", Compat::Mended, 0), "nnnnnn") << "a rule that silences does not";
  EXPECT_EQ(answers("rules/bad", Compat::Mended, 0), "nnnnnn");
}

TEST_F(ListRules, ALookUpThatCannotBeMadeIsNoted) {
  const auto l = load("<list field=\"srcip\">rules/gone</list><list field=\"srcip\">rules/x</list>", Compat::Ossec43);
  model::Event event = testing::event_of("x");
  const auto& lists = l.rule(100).list_conditions;
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[0]->failure_note(event), "") << "no field, no look-up";
  event.set(Field::SrcIp, event.keep("1.2.3.4"));
  EXPECT_TRUE(lists[0]->may_have_notes());
  EXPECT_EQ(lists[0]->failure_note(event),
            "ossec-analysisd(1126): ERROR: Unable to open file 'rules/gone.cdb' due to [(2)-(No such file or "
            "directory)].");
  EXPECT_FALSE(lists[1]->may_have_notes());
}

TEST_F(ListRules, UsersAreSourceUsersFirst) {
  const auto l = load("<list field=\"user\">rules/x</list>", Compat::Ossec43);
  model::Event event = testing::event_of("x");
  event.set(Field::DstUser, event.keep("bob"));
  EXPECT_TRUE(holds(l.rule(100), event));
  event.set(Field::SrcUser, event.keep("eve"));
  EXPECT_FALSE(holds(l.rule(100), event));
}

TEST(MakeLists, CompilesWhatIsNewer) {
  const testing::TempFolder folder;
  const ListSource list{"rules/x", folder.write("x", "k1: v1\nk2:v2\n"), folder.path("x.cdb")};
  const ListSource gone{"rules/y", folder.path("y"), folder.path("y.cdb")};
  const std::vector<ListSource> lists = {list, gone};
  std::ostringstream out;
  std::ostringstream err;
  std::vector<std::string> logged;
  const auto log = [&](const std::string& line) { logged.push_back(line); };
  EXPECT_EQ(make_lists(lists, MakeLists::Outdated, out, err, log), 0u);
  EXPECT_EQ(out.str(),
            " * File rules/x.cdb needs to be updated\n"
            " * File rules/y.cdb does not need to be compiled\n");
  EXPECT_EQ(err.str(), "");
  EXPECT_EQ(CdbList::load(list.cdb_path)->find("k1"), " v1");
  std::filesystem::last_write_time(list.text_path, std::filesystem::last_write_time(list.cdb_path));
  out.str("");
  make_lists(lists, MakeLists::Outdated, out, err, log);
  EXPECT_EQ(out.str(),
            " * File rules/x.cdb does not need to be compiled\n"
            " * File rules/y.cdb does not need to be compiled\n");
  EXPECT_THAT(logged, IsEmpty());
}

TEST(MakeLists, AllNamesEachEntry) {
  const testing::TempFolder folder;
  const std::vector<ListSource> lists = {{"rules/y", folder.path("y"), folder.path("y.cdb")},
                                         {"rules/x", folder.write("x", "k1: v1\nno\nk2:v2\n"), folder.path("x.cdb")}};
  std::ostringstream out;
  std::ostringstream err;
  std::vector<std::string> logged;
  const auto log = [&](const std::string& line) { logged.push_back(line); };
  EXPECT_EQ(make_lists(lists, MakeLists::All, out, err, log), 1u);
  EXPECT_EQ(out.str(), " * File rules/x.cdb needs to be updated\n");
  EXPECT_EQ(err.str(), "  * adding - key: k1 value:  v1\n  * adding - key: k2 value: v2\n");
  EXPECT_THAT(logged, ElementsAre("ossec-analysisd(1103): ERROR: Could not open file 'rules/y' due to "
                                  "[(2)-(No such file or directory)]."));
}

}  // namespace
}  // namespace gander::rules
