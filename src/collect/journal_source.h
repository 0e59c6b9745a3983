// The systemd journal as a source: entries of one identifier, or all, from a kept cursor on.
//
// Owns:    an open journal.
// Threads: one thread.
// Fails:   a build without libsystemd, or a journal that cannot be opened, is said; the latter is tried again.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "collect/source.h"

namespace gander::collect {

// `place`: of the last life, if any.
std::unique_ptr<Source> make_journal_source(std::string id, const config::Localfile& block,
                                            std::optional<std::string> place, Shared& shared);
bool journal_supported();

// One entry as the analysis gets it; pure.
struct JournalEntry {
  base::Instant time;
  std::string_view host;
  std::string_view identifier;
  std::string_view message;
};
void append_journal_text(std::string& out, const JournalEntry& entry, const base::TimeZone& zone, model::Compat compat);

}  // namespace gander::collect
