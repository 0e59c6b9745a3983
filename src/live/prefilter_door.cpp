#include "live/prefilter_door.h"

#include <utility>

#include "integrity/prefilter.h"
#include "live/wire.h"

namespace gander::live {

bool PrefilterDoor::ask(std::string_view path, base::Descriptor& output, std::string& trouble) {
  constexpr std::chrono::milliseconds kLook{50};  // at `stop_`
  const base::MutexLock turn(turn_);
  {
    const base::MutexLock lock(mutex_);
    if (silent_) return false;
    question_.emplace();
    question_->number = ++last_;
    question_->path = path;
  }
  ring_();
  const auto until = std::chrono::steady_clock::now() + patience_;
  const base::MutexLock lock(mutex_);
  while (!question_->done && !stop_ && std::chrono::steady_clock::now() < until) answered_.wait_for(mutex_, kLook);
  const bool done = question_->done;
  if (done) {
    output = std::move(question_->output);
    trouble = std::move(question_->trouble);
  } else if (!stop_) {
    silent_ = true;
    trouble = question_->sent ? "the responder does not answer" : "there is no responder to run it";
  }
  question_.reset();
  return done;
}

bool PrefilterDoor::digests(std::string_view path, integrity::Hasher& hasher, unsigned checks,
                            integrity::Digests& out) {
  base::Descriptor output;
  std::string trouble;
  if (ask(path, output, trouble) && output) {
    hasher.start(checks);
    if (integrity::hash_output(output.get(), hasher)) {
      out = hasher.finish();
      return true;
    }
    trouble = "took more than a minute on " + std::string(path);
  }
  if (!trouble.empty()) say("prefilter_cmd: " + trouble + "; the files themselves are hashed");
  return false;
}

void PrefilterDoor::say(std::string text) {
  {
    const base::MutexLock lock(mutex_);
    if (std::exchange(noted_, true)) return;
    note_ = std::move(text);
  }
  ring_();
}

void PrefilterDoor::send_to(Link& link) {
  const base::MutexLock lock(mutex_);
  if (!question_ || question_->done || std::exchange(question_->sent, true)) return;
  link.send(Frame::Filter, encode_number(question_->number) + question_->path);
}

void PrefilterDoor::answered(std::string_view payload, base::Descriptor output) {
  const auto number = decode_number(payload.substr(0, sizeof(uint64_t)));
  const base::MutexLock lock(mutex_);
  silent_ = false;  // even when the answer comes too late
  if (!number || !question_ || question_->number != *number) return;
  question_->trouble = payload.substr(sizeof(uint64_t));
  question_->output = std::move(output);
  question_->done = true;
  answered_.notify_all();
}

void PrefilterDoor::responder_changed() {
  const base::MutexLock lock(mutex_);
  silent_ = noted_ = false;
  if (question_) question_->sent = false;
}

std::string PrefilterDoor::take_note() {
  const base::MutexLock lock(mutex_);
  return std::exchange(note_, {});
}

}  // namespace gander::live
