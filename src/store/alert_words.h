// AlertWords: how text is cut into words for the full-text search: runs of letters and digits (any byte from 0x80 up is
// a letter), in lower case; and each run that . : - _ or @ hold together as one word more, at the place of its parts
// ("10.0.0.1", "web-1.example.org"), so that an address is found as what it is.
//
// Threads: functions of their arguments.
// Cost:    one pass.
// Source:  docs/formats/index.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "store/sqlite.h"

namespace gander::store {

constexpr size_t kLongestWord = 64;

// Registers the tokenizer `gander` with a connection.
Result<void> add_tokenizer(const Sqlite& db);

// What people type as an expression of FTS5: every word must be there; "several words" in quotes stand together;
// a * at the end of a word finds what begins so; -word is not there. Nothing of it is taken for FTS5's own syntax.
// Fails with A208 when it holds no word to look for.
Result<std::string> words_query(std::string_view typed);

}  // namespace gander::store
