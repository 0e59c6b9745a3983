// Random writes, rotations, truncations and restarts against a model: every line arrives exactly once, in order within
// each file that bore the name.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "collect/testing/live_rig.h"

namespace gander::collect {
namespace {

using testing::file_block;
using testing::Folder;
using testing::LiveRig;
using namespace std::chrono_literals;

// Whoever takes the batches may be killed: only some places are kept, and what came after them comes again.
class KilledSink {
 public:
  // Keeps a beginning of what came since the last kill, as the journal of the analysis does: records with their place.
  void commit(testing::KeepingSink& sink) {
    for (const testing::Taken& t : sink.records) {
      if (!t.text.starts_with("ossec:")) ++lines[t.text];
    }
    kept = sink.kept();
    sink.records.clear();
  }
  std::map<std::string, int> lines;
  std::vector<KeptPlace> kept;
};

class Writer {
 public:
  Writer(const Folder& dir, std::mt19937& random) : dir_(dir), random_(random) {}

  void write() {
    std::string text;
    const int count = 1 + static_cast<int>(random_() % 30);
    for (int i = 0; i < count; ++i) {
      std::string line = "serial " + std::to_string(next_++);
      if (random_() % 10 == 0) line += std::string(random_() % 3000, 'x');
      written.push_back(line);
      text += line + "\n";
    }
    // In two writes, so that a reader may see half a line.
    const size_t cut = random_() % (text.size() + 1);
    dir_.append("a.log", text.substr(0, cut));
    dir_.append("a.log", text.substr(cut));
  }
  void rename() {
    shift();
    dir_.rename("a.log", "a.log.1");
    dir_.append("a.log", "");
  }
  void copy_and_truncate() {
    shift();
    std::filesystem::copy_file(dir_ / "a.log", dir_ / "a.log.1");
    dir_.truncate("a.log");
  }
  std::vector<std::string> written;

 private:
  void shift() {
    for (int i = 20; i > 0; --i) {
      const std::string name = "a.log." + std::to_string(i);
      if (std::filesystem::exists(dir_ / name)) dir_.rename(name, "a.log." + std::to_string(i + 1));
    }
  }
  const Folder& dir_;
  std::mt19937& random_;
  int next_ = 0;
};

void run_story(uint32_t seed, bool copies) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const Folder dir;
  dir.append("a.log", "");
  SourceOptions options;
  options.watch = seed % 3 == 0 ? SourceOptions::Watch::Poll : SourceOptions::Watch::Kernel;
  auto rig = std::make_unique<LiveRig>(std::vector{file_block(dir / "a.log")}, options);
  rig->run();
  KilledSink taken;
  taken.commit(rig->sink);
  Writer writer(dir, random);
  bool read_since_copy = false;
  for (int i = 0; i < 60; ++i) {
    switch (random() % 8) {
      case 0:
        // A copy is known by what was read of it: of a file that was never read, nothing tells.
        if (copies && read_since_copy) {
          writer.copy_and_truncate();
          read_since_copy = false;
        } else if (!copies) {
          writer.rename();
        }
        break;
      case 1:
        // Killed: what was not committed comes again.
        rig = std::make_unique<LiveRig>(std::vector{file_block(dir / "a.log")}, options, taken.kept);
        rig->run();
        break;
      case 2:
        rig->pass_time(3s);
        taken.commit(rig->sink);
        read_since_copy = std::filesystem::file_size(dir / "a.log") > 0;
        break;
      case 3:
        rig->run();
        if (random() % 2 == 0) taken.commit(rig->sink);
        break;
      default:
        writer.write();
    }
  }
  rig->pass_time(130s);
  taken.commit(rig->sink);
  for (const std::string& line : writer.written) {
    ASSERT_EQ(taken.lines[line], 1) << line.substr(0, 40);
  }
  ASSERT_EQ(taken.lines.size(), writer.written.size());
}

TEST(SourcesModel, RenamesAndKills) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    run_story(seed, false);
    if (HasFatalFailure()) return;
  }
}

TEST(SourcesModel, CopiesAndKills) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    run_story(seed, true);
    if (HasFatalFailure()) return;
  }
}

// Stopped behind every record in turn: the next life goes on with the next one.
TEST(SourcesModel, ReopenedAtEveryRecord) {
  for (const char* const format : {"syslog", "multi-line_indented", "mssql_log", "audit", "multi-line"}) {
    SCOPED_TRACE(format);
    const Folder dir;
    dir.append("a.log", "");
    config::Localfile block = file_block(dir / "a.log", format);
    block.lines = 2;
    std::string text;
    for (int i = 0; i < 12; ++i) {
      const std::string n = std::to_string(i);
      text += std::string(format) == "audit" ? "type=A msg=audit(1:" + n + "): a\ntype=B msg=audit(1:" + n + "): b\n"
                                             : "2024-03-05 10:00:00 h" + n + "\n  more" + n + "\n";
    }
    std::vector<std::string> whole;
    std::vector<std::string> parts;
    {
      LiveRig rig({block});
      rig.run();
      const auto begin = rig.sink.kept();
      dir.append("a.log", text);
      rig.pass_time(5s);
      whole = rig.texts();
      // The same with a life for each two lines.
      const std::string file = dir / "a.log";
      std::filesystem::resize_file(file, 0);
      LiveRig pieces({block}, {}, begin);
      pieces.run();
      for (size_t at = 0; at < text.size();) {
        size_t end = text.find('\n', at) + 1;
        dir.append("a.log", text.substr(at, end - at));
        at = end;
        pieces.run();
        pieces.restart();
      }
      pieces.pass_time(5s);
      parts = pieces.texts();
    }
    ASSERT_EQ(parts, whole);
  }
}

}  // namespace
}  // namespace gander::collect
