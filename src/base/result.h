// Result: the one way a function says "no" (bad input is never an exception, never an exit).
//
// Threads: values; no shared state.
// Fails:   see docs/reference/diagnostics.md for every ErrorCode.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace gander {

// Where in a file something stands. line and column are 1-based, 0 = unknown; column counts bytes.
struct SourcePos {
  std::string file;
  int line = 0;
  int column = 0;

  bool operator==(const SourcePos&) const = default;
};

// A stable code such as "R014": the letter names the area (X XML, C configuration, D decoders, R rules, T patterns,
// L lists, K tests of rules, I input and files, A alerts and reports, V responses), the number never changes its
// meaning.
using ErrorCode = std::string_view;  // always a string literal

struct Error {
  ErrorCode code;
  std::string message;  // one sentence, no final newline
  SourcePos at;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, SourcePos at = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(at)});
}

}  // namespace gander
