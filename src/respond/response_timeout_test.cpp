// Golden case response-timeout: what runs, and when it is undone, to the second; in both modes.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

#include "base/file.h"
#include "respond/executor.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

using model::Compat;
using testing::at;
using testing::settle;

struct Due {
  int64_t second;
  std::string call;
  bool operator<(const Due& o) const { return std::tie(second, call) < std::tie(o.second, o.call); }
  bool operator==(const Due&) const = default;
};

std::string as_json(const std::string& noted) {
  std::string argv;
  std::istringstream in(noted.substr(0, noted.find("\t<")));
  for (std::string word; std::getline(in, word, '\t');) argv += (argv.empty() ? "\"" : ", \"") + word + "\"";
  return R"({"argv": [)" + argv + R"(], "stdin": ")" + noted.substr(noted.find("\t<") + 2) + "\"}";
}

class GoldenTimeout : public ::testing::TestWithParam<Compat> {
 protected:
  testing::ResponseHome home;
  testing::FakeHost host;
  ResponseList list;
  std::vector<std::string> log;

  // One round of the loop at each second.
  void play(Executor& e, const std::multimap<int64_t, std::string>& steps, int64_t end, std::vector<Due>& got) {
    for (int64_t second = 0; second <= end; ++second) {
      settle(e, at(second));
      const auto [first, last] = steps.equal_range(second);
      for (auto step = first; step != last; ++step) {
        ResponseRequest r;
        std::istringstream words(step->second);
        words >> r.response >> r.user >> r.srcip >> r.alert_id >> r.rule >> r.location;
        r.event_time = at(second).wall;
        e.submit(r, at(second));
        settle(e, at(second));
      }
      for (const std::string& call : home.new_calls()) {
        if (!call.starts_with("nop.sh")) got.push_back({second, as_json(call)});
      }
    }
  }
};

TEST_P(GoldenTimeout, CallsAndTimes) {
  const std::string folder = std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/response-timeout/";
  for (const char* const name : {"blk.sh", "blk0.sh", "oth.sh", "nop.sh"}) home.noting_script(name);
  Diagnostics diagnostics;
  const config::Config config = config::load_config(folder + "ossec.conf", {}, diagnostics);
  list = ResponseList::parse(base::read_file(folder + "ar.conf").value(), "ar.conf", GetParam(), log);
  list.repeated_offenders = ResponseList::from_config(config, GetParam()).repeated_offenders;
  ASSERT_EQ(list.repeated_offenders.size(), 3u);

  std::multimap<int64_t, std::string> steps;
  int64_t end = 0;
  std::istringstream in(base::read_file(folder + "steps.txt").value());
  for (std::string line; std::getline(in, line);) {
    const size_t tab = line.find('\t');
    end = std::stoll(line.substr(0, tab));
    if (line.substr(tab + 1) != "end") steps.emplace(end, line.substr(tab + 1));
  }
  std::vector<Due> expected;
  std::istringstream calls(base::read_file(folder + "expected.calls").value());
  for (std::string line; std::getline(calls, line);) {
    const size_t first = line.find('\t');
    const size_t second = line.find('\t', first + 1);
    expected.push_back({std::stoll(line.substr(first + 1, second)), line.substr(second + 1)});
  }
  std::vector<Due> got;
  Guard guard(host, AllowList({}, GetParam()));
  ExecutorOptions options;
  options.home = home.path();
  options.compat = GetParam();
  options.boot_id = "boot-1";
  Executor e(options, list, guard, {});
  ASSERT_TRUE(e.open(at(0)));
  play(e, steps, end, got);
  std::sort(got.begin(), got.end());
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(got.size(), expected.size());
  for (size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].second, expected[i].second) << got[i].call;
    EXPECT_EQ(got[i].call, expected[i].call);
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, GoldenTimeout, ::testing::Values(Compat::Mended, Compat::Ossec43));

}  // namespace
}  // namespace gander::respond
