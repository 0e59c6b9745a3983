// verify_alerts: reads the dated alert files (also compressed ones) against their chains and says what is not as it was
// written: edited bytes (the first one as exactly as the chain tells), cut ends, removed, swapped or added pieces and
// days.
//
// Threads: a function of its arguments; the files may be written meanwhile.
// Cost:    one pass over the files, memory of a few MiB.
// Fails:   what cannot be read is a finding, too.
// Source:  docs/formats/alerts-chain.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/alert_chain.h"
#include "store/dated_log.h"

namespace gander::store {

struct Finding {
  std::string file;            // relative to the home
  std::optional<uint64_t> at;  // byte, counted from 0, in the text (not in a .gz)
  uint64_t line = 0;           // 1-based line of that byte; 0: not known
  std::string alert;           // id of the alert that the byte stands in, if any
  std::string text;            // one sentence
};

struct VerifyReport {
  std::vector<Finding> findings;   // in the order of the files; empty: all is as it was written
  std::vector<std::string> notes;  // what is no finding, such as files from before the chain
  uint64_t more_findings = 0;      // beyond kMostFindings a file
  uint64_t files = 0;
  uint64_t bytes = 0;    // of log text that the chains vouch for
  uint64_t records = 0;  // of chains
};

struct VerifyOptions {
  static constexpr size_t kMostFindings = 20;

  std::string home;
  std::optional<Day> since;  // earlier days are not looked at, nor missed
  // From gander.db, if it can be read: where each chain ended last ("chain:alerts", "chain:alerts-json").
  std::vector<std::pair<LogKind, ChainHead>> heads;
};

VerifyReport verify_alerts(const ChainKey& key, const VerifyOptions& options);

}  // namespace gander::store
