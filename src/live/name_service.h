// Names for the compiled rule is_valid_crawler: the analysis has no network, so it asks the notifier, which has.
//
// NameAsker is the analysis' end, a Resolver that waits a moment for an answer. While an answer is overdue nothing is
// waited for: a name server that is slow costs the analysis one kPatience, and its answer is remembered when it comes.
// NameAnswerer is the notifier's end: one question at a time, on a thread beside it.
//
// Owns:    its end of the link; the asker its memory of answers.
// Threads: one thread each.
// Cost:    an answer that is remembered: a look-up. Another: at most kPatience.
// Fails:   without an answer (no notifier, no name server, too late) it is "no".
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "live/link.h"
#include "live/process.h"
#include "live/side_thread.h"
#include "rules/rule_loader.h"

namespace gander::live {

class NameAsker final : public rules::Resolver {
 public:
  static constexpr std::chrono::milliseconds kPatience{500};
  static constexpr std::chrono::hours kRemembered{1};
  static constexpr size_t kMostRemembered = 4096;

  // The process at the other end is another one now.
  void connect(base::Descriptor socket);
  bool reverse_name_holds(const std::string& address, std::string_view part) override;

 private:
  struct Answer {
    bool holds = false;
    collect::Steady until{0};
  };

  const Answer* remembered(const std::string& question, collect::Steady now) const;
  void take_answers(collect::Steady now);
  void wait_until(collect::Steady end) const;

  Link link_{base::Descriptor()};
  std::string asked_;  // the question that is not answered yet; empty: none
  std::unordered_map<std::string, Answer> answers_;
};

class NameAnswerer {
 public:
  explicit NameAnswerer(rules::Resolver& resolver) : resolver_(resolver) {}

  void connect(base::Descriptor socket);
  void add_descriptors(std::vector<pollfd>& wanted) const;
  // Begins to look for what was asked, and answers what was found.
  void step();

 private:
  rules::Resolver& resolver_;
  Link link_{base::Descriptor()};
  std::string question_;  // not begun yet; empty: none
  // Of the look-up under way.
  std::string looked_for_;
  bool holds_ = false;
  SideThread side_;  // behind what its work touches
};

}  // namespace gander::live
