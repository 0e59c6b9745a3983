// The root checks of the scanner's thread: their pace, and what is heard of watched files meanwhile.
#include <poll.h>

#include <ctime>

#include "base/file.h"
#include "config/home_path.h"
#include "live/scan_loop_parts.h"
#include "rootcheck/rootcheck.h"

namespace gander::live {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

// Of this thread.
Nanoseconds used_processor() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + Nanoseconds(t.tv_nsec);
}

// In OSSEC paths stand as they are, from the home; mended, those below /var/ossec are looked for below the home.
std::string found(const std::string& name, const HostSettings& settings) {
  if (name.empty()) return {};
  if (settings.compat == model::Compat::Ossec43) return base::join(settings.rules_home, name);
  Diagnostics ignored;
  return config::HomePath(settings.rules_home, settings.compat, ignored).find(name, {});
}

}  // namespace

class ScanLoop::RootSink final : public rootcheck::Sink {
 public:
  explicit RootSink(ScanLoop& loop) : loop_(loop) {}

  void finding(std::string text) override {
    ++findings_;
    loop_.send('9', std::move(text));
  }
  void log(Severity severity, std::string text) override { loop_.report_.log(severity, std::move(text)); }

  // Works a little, then rests so long that the work is its share of the time.
  bool go_on() override {
    constexpr Nanoseconds kPiece = std::chrono::milliseconds(5);
    const Nanoseconds used = used_processor() - begin_;
    if (used >= kPiece) {
      rest(std::chrono::duration_cast<Nanoseconds>(used * (1 / kRootShare - 1)));
      begin_ = used_processor();
    }
    return !loop_.stop_;
  }
  bool pause() override {
    rest(std::chrono::seconds(1));
    return !loop_.stop_;
  }
  uint64_t findings() const { return findings_; }

 private:
  static constexpr double kRootShare = ScanWork::kRootShare;

  // Changes of watched files are looked at meanwhile.
  void rest(Nanoseconds most) {
    const Clock::time_point until = Clock::now() + std::chrono::duration_cast<Clock::duration>(most);
    for (Clock::time_point now = Clock::now(); now < until && !loop_.stop_; now = Clock::now()) {
      loop_.wait(std::min<Clock::duration>(until - now, loop_.until_next()));
      loop_.changes();
    }
  }

  ScanLoop& loop_;
  Nanoseconds begin_ = used_processor();
  uint64_t findings_ = 0;
};

void ScanLoop::root_checks() {
  rootcheck::Settings settings;
  settings.options = setup_.rootcheck;
  settings.compat = setup_.settings.compat;
  for (std::string* path : {&settings.options.rootkit_files, &settings.options.rootkit_trojans}) {
    *path = found(*path, setup_.settings);
  }
  for (std::string& path : settings.options.system_audit) path = found(path, setup_.settings);
  report_.change([](ScanStatus& s) { s.doing = "root checks"; });
  RootSink sink(*this);
  const bool whole = rootcheck::run(settings, sink);
  root_pending_ = false;
  root_end_ = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  constexpr uint64_t kStartAndEnd = 2;
  report_.change([&](ScanStatus& s) {
    s.doing = "waiting";
    if (!whole) return;
    s.last_rootcheck = base::unix_seconds(root_end_);
    s.findings = sink.findings() - kStartAndEnd;
  });
}

}  // namespace gander::live
