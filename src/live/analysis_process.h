// AnalysisProcess: the only process that decides and the only one that writes alerts and places.
//
// Batches of every source go through the Analyst into the journal's batch; it is committed when nothing more waits to
// be read, or it has grown large. Only then the sources are told that they may forget. While a commit cannot be made (a
// full disk) nothing more is read, and the sources wait.
//
// A small batch is committed on the spot. A large one, and each flush, is written by a side thread while the next batch
// is judged; until it has ended the journal is the side thread's but for batch() and day_of().
#pragma once

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>

#include "decode/timestamp.h"
#include "live/analyst.h"
#include "live/name_service.h"
#include "live/process.h"
#include "live/side_thread.h"
#include "store/journal.h"

namespace gander::live {

class AnalysisProcess final : public Process {
 public:
  static constexpr size_t kLargeBatch = size_t{4} << 20;
  static constexpr size_t kSmallBatch = size_t{128} << 10;
  static constexpr std::chrono::milliseconds kLongestBatch{20};
  static constexpr std::chrono::milliseconds kRetry{200};
  static constexpr std::chrono::seconds kSync{1};

  AnalysisProcess(HostSettings settings, base::Descriptor supervisor);

 private:
  // One that sends batches, with what it was not told yet.
  struct Source {
    Role role;
    Link link;
    uint64_t judged = 0;  // number of the last batch in the journal's batch
    uint64_t sealed = 0;  // number of the last batch in the sealed one, or before
    uint64_t told = 0;    // number that it knows to be kept
    bool served = false;  // has its places
    bool more = false;    // whole frames wait in the link
  };

  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  void peer(Role role, base::Descriptor socket) override;
  std::string reload() override;
  std::string status() override;
  bool stop(collect::Moment now) override;

  Analyst::Setup setup(HostConfig config, LoadedRuleset loaded);
  void read_sources(collect::Moment now);
  bool read(Source& source, collect::Moment now);
  void judge(Source& source, std::string_view payload, collect::Moment now);
  void judge_event(std::string_view text, collect::Moment now);
  base::Instant time_of(const collect::Batch& batch, std::string_view text, base::Instant now);
  bool may_read() const;
  void seal();
  void commit_sealed(collect::Moment now);
  void end_side_work(collect::Moment now);
  void finish_commit(const Result<void>& done, collect::Moment now);
  bool commit_all(collect::Moment now);
  void serve_new_sources();
  void pass_responses();
  void responses_taken(uint64_t number);
  void turn_day(collect::Moment now);
  void housekeeping(collect::Moment now);
  bool something_waits() const;
  void tell_notes();

  NameAsker names_;  // before the rulesets, which borrow it
  std::unique_ptr<store::Journal> journal_;
  std::unique_ptr<Analyst> analyst_;
  std::list<Source> sources_;
  std::deque<std::string> unanswered_;  // responses that no responder took yet
  size_t asked_ = 0;                    // of these, from the front, those that the responder was asked for
  std::map<std::string, decode::TimestampReader, std::less<>> late_;  // by source
  BatchView view_;
  std::optional<collect::Steady> batch_begin_;
  std::optional<collect::Steady> retry_at_;
  collect::Steady next_sync_{0};
  bool commits_since_sync_ = false;
  bool side_commits_ = false;
  bool side_flushes_ = false;
  // Written by the side thread between start() and take().
  Result<void> side_done_;
  Result<void> side_flushed_;
  SideThread side_;  // behind all that its work touches: it waits for the work before that goes
  bool sealed_changes_state_ = false;
  bool all_taken_ = false;  // the responder answered everything; the journal is to be told
  std::optional<store::Day> day_;
  std::string trouble_;  // why the last commit failed
};

}  // namespace gander::live
