// EditFinder: where a piece of a log file differs from what its chain record was made of.
//
// Threads: functions of their arguments.
// Cost:    a tenth of a second for a piece with two edited bytes, less otherwise.
// Source:  docs/formats/alerts-chain.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/alert_chain.h"

namespace gander::store {

struct Edit {
  bool found = false;  // false: the marks fit the bytes, so it is the record that was edited
  uint64_t first = 0;  // offset in the piece; the first edited byte is at or behind it
  uint64_t last = 0;   // and at or before this one; first == last: it is this byte
};

// `piece` may be shorter than the record says; only whole blocks are compared then.
Edit find_edit(const ChainKey& key, const Mac& before, const ChainRecord& record, std::string_view piece);

}  // namespace gander::store
