// MailProgram: runs the program that `smtp_server` names, with a mail on its standard input.
//
// Only the program of root's own configuration runs, without a shell and without arguments; the mail is data.
//
// Owns:    child processes and their pipes; the destructor kills and reaps them.
// Threads: one thread.
// Fails:   a program that cannot be started, takes longer than kPatience, or ends with another status than 0 has not
// taken
//          the mail.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "collect/record.h"

namespace gander::live {

enum class MailOutcome : char { Accepted = 'a', TryAgain = 't' };

class MailProgram {
 public:
  static constexpr std::chrono::seconds kPatience{120};
  using Done = std::function<void(uint64_t number, MailOutcome outcome)>;

  explicit MailProgram(Done done) : done_(std::move(done)) {}
  ~MailProgram();
  MailProgram(const MailProgram&) = delete;
  MailProgram& operator=(const MailProgram&) = delete;

  // `number` names the mail in done().
  void run(const std::string& path, uint64_t number, std::string mail, collect::Moment now);
  void add_descriptors(std::vector<pollfd>& wanted) const;
  void step(collect::Moment now);
  bool idle() const { return running_.empty(); }

 private:
  struct Run {
    uint64_t number = 0;
    pid_t pid = -1;
    base::Descriptor input;
    std::string mail;
    size_t written = 0;
    collect::Steady begin{0};
  };

  static void feed(Run& run);

  Done done_;
  std::list<Run> running_;
};

}  // namespace gander::live
