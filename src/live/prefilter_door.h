// PrefilterDoor: prefilter_cmd for a process that may run nothing: the responder runs it and hands over its output.
//
// Threads: digests() by the scanner's threads, one after the other; the rest by the one that holds the link to the
//          responder.
// Cost:    a process of the responder's for each file that is read; at most kPatience for its answer, then a minute.
// Fails:   when the command cannot be started, or no responder answers in time, the file itself counts, and note() says
//          so once. After a question in vain the next ones do not wait before a responder is heard of again. One that
//          ends with a question in hand loses nothing: its successor is asked.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "base/mutex.h"
#include "integrity/examiner.h"
#include "live/link.h"

namespace gander::live {

class PrefilterDoor final : public integrity::ContentSource {
 public:
  static constexpr std::chrono::seconds kPatience{10};  // supervisors start a dead responder again within 5

  // `ring` wakes the thread that holds the link.
  PrefilterDoor(std::function<void()> ring, const std::atomic<bool>& stop,
                std::chrono::milliseconds patience = kPatience)
      : ring_(std::move(ring)), stop_(stop), patience_(patience) {}

  bool digests(std::string_view path, integrity::Hasher& hasher, unsigned checks, integrity::Digests& out) override;

  void send_to(Link& link);
  // Frame::Filtered: the number asked with, then nothing (the output comes as a descriptor) or what is wrong.
  void answered(std::string_view payload, base::Descriptor output);
  // The responder is another one, or gone: what it did not answer is asked again.
  void responder_changed();
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
  // Puts the question and waits. False: nobody answered in time, or `stop_` was set.
  bool ask(std::string_view path, base::Descriptor& output, std::string& trouble);
  void say(std::string text);

  std::function<void()> ring_;
  const std::atomic<bool>& stop_;
  std::chrono::milliseconds patience_;
  base::Mutex turn_;  // one question at a time; taken before mutex_
  base::Mutex mutex_;
  base::CondVar answered_;
  std::optional<Question> question_ GANDER_GUARDED_BY(mutex_);
  uint64_t last_ GANDER_GUARDED_BY(mutex_) = 0;
  std::string note_ GANDER_GUARDED_BY(mutex_);
  bool noted_ GANDER_GUARDED_BY(mutex_) = false;
  bool silent_ GANDER_GUARDED_BY(mutex_) = false;  // asked in vain; nothing was heard of a responder since
};

}  // namespace gander::live
