// LogText: the bytes of a dated file at any place, whether it is plain or was compressed.
//
// Owns:    a descriptor or a decompressor.
// Threads: one thread.
// Cost:    going back in a compressed file starts it again.
// Fails:   A204; a compressed file that is damaged ends where the damage is, and damaged() says so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace gander::store {

class LogText {
 public:
  // PATH, or PATH.gz when there is no PATH.
  static Result<LogText> open(const std::string& path);
  ~LogText();
  LogText(LogText&&) noexcept;
  LogText& operator=(LogText&&) noexcept;

  // Up to `size` bytes from `offset`; fewer at the end.
  Result<void> read(uint64_t offset, size_t size, std::string& out);
  // How many bytes there are; reads a compressed file to its end.
  Result<uint64_t> size();
  bool damaged() const;
  bool compressed() const;

 private:
  struct Impl;
  explicit LogText(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::store
