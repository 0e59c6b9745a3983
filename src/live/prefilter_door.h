// PrefilterDoor: prefilter_cmd for a process that may run nothing: the responder runs it and hands over its output.
//
// Threads: digests() by the scanner's threads, one after the other; the rest by the one that holds the link to the
// responder. Cost:    a process of the responder's for each file that is read; at most a minute. Fails:   without a
// responder, or when the command cannot be started, the file itself counts, and note() says so once.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "base/mutex.h"
#include "integrity/examiner.h"
#include "live/link.h"

namespace gander::live {

class PrefilterDoor final : public integrity::ContentSource {
 public:
  // `ring` wakes the thread that holds the link.
  PrefilterDoor(std::function<void()> ring, const std::atomic<bool>& stop) : ring_(std::move(ring)), stop_(stop) {}

  bool digests(std::string_view path, integrity::Hasher& hasher, unsigned checks, integrity::Digests& out) override;

  void send_to(Link& link);
  // Frame::Filtered: the number asked with, then nothing (the output comes as a descriptor) or what is wrong.
  void answered(std::string_view payload, base::Descriptor output);
  // The responder is gone.
  void give_up();
  std::string take_note();

 private:
  struct Question {
    uint64_t number = 0;
    std::string path;
    bool sent = false;
    bool done = false;
    base::Descriptor output;
    std::string trouble;
  };
  std::function<void()> ring_;
  const std::atomic<bool>& stop_;
  base::Mutex turn_;  // one question at a time; taken before mutex_
  base::Mutex mutex_;
  base::CondVar answered_;
  std::optional<Question> question_ GANDER_GUARDED_BY(mutex_);
  uint64_t last_ GANDER_GUARDED_BY(mutex_) = 0;
  std::string note_ GANDER_GUARDED_BY(mutex_);
  bool noted_ GANDER_GUARDED_BY(mutex_) = false;
};

}  // namespace gander::live
