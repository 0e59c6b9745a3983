#include "notify/event_loop.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace gander::notify {
namespace {

// A descriptor closed and opened again between two events of one round has another serial.
uint64_t key_of(int descriptor, uint64_t serial) {
  return (serial << 32) | static_cast<uint32_t>(descriptor);
}

}  // namespace

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

EventLoop::~EventLoop() {
  ::close(epoll_);
}

void EventLoop::watch(int descriptor, uint32_t events, Callback callback) {
  const auto found = watched_.find(descriptor);
  const bool known = found != watched_.end();
  const uint64_t serial = known ? found->second.serial : ++serial_ & 0xFFFFFFFF;
  epoll_event event{};
  event.events = events;
  event.data.u64 = key_of(descriptor, serial);
  if (::epoll_ctl(epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event) != 0 && known) {
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);  // it was closed and opened again
  }
  watched_[descriptor] = {serial, std::make_shared<Callback>(std::move(callback))};
}

void EventLoop::unwatch(int descriptor) {
  if (watched_.erase(descriptor) != 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void EventLoop::dispatch() {
  std::array<epoll_event, 64> ready{};
  const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    const uint64_t key = ready[static_cast<size_t>(i)].data.u64;
    const auto found = watched_.find(static_cast<int>(key & 0xFFFFFFFF));
    if (found == watched_.end() || found->second.serial != key >> 32) continue;
    const std::shared_ptr<Callback> callback = found->second.callback;  // it may unwatch itself
    (*callback)(ready[static_cast<size_t>(i)].events);
  }
}

}  // namespace gander::notify
