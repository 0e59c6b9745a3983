// LiveRig: Sources or a CommandRunner driven by hand in a folder of its own, and a sink that keeps what it took.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "collect/record.h"
#include "collect/sources.h"

namespace gander::collect::testing {

struct Taken {
  std::string source;
  std::string origin;
  char queue = 0;
  std::string location;
  std::string text;
  uint64_t at = 0;
  Age age = Age::Fresh;
};

class KeepingSink : public Sink {
 public:
  void take(const Batch& batch) override {
    for (const Record& r : batch.records) {
      records.push_back({std::string(batch.source), std::string(batch.origin), r.queue, std::string(r.location),
                         std::string(r.text), r.at, batch.age});
    }
    places[std::string(batch.source)] = batch.place;
    counts[std::string(batch.source)] += batch.counts;
    last = batch.number;
    ++batches;
  }
  void say(const Notice& notice) override {
    if (notice.level != NoticeLevel::Debug) said.emplace_back(notice.text);
    if (notice.level == NoticeLevel::Debug) debug.emplace_back(notice.text);
  }
  std::vector<KeptPlace> kept() const {
    std::vector<KeptPlace> all;
    for (const auto& [source, place] : places) all.push_back({source, place});
    return all;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const Taken& t : records) all.push_back(t.text);
    return all;
  }

  std::vector<Taken> records;
  std::map<std::string, std::string> places;
  std::map<std::string, Counts> counts;
  std::vector<std::string> said;
  std::vector<std::string> debug;
  uint64_t last = 0;
  size_t batches = 0;
};

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gander-collect-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  void append(const std::string& name, const std::string& text) const { append_to(*this / name, text); }
  static void append_to(const std::string& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    for (size_t done = 0; file >= 0 && done < text.size();) {
      const ssize_t n = ::write(file, text.data() + done, text.size() - done);
      if (n <= 0) break;
      done += static_cast<size_t>(n);
    }
    if (file >= 0) ::close(file);
  }
  void rename(const std::string& from, const std::string& to) const {
    std::filesystem::rename(*this / from, *this / to);
  }
  void truncate(const std::string& name) const { std::filesystem::resize_file(*this / name, 0); }

 private:
  std::string path_;
};

inline config::Localfile file_block(const std::string& location, const std::string& format = "syslog") {
  config::Localfile block;
  block.location = location;
  block.log_format = format;
  return block;
}

// Sources with a clock that stands until it is moved.
class LiveRig {
 public:
  explicit LiveRig(std::vector<config::Localfile> blocks, SourceOptions options = {}, std::vector<KeptPlace> kept = {})
      : blocks_(std::move(blocks)), options_(std::move(options)), sources_(blocks_, options_, kept) {
    now.wall = base::from_unix(1'709'632'800);
    now.steady = std::chrono::seconds(1000);
    for (const KeptPlace& k : kept) sink.places[k.source] = k.place;
  }

  // Steps until nothing is left to do at this time.
  LiveRig& run() {
    for (int i = 0; i < 100'000; ++i) {
      sources_.step(now, sink);
      if (acknowledges) sources_.acknowledge(sink.last);
      pollfd p{sources_.poll_fd(), POLLIN, 0};
      if (sources_.next_deadline(now) > now.steady && ::poll(&p, 1, 0) == 0) break;
    }
    return *this;
  }
  LiveRig& after(Steady time) {
    now.steady += time;
    now.wall += time;
    return run();
  }
  // In steps that a role would take.
  LiveRig& pass_time(Steady time) {
    for (const Steady end = now.steady + time; now.steady < end;)
      after(std::min<Steady>(std::chrono::seconds(1), end - now.steady));
    return *this;
  }
  // A new life with the places of this one.
  void restart() {
    sources_ = Sources(blocks_, options_, sink.kept());
    now.steady += std::chrono::seconds(5);
    now.wall += std::chrono::seconds(5);
  }
  Sources& sources() { return sources_; }
  std::vector<std::string> texts() {
    std::vector<std::string> all = sink.texts();
    sink.records.clear();
    return all;
  }

  Moment now;
  KeepingSink sink;
  bool acknowledges = true;

 private:
  std::vector<config::Localfile> blocks_;
  SourceOptions options_;
  Sources sources_;
};

}  // namespace gander::collect::testing
