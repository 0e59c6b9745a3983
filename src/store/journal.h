// Journal: makes a Batch one act: all of its bytes in all files, its places and counts, or nothing of it.
//
// commit() writes queue/alerts/journal (the whole batch with the offset of each piece), then the files, then places and
// counts in queue/gander.db. Killed before the journal is whole: nothing happened, the sources still have the old
// places. Killed after it: open() writes the same bytes to the same offsets. Nothing twice, nothing missing.
//
// A commit is two steps: seal() takes the batch in hand away, commit_sealed() makes it the one act. The second may run
// on another thread while the next batch is gathered; meanwhile only batch() and day_of() may be called.
//
// A commit that fails (disk full, read-only, I/O error, spool full) keeps the sealed batch and the step it had come to;
// call commit_sealed() or commit() again later.
//
// Power cuts: commit() leaves flushing to the kernel. sync() flushes all that was committed and then remembers the
// places as flushed; after a boot without close(), open() goes back to those. So the last moments before a power cut
// are judged again (stable ids tell repeats), never lost. Call it every second while commits happen.
//
// Owns:    the batch, open files, queue/gander.db, a lock on the home (a second instance is refused: A205).
// Threads: one thread at a time; see seal().
// Cost:    two writes of the bytes, one hash, one small transaction. No allocation after warm-up for large parts.
// Fails:   A201 a file cannot be written (retry), A202 the spool is full (retry), A203 gander.db (retry), A205 second
//          instance, take_notes() says what open() and commit() had to mend.
// Source:  docs/decisions/0002-live-host.md; docs/formats/journal.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/batch.h"
#include "store/fault_seam.h"
#include "store/places.h"
#include "store/state_db.h"

namespace gander::store {

struct JournalOptions {
  std::string home;
  base::TimeZone zone = base::TimeZone::utc();
  base::Instant now{};  // of the start: file names of what is set aside, first day
  bool chain = true;    // keyed hash chain beside alerts.log and alerts.json (key: etc/alerts.key)
  bool json = false;    // alerts.json is written (its file is made with the day's)
  bool json_archives = false;
  uint64_t segment_bytes = uint64_t{64} * 1024 * 1024;    // of the spool
  uint64_t spool_cap = uint64_t{4} * 1024 * 1024 * 1024;  // commit() says A202 beyond it
  std::string boot_id;                                    // empty: /proc/sys/kernel/random/boot_id
  FaultSeam seam;                                         // tests
};

// Where the files ended behind the last commit (value "ends" of gander.db): who makes the index again from the logs
// reads them up to there, and the spool from there on.
struct StoreEnds {
  Day day;  // of alerts.log and alerts.json
  SpoolPlace spool;
  uint64_t alerts = 0;
  uint64_t json = 0;

  std::string text() const;
  static std::optional<StoreEnds> from_text(std::string_view text);
};

class Journal {
 public:
  // Locks the home, sets aside what is damaged, finishes a commit that was cut short.
  static Result<std::unique_ptr<Journal>> open(JournalOptions options);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // What sources are given when they start: places as of the last commit (or flush, after a power cut).
  const std::vector<SourcePlace>& places() const;
  StateDb& state();

  // The day of the log files for an event of this time, as OSSEC switches: with the first event whose hour and date
  // differ. A day that is closed (it has a .sum) is not gone back to.
  Day day_of(base::Instant time);

  // What stable ids of records begin with (Batch::identify_record). Needs: nothing pending.
  void set_ruleset(std::string_view digest);

  Batch& batch();
  // Needs: nothing sealed. The batch in hand is then empty, of the same day.
  void seal();
  bool sealed() const;
  size_t sealed_bytes() const;
  Result<void> commit_sealed();
  // Both steps. Empty batches cost nothing. On failure see above; the batch is then `pending()`.
  Result<void> commit();
  // There is something that is not in the files yet.
  bool pending() const;
  // Batches committed since the home was made.
  uint64_t sequence() const;
  // Responses of the batch committed last, and, behind open(), those of the last one before the stop that
  // responses_asked() was not called for. The responder drops what it has answered.
  const std::vector<std::string>& responses() const;
  void responses_asked();

  // Flushes (fdatasync) all files written since the last sync(), then remembers the places as flushed. Nothing to do:
  // free. Retry on failure.
  Result<void> sync();
  // At midnight, with nothing pending: goes on to the files of `day`, so that days before it can be closed.
  Result<void> start_day(const Day& day);
  // Removes spool segments that all registered readers passed. Returns how many.
  size_t remove_passed_segments();
  // sync() and the mark of an orderly stop. The destructor does it, silently, when nothing is pending.
  Result<void> close();

  // Sentences for the log since the last call: recovered, set aside, changed by others.
  std::vector<std::string> take_notes();

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::store
