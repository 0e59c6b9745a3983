// Mutex and MutexLock: std::mutex with the annotations that clang's -Wthread-safety checks (preset `clang`).
//
// Write GANDER_GUARDED_BY(mutex_) behind a member and clang refuses code that touches it without the lock.
// To wait for something under the lock, use CondVar.
//
// Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define GANDER_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define GANDER_THREAD_ATTRIBUTE(x)
#endif
#define GANDER_CAPABILITY(x) GANDER_THREAD_ATTRIBUTE(capability(x))
#define GANDER_SCOPED_CAPABILITY GANDER_THREAD_ATTRIBUTE(scoped_lockable)
#define GANDER_GUARDED_BY(x) GANDER_THREAD_ATTRIBUTE(guarded_by(x))
#define GANDER_REQUIRES(...) GANDER_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define GANDER_EXCLUDES(...) GANDER_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define GANDER_ACQUIRE(...) GANDER_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define GANDER_RELEASE(...) GANDER_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define GANDER_UNCHECKED GANDER_THREAD_ATTRIBUTE(no_thread_safety_analysis)

namespace gander::base {

class GANDER_CAPABILITY("mutex") Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() GANDER_ACQUIRE() { mutex_.lock(); }
  void unlock() GANDER_RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class GANDER_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) GANDER_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() GANDER_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex. Waits may end early; ask the condition again in a loop.
class CondVar {
 public:
  void wait(Mutex& mutex) GANDER_REQUIRES(mutex) GANDER_UNCHECKED { condition_.wait(mutex); }
  template <class Rep, class Period>
  std::cv_status wait_for(Mutex& mutex, std::chrono::duration<Rep, Period> most)
      GANDER_REQUIRES(mutex) GANDER_UNCHECKED {
    return condition_.wait_for(mutex, most);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace gander::base
