#include "integrity/thread_pool.h"

#include <sched.h>

#include <utility>

namespace gander::integrity {

ThreadPool::ThreadPool(size_t threads, const std::function<void()>& at_start) {
  for (size_t i = 0; i < (threads == 0 ? 1 : threads); ++i) {
    threads_.emplace_back([this, i, at_start] {
      if (at_start) at_start();
      while (auto task = tasks_.pop()) (*task)(i);
    });
  }
}

ThreadPool::~ThreadPool() {
  tasks_.close();
}

void ThreadPool::submit(std::function<void(size_t worker)> task) {
  tasks_.push(std::move(task));
}

size_t ThreadPool::allowed_processors() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int count = CPU_COUNT(&set);
  return count > 0 ? static_cast<size_t>(count) : 1;
}

}  // namespace gander::integrity
