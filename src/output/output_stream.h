// OutputStream: a buffer in front of a file descriptor; large writes, and after each alert only on a terminal.
//
// Owns:    its buffer, not the descriptor.
// Threads: one thread.
// Cost:    one system call per 64 KiB; nothing is flushed per alert unless someone watches.
// Fails:   A001 the reader has gone (closed pipe), A002 any other failed write. The first failure is kept: every later
//          call returns it again and what is in the buffer is dropped. The destructor flushes and stays silent.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace gander::output {

class OutputStream {
 public:
  static constexpr size_t kLargeWrite = size_t{64} * 1024;

  // `name` is how messages call it: "standard output" or a path.
  OutputStream(int descriptor, std::string name);
  ~OutputStream();
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  // Append here, then commit().
  std::string& buffer() { return buffer_; }
  // The end of one alert or message: writes when enough has come together or the descriptor is a terminal.
  Result<void> commit();
  // Writes all that is held.
  Result<void> flush();

  bool is_terminal() const { return terminal_; }
  uint64_t bytes_written() const { return written_; }

 private:
  Result<void> write_all(std::string_view bytes);

  int descriptor_;
  bool terminal_;
  std::string name_;
  std::string buffer_;
  uint64_t written_ = 0;
  std::optional<Error> failure_;
};

}  // namespace gander::output
