#include "live/filter_programs.h"

#include <signal.h>
#include <sys/wait.h>

#include "integrity/prefilter.h"
#include "live/wire.h"

namespace gander::live {

FilterPrograms::~FilterPrograms() {
  for (const Run& run : running_) {
    ::kill(-run.pid, SIGKILL);
    ::waitpid(run.pid, nullptr, 0);
  }
}

void FilterPrograms::run(const std::string& command, std::string_view question, Link& scanner, collect::Moment now) {
  const auto number = decode_number(question.substr(0, sizeof(uint64_t)));
  if (!number) return;
  const std::string_view path = question.substr(sizeof(uint64_t));
  const auto refuse = [&](std::string_view why) { scanner.send(Frame::Filtered, encode_number(*number).append(why)); };
  if (running_.size() >= kMost) return refuse("too many run already");
  if (!path.starts_with('/') || path.find('\0') != std::string_view::npos) return refuse("no path of a file");
  const Result<integrity::RunningFilter> started = integrity::start_prefilter(command, path);
  if (!started) return refuse(started.error().message);
  running_.push_back({started->pid, now.steady});
  scanner.send(Frame::Filtered, encode_number(*number), started->output.get());
}

void FilterPrograms::step(collect::Moment now) {
  std::erase_if(running_, [&](const Run& run) {
    if (::waitpid(run.pid, nullptr, WNOHANG) != 0) return true;
    if (now.steady - run.begin > kPatience) ::kill(-run.pid, SIGKILL);
    return false;
  });
}

}  // namespace gander::live
