// FileScan: looks through a file of any size, a block at a time, for a Detector.
//
// Owns:    a buffer, used again for each file.
// Threads: one thread at a time.
// Cost:    one read of the file; memory of one block (1 MiB) and the findings.
// Fails:   scan() gives errno of the read that failed; what was found before it stays.
// Binary:  in a file with a zero byte at its start, passwords in configuration and URLs are not looked for: names and
//          signs stand there by chance.
// Tables:  a file with many numbers that only lack a card's checksum is a table of other numbers; bare card numbers in
// it
//          are chance and left out.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "sensitive/detector.h"

namespace gander::sensitive {

struct FileFindings {
  std::vector<Finding> findings;
  uint64_t left_out = 0;  // beyond the most that was asked for
  uint64_t bytes = 0;     // read
  bool binary = false;
};

class FileScan {
 public:
  static constexpr size_t kNoLimit = ~size_t{0};

  explicit FileScan(const Detector& detector, size_t most_findings = kNoLimit, size_t block = size_t{1} << 20);

  // From the descriptor's place to its end (0 or errno; ECANCELED: `stop` was set).
  int scan(int fd, FileFindings& out, const std::atomic<bool>* stop = nullptr);

 private:
  int fill(int fd, FileFindings& out);
  void look(FileFindings& out);
  void drop_done();
  void drop_chance(FileFindings& out) const;

  Detector detector_;
  size_t most_;
  size_t size_;
  std::unique_ptr<char[]> buffer_;
  size_t used_ = 0;
  bool ended_ = false;
  size_t from_ = 0;         // bytes of the buffer that are only there to be looked back at
  uint64_t base_ = 0;       // place of the buffer in the file
  uint64_t lines_ = 0;      // newlines before the buffer
  uint64_t found_end_ = 0;  // in the file
  uint64_t near_misses_ = 0;
};

}  // namespace gander::sensitive
