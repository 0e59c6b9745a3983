// ThreadPool: threads for work that can be done in any order; a scan has its files read here.
//
// Owns:    its threads; they end with it, after the tasks that were handed in.
// Threads: submit() from one thread.
// Cost:    a lock a task.
// Fails:   cannot, once made; a task must not throw.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "integrity/work_pool.h"

namespace gander::integrity {

class ThreadPool final : public WorkPool {
 public:
  // `at_start` runs first on each thread (base::give_way, for example).
  explicit ThreadPool(size_t threads, const std::function<void()>& at_start = {});
  ~ThreadPool() override;

  size_t workers() const override { return threads_.size(); }
  void submit(std::function<void(size_t worker)> task) override;

  // How many processors this process may use.
  static size_t allowed_processors();

 private:
  base::BoundedQueue<std::function<void(size_t)>> tasks_{256};
  std::vector<std::jthread> threads_;
};

}  // namespace gander::integrity
