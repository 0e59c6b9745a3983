// WorkPool: where a scan has its files read (thread_pool.h), or the caller's own thread.
//
// Threads: submit() from one thread; tasks run on any, those of one worker one after the other.
// Fails:   cannot; a task must not throw.
#pragma once

#include <cstddef>
#include <functional>

namespace gander::integrity {

class WorkPool {
 public:
  virtual ~WorkPool() = default;
  virtual size_t workers() const = 0;
  // Runs `task(worker)`, worker < workers(), now or later.
  virtual void submit(std::function<void(size_t worker)> task) = 0;
};

// Runs each task at once on the caller's thread.
class InlinePool final : public WorkPool {
 public:
  size_t workers() const override { return 1; }
  void submit(std::function<void(size_t worker)> task) override { task(0); }
};

}  // namespace gander::integrity
