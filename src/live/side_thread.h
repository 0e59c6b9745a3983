// SideThread: does one piece of work at a time beside its owner, and wakes the owner's poll() when it has ended.
//
// The thread is made with the first piece of work: a process that never needs it has one thread.
//
// Owns:    the thread, an event descriptor.
// Threads: all calls from the owner's thread; start() and take() order what either thread did before it.
// Fails:   where no thread can be made start() does the work itself.
#pragma once

#include <functional>
#include <thread>

#include "base/descriptor.h"
#include "base/mutex.h"

namespace gander::live {

class SideThread {
 public:
  using Work = std::function<void()>;

  SideThread();
  ~SideThread();  // waits for the work
  SideThread(const SideThread&) = delete;
  SideThread& operator=(const SideThread&) = delete;

  // Needs: the work before it was taken.
  void start(Work work);
  // Work was started and not taken yet.
  bool busy() const { return busy_; }
  // True once for each work, when it has ended.
  bool take();
  // Waits until take() would say yes.
  void wait();
  // Readable from the end of the work until it is taken.
  int descriptor() const { return event_.get(); }

 private:
  void run();
  void tell_end();

  base::Descriptor event_;
  bool busy_ = false;  // the owner's
  base::Mutex mutex_;
  base::CondVar changed_;
  Work work_ GANDER_GUARDED_BY(mutex_);
  bool ended_ GANDER_GUARDED_BY(mutex_) = false;
  bool stopping_ GANDER_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace gander::live
