// BoundedQueue: hands values from threads to threads, never more than a fixed number of them at a time.
//
// Owns:    the values in it; their places are allocated once.
// Threads: locked inside; any number of producers and consumers.
// Cost:    one lock a call; no allocation but what moving a T costs.
// Fails:   push() after close() gives the value back to nobody and says so; pop() says nothing more will come.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace gander::base {

enum class QueuePolicy {
  Block,               // push() waits for room
  DropOldestAndCount,  // push() takes the place of the oldest value; dropped() counts
};

template <class T>
class BoundedQueue {
 public:
  // `capacity` of at least 1.
  explicit BoundedQueue(size_t capacity, QueuePolicy policy = QueuePolicy::Block)
      : ring_(capacity == 0 ? 1 : capacity), policy_(policy) {}

  // False when the queue is closed; the value is then gone.
  bool push(T value) GANDER_EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      if (policy_ == QueuePolicy::Block) {
        while (size_ == ring_.size() && !closed_) room_.wait(mutex_);
      }
      if (closed_) return false;
      if (size_ == ring_.size()) {
        take_front();
        ++dropped_;
      }
      ring_[(head_ + size_) % ring_.size()].emplace(std::move(value));
      ++size_;
    }
    filled_.notify_one();
    return true;
  }

  // The next value; waits for one. Nothing once the queue is closed and empty.
  std::optional<T> pop() GANDER_EXCLUDES(mutex_) {
    std::optional<T> value;
    {
      const MutexLock lock(mutex_);
      while (size_ == 0 && !closed_) filled_.wait(mutex_);
      if (size_ == 0) return value;
      value = take_front();
    }
    room_.notify_one();
    return value;
  }

  // The next value if there is one now.
  std::optional<T> try_pop() GANDER_EXCLUDES(mutex_) {
    std::optional<T> value;
    {
      const MutexLock lock(mutex_);
      if (size_ == 0) return value;
      value = take_front();
    }
    room_.notify_one();
    return value;
  }

  // No more pushes; what is in the queue can still be popped. Wakes everyone who waits.
  void close() GANDER_EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      closed_ = true;
    }
    room_.notify_all();
    filled_.notify_all();
  }

  // close(), and what is in the queue is thrown away; returns how many values that were.
  size_t stop() GANDER_EXCLUDES(mutex_) {
    size_t thrown = 0;
    {
      const MutexLock lock(mutex_);
      closed_ = true;
      while (size_ > 0) {
        take_front();
        ++thrown;
      }
    }
    room_.notify_all();
    filled_.notify_all();
    return thrown;
  }

  size_t size() const GANDER_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return size_;
  }
  bool closed() const GANDER_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return closed_;
  }
  uint64_t dropped() const GANDER_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return dropped_;
  }

 private:
  T take_front() GANDER_REQUIRES(mutex_) {
    std::optional<T>& front = ring_[head_];
    T value = std::move(*front);
    front.reset();
    head_ = (head_ + 1) % ring_.size();
    --size_;
    return value;
  }

  mutable Mutex mutex_;
  CondVar room_;
  CondVar filled_;
  std::vector<std::optional<T>> ring_ GANDER_GUARDED_BY(mutex_);
  size_t head_ GANDER_GUARDED_BY(mutex_) = 0;
  size_t size_ GANDER_GUARDED_BY(mutex_) = 0;
  uint64_t dropped_ GANDER_GUARDED_BY(mutex_) = 0;
  bool closed_ GANDER_GUARDED_BY(mutex_) = false;
  const QueuePolicy policy_;
};

}  // namespace gander::base
