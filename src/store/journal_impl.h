// Journal::Impl: the state of a journal; journal.cpp commits, journal_open.cpp starts and recovers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/chain_keeper.h"
#include "store/journal.h"
#include "store/journal_file.h"
#include "store/spool_writer.h"
#include "store/target_files.h"

namespace gander::store {

struct Journal::Impl {
  explicit Impl(JournalOptions o)
      : options(std::move(o)),
        targets(options.home, options.seam),
        spool(options.home, options.segment_bytes, options.spool_cap) {}

  // How far the batch has come.
  enum class Step { Gathering, Journaled, Stored };

  // Of journal_open.cpp.
  Result<void> start();
  Result<void> lock();
  Result<void> open_state();
  Result<void> restore_places();
  Result<void> recover();
  Result<void> redo(const JournalContent& content);
  Result<void> load_chain();
  bool was_power_cut();

  // Of journal.cpp.
  Result<void> prepare();
  Result<void> add_logs();
  Result<void> add_spool();
  void add_state();
  std::string ends();
  Result<void> write_targets();
  Result<void> finish();
  Result<void> enter_day(const Day& day);
  Result<void> link_logs();
  bool is_kept(LogKind kind) const;
  Result<void> save_places();
  void note(std::string text) { notes.push_back(std::move(text)); }

  JournalOptions options;
  PosixFile lock_file;
  std::optional<StateDb> state;
  PosixFile file;
  uint64_t file_size = 0;
  TargetFiles targets;
  std::optional<ChainKeeper> chain;
  SpoolWriter spool;

  StableIdMaker ids{{}};
  Batch batch;   // in hand
  Batch sealed;  // on its way
  bool is_sealed = false;
  Step step = Step::Gathering;
  JournalContent content;                // of the sealed batch
  std::vector<std::string> chain_bytes;  // that content.writes views
  size_t targets_done = 0;

  std::vector<SourcePlace> places;
  std::vector<std::string> responses;
  uint64_t asked = 0;  // batches whose responses have been asked for
  bool unflushed = false;

  Day day;  // of the files that stand open
  bool has_day = false;
  int hour = -1;  // of the last event
  Day last_day;   // day_of's answer for it
  std::vector<std::string> notes;
};

// The copy of places that is read when gander.db is lost.
std::string places_file(const std::string& home);

}  // namespace gander::store
