#include "store/alert_query.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "model/alert_record.h"
#include "store/index_file.h"
#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

model::StoredAlert sample(int n, std::mt19937& random) {
  const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  model::StoredAlert a;
  const int second = 1709632800 + n * 60 + pick(300);
  a.id = std::to_string(second) + "." + std::to_string(n);
  a.time = base::from_unix(second);
  a.rule = 100 + pick(6);
  a.level = 3 + a.rule % 4 * 3;
  a.group = a.rule % 2 == 0 ? " syslog,sshd," : " web,attack,";
  a.host = "h" + std::to_string(pick(3));
  a.location = a.host + "->/var/log/x";
  if (pick(3) != 0) a.src_ip = "10.0." + std::to_string(pick(3)) + "." + std::to_string(pick(5));
  if (pick(4) == 0) a.dst_ip = "10.0.1." + std::to_string(pick(5));
  if (pick(2) == 0) a.user = "user" + std::to_string(pick(4));
  if (pick(4) == 0) a.src_user = "user" + std::to_string(pick(4));
  a.log = {"line with word" + std::to_string(pick(5)) + " and word" + std::to_string(pick(5))};
  return a;
}

struct Index {
  TempHome home;
  std::vector<model::StoredAlert> alerts;

  Index() {
    std::mt19937 random(7);
    for (int day = 5; day <= 7; ++day) {
      Result<IndexFile> file = IndexFile::open(home / index_name({2024, 3, day}), IndexFile::Access::Write);
      EXPECT_TRUE(file) << file.error().message;
      EXPECT_TRUE(file->begin());
      for (int i = 0; i < 300; ++i) {
        alerts.push_back(sample((day - 5) * 1440 + i, random));
        std::string record;
        model::append_record(record, alerts.back());
        EXPECT_TRUE(file->add(record));
      }
      EXPECT_TRUE(file->commit());
    }
  }

  std::vector<std::string> ask(const AlertQuery& query) const {
    AlertSearch search(home.path(), base::TimeZone::utc());
    std::vector<std::string> ids;
    const Result<uint64_t> count =
        search.run(query, [&](const model::StoredAlert& a) { return ids.push_back(a.id), true; });
    EXPECT_TRUE(count) << count.error().message;
    EXPECT_EQ(*count, ids.size());
    EXPECT_TRUE(search.take_notes().empty());
    return ids;
  }
};

bool has_word(const std::string& text, const std::string& word) {
  return (" " + text + " ").find(" " + word + " ") != std::string::npos;
}

// What the question means, said plainly.
bool fits(const AlertQuery& q, const model::StoredAlert& a) {
  const bool rule = q.rules.empty() || std::find(q.rules.begin(), q.rules.end(), a.rule) != q.rules.end();
  const bool group =
      q.group.empty() || (*a.group + ",").find((q.group == "sshd" ? "," : "") + q.group + ",") != std::string::npos;
  bool address = q.address.empty() || a.src_ip == q.address || a.dst_ip == q.address;
  if (q.address == "10.0.1.0/24") {
    address = (a.src_ip && a.src_ip->starts_with("10.0.1.")) || (a.dst_ip && a.dst_ip->starts_with("10.0.1."));
  }
  return rule && group && address && a.level >= q.min_level && (!q.since || a.time >= *q.since) &&
         (!q.until || a.time < *q.until) && (q.user.empty() || a.user == q.user || a.src_user == q.user) &&
         (q.host.empty() || a.host == q.host) && (q.text.empty() || has_word(a.log[0], q.text));
}

TEST(AlertSearch, RandomQuestionsAreAnsweredAsAPlainLoopWould) {
  const Index index;
  std::mt19937 random(11);
  const auto one_in = [&](unsigned n) { return random() % n == 0; };
  int answered = 0;
  for (int round = 0; round < 400; ++round) {
    AlertQuery q;
    if (one_in(3)) q.since = base::from_unix(1709632800 + static_cast<int>(random() % 200'000));
    if (one_in(3)) q.until = base::from_unix(1709632800 + static_cast<int>(random() % 300'000));
    if (one_in(3)) q.min_level = static_cast<int>(random() % 14);
    if (one_in(4)) q.rules = {100 + static_cast<int>(random() % 7), 103};
    if (one_in(4)) q.group = one_in(2) ? "sshd" : "web";
    if (one_in(3)) q.address = one_in(3) ? "10.0.1.0/24" : "10.0.1." + std::to_string(random() % 5);
    if (one_in(4)) q.user = "user" + std::to_string(random() % 4);
    if (one_in(4)) q.host = "h" + std::to_string(random() % 3);
    if (one_in(4)) q.text = "word" + std::to_string(random() % 5);
    q.order = one_in(2) ? AlertQuery::Order::OldestFirst : AlertQuery::Order::NewestFirst;
    std::vector<std::string> expected;
    for (const auto& a : index.alerts) {
      if (fits(q, a)) expected.push_back(a.id);
    }
    std::vector<std::string> found = index.ask(q);
    answered += expected.empty() ? 0 : 1;
    q.limit = 7;
    const std::vector<std::string> first = index.ask(q);
    EXPECT_EQ(first, std::vector<std::string>(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(
                                                                                 std::min<size_t>(7, found.size()))));
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(found, expected) << "round " << round;
  }
  EXPECT_GT(answered, 100);
}

TEST(AlertSearch, OrderIsThatOfTime) {
  const Index index;
  AlertQuery q;
  const std::vector<std::string> newest = index.ask(q);
  ASSERT_EQ(newest.size(), 900u);
  q.order = AlertQuery::Order::OldestFirst;
  std::vector<std::string> oldest = index.ask(q);
  const auto time = [](const std::string& id) { return std::stol(id); };
  EXPECT_TRUE(std::is_sorted(oldest.begin(), oldest.end(), [&](auto& a, auto& b) { return time(a) < time(b); }));
  std::reverse(oldest.begin(), oldest.end());
  EXPECT_EQ(newest, oldest);
}

TEST(AlertSearch, FollowingGivesWhatIsNew) {
  const Index index;
  AlertSearch search(index.home.path(), base::TimeZone::utc());
  AlertQuery q;
  q.min_level = 12;
  std::vector<std::string> seen;
  const AlertSearch::Take take = [&](const model::StoredAlert& a) { return seen.push_back(a.id), true; };
  ASSERT_EQ(*search.run_new(q, take), 0u);
  const auto add = [&](const Day& day, int level, const char* id) {
    Result<IndexFile> file = IndexFile::open(index.home / index_name(day), IndexFile::Access::Write);
    model::StoredAlert a;
    a.id = id;
    a.rule = 5;
    a.level = level;
    std::string record;
    model::append_record(record, a);
    EXPECT_TRUE(file && file->begin() && file->add(record) && file->commit());
  };
  add({2024, 3, 7}, 12, "0.1");
  add({2024, 3, 7}, 3, "0.2");
  EXPECT_EQ(*search.run_new(q, take), 1u);
  EXPECT_EQ(*search.run_new(q, take), 0u);
  add({2024, 3, 7}, 13, "0.3");
  add({2024, 3, 8}, 14, "0.4");
  EXPECT_EQ(*search.run_new(q, take), 2u);
  EXPECT_EQ(seen, (std::vector<std::string>{"0.1", "0.3", "0.4"}));
}

TEST(AlertSearch, ADamagedDayIsSaidAndTheOthersAreRead) {
  const Index index;
  index.home.write(index_name({2024, 3, 6}), std::string(10'000, 'x'));
  AlertSearch search(index.home.path(), base::TimeZone::utc());
  uint64_t count = 0;
  ASSERT_TRUE(search.run({}, [&](const model::StoredAlert&) { return ++count, true; }));
  EXPECT_EQ(count, 600u);
  EXPECT_EQ(search.take_notes().size(), 1u);
  EXPECT_EQ(search.damaged_days(), (std::vector<Day>{{2024, 3, 6}}));
}

TEST(AlertSearch, QuestionsThatAreNoneAreErrors) {
  const Index index;
  AlertSearch search(index.home.path(), base::TimeZone::utc());
  AlertQuery q;
  q.text = "...";
  EXPECT_EQ(search.run(q, [](const auto&) { return true; }).error().code, "A208");
  q.text.clear();
  q.address = "10.0.0.0/99";
  EXPECT_EQ(search.run(q, [](const auto&) { return true; }).error().code, "A208");
}

TEST(QueryTime, WordsAndTimes) {
  const base::TimeZone utc = base::TimeZone::utc();
  const base::Instant now = base::from_unix(1709632800);  // 2024-03-05 10:00
  const auto seconds = [&](const char* text) {
    const Result<base::Instant> t = query_time(text, now, utc);
    EXPECT_TRUE(t) << text;
    return t ? base::unix_seconds(*t) - 1709632800 : 0;
  };
  EXPECT_EQ(seconds("now"), 0);
  EXPECT_EQ(seconds("2h"), -7200);
  EXPECT_EQ(seconds("90s"), -90);
  EXPECT_EQ(seconds("1w"), -7 * 86'400);
  EXPECT_EQ(seconds("today"), -36'000);
  EXPECT_EQ(seconds("yesterday"), -36'000 - 86'400);
  EXPECT_EQ(seconds("2024-03-05"), -36'000);
  EXPECT_EQ(seconds("2024-03-05 09:00:00"), -3600);
  for (const char* text : {"", "h", "-2h", "2x", "tomorrow", "99999999999h"}) {
    EXPECT_EQ(query_time(text, now, utc).error().code, "A208") << text;
  }
}

TEST(Retention, OldAndSurplusDaysGoNeverToday) {
  const Index index;
  Retention keep;
  keep.most_days = 1;
  EXPECT_EQ(remove_old_indexes(index.home.path(), keep, {2024, 3, 7}),
            std::vector<std::string>{"logs/index/2024-03-05.db"});
  keep = {.most_days = 1000, .most_bytes = 1};
  EXPECT_EQ(remove_old_indexes(index.home.path(), keep, {2024, 3, 7}),
            std::vector<std::string>{"logs/index/2024-03-06.db"});
  EXPECT_EQ(indexed_days(index.home.path()), (std::vector<Day>{{2024, 3, 7}}));
}

}  // namespace
}  // namespace gander::store
