// Ring: a queue whose elements have positions that never change; what is popped is used again, not destroyed.
//
// Owns:    its elements. References live until the ring grows.
// Threads: one thread.
// Cost:    O(1); doubles its room when full, so a warmed-up ring does not allocate.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace gander::rules {

template <class T>
class Ring {
 public:
  // Positions held: begin() up to, not including, end().
  uint64_t begin() const { return begin_; }
  uint64_t end() const { return end_; }
  size_t size() const { return static_cast<size_t>(end_ - begin_); }
  bool empty() const { return begin_ == end_; }
  size_t room() const { return slots_.size(); }

  T& at(uint64_t position) { return slots_[place(position)]; }
  const T& at(uint64_t position) const { return slots_[place(position)]; }
  T& front() { return at(begin_); }
  const T& front() const { return at(begin_); }
  T& back() { return at(end_ - 1); }
  const T& back() const { return at(end_ - 1); }

  // A new last element, with what an earlier one left in its place.
  T& push() {
    if (size() == slots_.size()) grow();
    return at(end_++);
  }
  // What the `ahead`th push from now will give, if the ring does not grow by then; null: nothing yet.
  const T* coming(size_t ahead) const { return slots_.empty() ? nullptr : &slots_[place(end_ + ahead)]; }
  void pop_front() { ++begin_; }
  void pop_back() { --end_; }

 private:
  size_t place(uint64_t position) const { return static_cast<size_t>(position) & (slots_.size() - 1); }

  void grow() {
    std::vector<T> before(slots_.empty() ? 16 : slots_.size() * 2);
    before.swap(slots_);
    for (uint64_t p = begin_; p != end_; ++p) at(p) = std::move(before[static_cast<size_t>(p) & (before.size() - 1)]);
  }

  std::vector<T> slots_;
  uint64_t begin_ = 1;
  uint64_t end_ = 1;
};

}  // namespace gander::rules
