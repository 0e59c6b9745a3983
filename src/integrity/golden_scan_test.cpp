// The golden cases scan-walk and scan-realtime: real files, the messages that a scanner sends of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "integrity/testing/scan_bench.h"
#include "integrity/watch.h"

namespace gander::integrity {
namespace {

using model::Compat;

std::string with_dir(std::string text, const std::string& dir) {
  for (size_t at = text.find("@DIR@"); at != std::string::npos; at = text.find("@DIR@", at + dir.size())) {
    text.replace(at, 5, dir);
  }
  return text;
}

using Messages = std::map<int, std::vector<std::string>>;

Messages expected_of(const std::string& file, const std::string& dir) {
  Messages out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    const size_t tab = line.find('\t');
    out[std::stoi(line.substr(0, tab))].push_back(with_dir(line.substr(tab + 1), dir));
  }
  for (auto& [step, lines] : out) std::sort(lines.begin(), lines.end());
  return out;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : std::string(1, c);
  return out;
}

struct Case {
  std::string name;
  Compat compat;
  Watch::Options::Use use;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.name << (c.compat == Compat::Mended ? " mended" : " ossec")
             << (c.use == Watch::Options::Use::Best ? "" : " inotify");
}

class GoldenScan : public testing::TestWithParam<Case> {
 protected:
  // The watched folder of a golden configuration is @DIR@ itself.
  void add(std::vector<std::string>& to, Origin origin) {
    for (const Change& change : bench_->sink.told) {
      to.push_back(escaped(std::string(kFilesPrefix) + message_body(change, bench_->compat(), origin)));
    }
    bench_->sink.told.clear();
  }
  std::vector<std::string> settle(Scanner& scanner, Watch& watch) {
    std::vector<std::string> out;
    for (;;) {
      watch.read(now_);
      now_ += std::chrono::seconds(30);
      const std::vector<Scanner::Dirty> dirty = watch.take(now_);
      if (dirty.empty() && watch.waiting() == 0) break;
      EXPECT_TRUE(scanner.check(dirty));
      add(out, Origin::RealTime);
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::unique_ptr<ScanBench> bench_;
  Coalescer::Time now_ = std::chrono::steady_clock::now();
};

TEST_P(GoldenScan, Messages) {
  const Case& c = GetParam();
  const std::string folder = GANDER_SHARED_DIR "/golden/" + c.name;
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "needs ../shared";
  if (::geteuid() != 0) GTEST_SKIP() << "changes owners: needs root";
  std::string config = slurp(folder + "/ossec.conf");
  config = config.substr(config.find("<syscheck>") + 10);
  bench_ = std::make_unique<ScanBench>(config.substr(0, config.find("</syscheck>")), c.compat);
  const std::string dir = bench_->dir();
  std::optional<Watch> watch;
  std::unique_ptr<Scanner> scanner;
  Messages got;
  int step = 0;
  std::ifstream steps(folder + "/steps.txt");
  for (std::string line; std::getline(steps, line);) {
    const std::string word = line.substr(0, line.find(' '));
    if (word == "sh") {
      const std::string command = with_dir(line.substr(3), dir);
      ASSERT_EQ(std::system(("umask 022; " + command).c_str()), 0) << command;
    } else if (word == "start") {
      // Roots exist only now.
      std::string again = slurp(folder + "/ossec.conf");
      again = again.substr(again.find("<syscheck>") + 10);
      bench_->set_config(again.substr(0, again.find("</syscheck>")));
      Result<Watch> opened = Watch::open(bench_->plan(), {c.use, -1});
      ASSERT_TRUE(opened);
      watch.emplace(std::move(*opened));
      if (c.use == Watch::Options::Use::Best && watch->means() != "fanotify") GTEST_SKIP() << "fanotify is not allowed";
      scanner = std::make_unique<Scanner>(bench_->plan(), bench_->baseline(), bench_->pool(), bench_->sink,
                                          bench_->options());
      scanner->on_directory([&](const std::string& path, const WatchRoot&) { watch->watch_directory(path); });
    } else if (word == "scan") {
      ++step;
      ASSERT_TRUE(scanner->scan());
      std::vector<std::string>& lines = got[step];
      lines.emplace_back(kScanStarts);
      add(lines, Origin::Scan);
      lines.emplace_back(kScanEnds);
      lines.push_back(std::string(kFilesPrefix) + std::string(kScanCompleted));
      std::sort(lines.begin(), lines.end());
    } else if (word == "wait") {
      ++step;
      const std::vector<std::string> lines = settle(*scanner, *watch);
      if (!lines.empty()) got[step] = lines;
    }
  }
  const std::string file = c.compat == Compat::Mended ? folder + "/expected.mended" : folder + "/expected.messages";
  const Messages expected = expected_of(file, dir);
  ASSERT_FALSE(expected.empty());
  for (const auto& [at, lines] : expected) EXPECT_EQ(got[at], lines) << "step " << at;
  for (const auto& [at, lines] : got) {
    EXPECT_TRUE(lines.empty() || expected.contains(at)) << "step " << at;
  }
}

constexpr auto kBest = Watch::Options::Use::Best;
constexpr auto kInotify = Watch::Options::Use::Inotify;
INSTANTIATE_TEST_SUITE_P(
    Cases, GoldenScan,
    testing::Values(Case{"scan-walk", Compat::Ossec43, kInotify}, Case{"scan-walk", Compat::Mended, kInotify},
                    Case{"scan-realtime", Compat::Ossec43, kInotify}, Case{"scan-realtime", Compat::Mended, kInotify},
                    Case{"scan-realtime", Compat::Ossec43, kBest}, Case{"scan-realtime", Compat::Mended, kBest}));

}  // namespace
}  // namespace gander::integrity
