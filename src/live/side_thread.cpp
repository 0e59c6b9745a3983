#include "live/side_thread.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <system_error>
#include <utility>

namespace gander::live {

SideThread::SideThread() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

SideThread::~SideThread() {
  if (!thread_.joinable()) return;
  {
    const base::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SideThread::start(Work work) {
  busy_ = true;
  if (!thread_.joinable()) {
    try {
      thread_ = std::thread([this] { run(); });
    } catch (const std::system_error&) {
      work();
      return tell_end();
    }
  }
  {
    const base::MutexLock lock(mutex_);
    work_ = std::move(work);
  }
  changed_.notify_all();
}

void SideThread::tell_end() {
  {
    const base::MutexLock lock(mutex_);
    ended_ = true;
    const uint64_t one = 1;
    static_cast<void>(!::write(event_.get(), &one, sizeof one));
  }
  changed_.notify_all();
}

void SideThread::run() {
  for (;;) {
    Work work;
    {
      const base::MutexLock lock(mutex_);
      while (!work_ && !stopping_) changed_.wait(mutex_);
      if (!work_) return;
      work = std::exchange(work_, nullptr);
    }
    work();
    tell_end();
  }
}

bool SideThread::take() {
  if (!busy_) return false;
  const base::MutexLock lock(mutex_);
  if (!ended_) return false;
  ended_ = busy_ = false;
  uint64_t count = 0;
  static_cast<void>(!::read(event_.get(), &count, sizeof count));
  return true;
}

void SideThread::wait() {
  if (!busy_) return;
  const base::MutexLock lock(mutex_);
  while (!ended_) changed_.wait(mutex_);
}

}  // namespace gander::live
