// Arena: bytes that live until reset(); blocks are kept and used again, so a warmed-up arena does not allocate.
//
// Owns:    its blocks. Views returned live until reset() or destruction; moving the arena keeps them valid.
// Threads: one thread.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace gander::base {

class Arena {
 public:
  static constexpr size_t kBlock = 4096;

  // `size` writable bytes, not initialised; never null, also for size 0.
  char* allocate(size_t size) {
    while (block_ < blocks_.size()) {
      Block& b = blocks_[block_];
      if (b.size - used_ >= size) {
        char* const p = b.bytes.get() + used_;
        used_ += size;
        return p;
      }
      ++block_;
      used_ = 0;
    }
    return grow(size);
  }

  // A copy of `text`; the result's data() is never null.
  std::string_view copy(std::string_view text) {
    char* const p = allocate(text.size());
    if (!text.empty()) std::memcpy(p, text.data(), text.size());
    return {p, text.size()};
  }

  // Forgets everything. Blocks stay, but what one giant line made them grow by is given back.
  void reset() {
    if (blocks_.size() > kKeep) blocks_.resize(kKeep);
    if (!blocks_.empty() && blocks_.back().size > kLarge) blocks_.pop_back();
    block_ = 0;
    used_ = 0;
  }

 private:
  static constexpr size_t kKeep = 4;
  static constexpr size_t kLarge = size_t{256} * 1024;
  struct Block {
    std::unique_ptr<char[]> bytes;
    size_t size = 0;
  };

  char* grow(size_t size) {
    const size_t want = size > kBlock ? size : kBlock;
    blocks_.push_back({std::unique_ptr<char[]>(new char[want]), want});
    block_ = blocks_.size() - 1;
    used_ = size;
    return blocks_.back().bytes.get();
  }

  std::vector<Block> blocks_;
  size_t block_ = 0;
  size_t used_ = 0;
};

}  // namespace gander::base
