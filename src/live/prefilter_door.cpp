#include "live/prefilter_door.h"

#include <utility>

#include "integrity/prefilter.h"
#include "live/wire.h"

namespace gander::live {

bool PrefilterDoor::digests(std::string_view path, integrity::Hasher& hasher, unsigned checks,
                            integrity::Digests& out) {
  constexpr std::chrono::milliseconds kLook{50};  // at `stop_`
  base::Descriptor output;
  std::string trouble;
  {
    const base::MutexLock turn(turn_);
    {
      const base::MutexLock lock(mutex_);
      question_.emplace();
      question_->number = ++last_;
      question_->path = path;
    }
    ring_();
    const base::MutexLock lock(mutex_);
    while (!question_->done && !stop_) answered_.wait_for(mutex_, kLook);
    output = std::move(question_->output);
    trouble = question_->trouble;
    question_.reset();
  }
  if (output) {
    hasher.start(checks);
    if (integrity::hash_output(output.get(), hasher)) {
      out = hasher.finish();
      return true;
    }
    trouble = "took more than a minute on " + std::string(path);
  }
  const base::MutexLock lock(mutex_);
  if (!std::exchange(noted_, true)) note_ = "prefilter_cmd: " + trouble + "; the files themselves are hashed";
  return false;
}

void PrefilterDoor::send_to(Link& link) {
  const base::MutexLock lock(mutex_);
  if (!question_ || question_->done || std::exchange(question_->sent, true)) return;
  link.send(Frame::Filter, encode_number(question_->number) + question_->path);
}

void PrefilterDoor::answered(std::string_view payload, base::Descriptor output) {
  const auto number = decode_number(payload.substr(0, sizeof(uint64_t)));
  const base::MutexLock lock(mutex_);
  if (!number || !question_ || question_->number != *number) return;
  question_->trouble = payload.substr(sizeof(uint64_t));
  question_->output = std::move(output);
  question_->done = true;
  answered_.notify_all();
}

void PrefilterDoor::give_up() {
  const base::MutexLock lock(mutex_);
  if (!question_) return;
  question_->trouble = "there is no responder to run it";
  question_->done = true;
  answered_.notify_all();
}

std::string PrefilterDoor::take_note() {
  const base::MutexLock lock(mutex_);
  return std::exchange(note_, {});
}

}  // namespace gander::live
