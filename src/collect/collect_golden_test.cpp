// The golden cases collect-*: what OSSEC 4.3's collector sends, and what the default sends instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "collect/command_runner.h"
#include "collect/testing/live_rig.h"
#include "config/config.h"

namespace gander::collect {
namespace {

using testing::Folder;
using testing::KeepingSink;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

const fs::path kCases = fs::path(GANDER_SOURCE_DIR) / "tests/golden/cases";

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    const char c = text[++i];
    if (c == 'x') {
      out.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      out.push_back(c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
    }
  }
  return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Message {
  int step;
  std::string text;
};

std::vector<Message> messages_of(const std::string& text) {
  std::vector<Message> all;
  for (const std::string& line : lines_of(text)) {
    const size_t tab = line.find('\t');
    all.push_back({std::stoi(line.substr(0, tab)), unescape(line.substr(tab + 1))});
  }
  return all;
}

// Runs a case's steps in one of the two modes and notes what was sent in which step.
class CaseRun {
 public:
  CaseRun(const fs::path& folder, model::Compat compat) : case_(folder), compat_(compat) {}

  void run() {
    const bool mended_steps = compat_ == model::Compat::Mended && fs::exists(case_ / "steps.mended.txt");
    load();
    for (const std::string& line : lines_of(slurp(case_ / (mended_steps ? "steps.mended.txt" : "steps.txt"))))
      step(line);
    // What shows only now, belongs to the last step or the one after it.
    pass_time(10s);
    collect();
  }

  std::vector<Message> sent;
  std::vector<std::string> said;

 private:
  void load() {
    config::LoadOptions options;
    options.compat = compat_;
    options.program = "ossec-logcollector";
    Diagnostics diagnostics;
    config_ = config::parse_config(replaced(slurp(case_ / "ossec.conf"), "@DIR@", dir_.path()), "ossec.conf", options,
                                   diagnostics);
    for (const Diagnostic& d : diagnostics.entries())
      said.insert(said.end(), d.ossec_lines.begin(), d.ossec_lines.end());
  }

  void step(const std::string& line) {
    std::istringstream in(replaced(line, "@DIR@", dir_.path()));
    std::string word;
    std::string a;
    std::string b;
    in >> word;
    if (word == "append") {
      in >> a;
      in.get();
      fs::create_directories(fs::path(a).parent_path());
      std::string rest;
      std::getline(in, rest);
      Folder::append_to(a, unescape(rest));
    } else if (word == "repeat") {
      int count = 0;
      in >> a >> count;
      in.get();
      std::getline(in, b);
      std::string text;
      for (int i = 0; i < count; ++i) text += unescape(b);
      Folder::append_to(a, text);
    } else if (word == "rename") {
      in >> a >> b;
      fs::rename(a, b);
    } else if (word == "copytruncate") {
      in >> a >> b;
      fs::copy_file(a, b);
      fs::resize_file(a, 0);
    } else if (word == "start") {
      start();
    } else {
      int count = 1;
      if (word == "pass") in >> count;
      if (word == "wait") in >> count;
      end_step(word, count == 0 ? 1 : count);
    }
  }

  void start() {
    SourceOptions options;
    options.compat = compat_;
    options.hostname = "ids1";
    now_.wall = base::from_unix(1'709'632'800);
    now_.steady = 100s;
    sources_.emplace(config_.localfiles, options, std::vector<KeptPlace>{});
    CommandOptions commands;
    commands.compat = compat_;
    runner_.emplace(config_.localfiles, commands, std::vector<KeptPlace>{});
    settle();
  }

  // Everything there is to do at this time; for commands: until they ended.
  void settle() {
    for (int i = 0; i < 100'000; ++i) {
      sources_->step(now_, sink_);
      sources_->acknowledge(sink_.last);
      pollfd p{sources_->poll_fd(), POLLIN, 0};
      if (sources_->next_deadline(now_) > now_.steady && ::poll(&p, 1, 0) == 0) break;
    }
    // The messages are those of one run.
    while (started_runs() < runner_->status().size() || started_runs() > finished_runs() || finished_runs() == 0) {
      runner_->step(now_, sink_);
      // Nothing runs and nothing is due: the next deadline is a schedule. While one runs it is its time-out.
      pollfd p{runner_->poll_fd(), POLLIN, 0};
      const bool running = started_runs() > finished_runs();
      if (::poll(&p, 1, running ? 5000 : 0) == 0 && !running) break;
    }
  }
  uint64_t finished_runs() const {
    uint64_t n = 0;
    for (const SourceStatus& s : runner_->status()) n += s.runs;
    return n;
  }
  uint64_t started_runs() const {
    uint64_t n = 0;
    for (const SourceStatus& s : runner_->status()) n += s.runs + (s.running ? 1 : 0);
    return n;
  }

  void pass_time(Steady time) {
    for (const Steady end = now_.steady + time; now_.steady < end;) {
      now_.steady += 1s;
      settle();
    }
  }

  void end_step(const std::string& word, int count) {
    ++step_;
    if (compat_ == model::Compat::Ossec43) {
      pass_time(word == "wait"    ? Steady(std::chrono::seconds(count))
                : word == "check" ? Steady(136s)
                                  : Steady(2s * count));
    } else {
      settle();
      if (word == "check") pass_time(3s);
      if (word == "wait") pass_time(std::chrono::seconds(count));
    }
    collect();
  }

  void collect() {
    for (const testing::Taken& t : sink_.records)
      sent.push_back({step_, std::string(1, t.queue) + ":" + t.location + ":" + t.text});
    sink_.records.clear();
    said.insert(said.end(), sink_.said.begin(), sink_.said.end());
    sink_.said.clear();
    for (Message& m : sent) m.text = replaced(m.text, dir_.path(), "@DIR@");
    for (std::string& s : said) s = replaced(s, dir_.path(), "@DIR@");
  }

  fs::path case_;
  model::Compat compat_;
  Folder dir_;
  config::Config config_;
  KeepingSink sink_;
  std::optional<Sources> sources_;
  std::optional<CommandRunner> runner_;
  Moment now_;
  int step_ = 0;
};

std::string key_of(const std::string& message) {
  return message.substr(0, message.find(':', 2));
}

// The order within one location is fixed; the files of one step may come in any order. By default an event may come a
// step later.
void expect_messages(std::vector<Message> expected, std::vector<Message> sent, int late) {
  const auto by_location = [](const Message& a, const Message& b) { return key_of(a.text) < key_of(b.text); };
  std::stable_sort(expected.begin(), expected.end(), by_location);
  std::stable_sort(sent.begin(), sent.end(), by_location);
  std::vector<std::string> expected_texts;
  std::vector<std::string> sent_texts;
  for (const Message& m : expected) expected_texts.push_back(m.text);
  for (const Message& m : sent) sent_texts.push_back(m.text);
  ASSERT_THAT(sent_texts, ::testing::ElementsAreArray(expected_texts));
  for (size_t i = 0; i < sent.size(); ++i) {
    EXPECT_GE(sent[i].step, expected[i].step) << sent[i].text;
    EXPECT_LE(sent[i].step, expected[i].step + late) << sent[i].text;
  }
}

class CollectGolden : public ::testing::TestWithParam<std::string> {};

TEST_P(CollectGolden, SendsWhatOssecSends) {
  const fs::path folder = kCases / GetParam();
  if (!fs::exists(folder / "expected.messages")) GTEST_SKIP() << "no data of OSSEC 4.3 for this case";
  CaseRun run(folder, model::Compat::Ossec43);
  run.run();
  expect_messages(messages_of(slurp(folder / "expected.messages")), run.sent, 0);
  std::vector<std::string> expected;
  for (const std::string& line : lines_of(slurp(folder / "expected.log"))) {
    if (line.find("Started (pid") == std::string::npos) expected.push_back(line);
  }
  EXPECT_THAT(run.said, ::testing::UnorderedElementsAreArray(expected));
}

TEST_P(CollectGolden, MendedLosesNothing) {
  const fs::path folder = kCases / GetParam();
  const fs::path mended = folder / "expected.mended";
  CaseRun run(folder, model::Compat::Mended);
  run.run();
  expect_messages(messages_of(slurp(fs::exists(mended) ? mended : folder / "expected.messages")), run.sent, 1);
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    const std::string name = entry.path().filename();
    // The journal has a test of its own: it needs a recorded one.
    if (name.starts_with("collect-") && name != "collect-journald") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Cases, CollectGolden, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return replaced(test.param.substr(8), "-", "_"); });

}  // namespace
}  // namespace gander::collect
