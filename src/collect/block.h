// Block: a piece of an input, cut into lines. A reader fills it again and again; its memory is kept.
//
// Owns:    its bytes; line() views live until the block is filled again or destroyed. Moving keeps them valid.
// Threads: one at a time; a filled block may be handed to another thread.
// Cost:    no allocation once the largest block has been seen.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gander::collect {

struct Line {
  size_t begin = 0;  // in the block's bytes
  size_t size = 0;
  uint64_t number = 0;  // 1-based, in its input; pieces of one long line share a number
};

class Block {
 public:
  size_t size() const { return lines_.size(); }
  bool empty() const { return lines_.empty(); }
  std::string_view line(size_t i) const { return {bytes_.get() + lines_[i].begin, lines_[i].size}; }
  uint64_t number(size_t i) const { return lines_[i].number; }
  // Which input it is from, as given to the reader.
  size_t input() const { return input_; }

 private:
  friend class LogReader;

  // Room for `capacity` bytes; the first `keep` bytes survive.
  void reserve(size_t capacity, size_t keep);

  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
  std::vector<Line> lines_;
  size_t input_ = 0;
};

}  // namespace gander::collect
