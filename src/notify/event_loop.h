// EventLoop: descriptors and what to do when they are ready, behind one descriptor that a role can poll.
//
// Owns:    its epoll descriptor; not what is watched.
// Threads: one thread.
// Cost:    dispatch() is one system call and the callbacks of what is ready.
// Fails:   the constructor throws std::system_error when the system has no descriptor left.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace gander::notify {

class EventLoop {
 public:
  using Callback = std::function<void(uint32_t events)>;

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  int descriptor() const { return epoll_; }
  // Watches, or changes what a descriptor is watched for (the callback is replaced).
  void watch(int descriptor, uint32_t events, Callback callback);
  void unwatch(int descriptor);
  // Calls back for what is ready now. Callbacks may watch and unwatch.
  void dispatch();

 private:
  struct Watched {
    uint64_t serial;
    std::shared_ptr<Callback> callback;
  };
  int epoll_;
  uint64_t serial_ = 0;
  std::map<int, Watched> watched_;
};

}  // namespace gander::notify
