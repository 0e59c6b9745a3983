#include "live/link.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace gander::live {
namespace {

constexpr size_t kHead = 5;
constexpr size_t kRead = size_t{256} << 10;

uint32_t length_at(const char* p) {
  uint32_t n = 0;
  std::memcpy(&n, p, sizeof n);
  return n;
}

}  // namespace

Link::Link(base::Descriptor socket) : socket_(std::move(socket)), state_(socket_ ? State::Open : State::Closed) {
  if (!socket_) return;
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
  const int size = 1 << 20;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

std::pair<base::Descriptor, base::Descriptor> Link::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error(std::string("no socket pair: ") + std::strerror(errno));
  }
  return {base::Descriptor(ends[0]), base::Descriptor(ends[1])};
}

void Link::send(Frame kind, std::string_view payload) {
  if (state_ == State::Closed) return;
  const auto length = static_cast<uint32_t>(payload.size() + 1);
  char head[kHead];
  std::memcpy(head, &length, sizeof length);
  head[4] = static_cast<char>(kind);
  out_.append(head, kHead).append(payload);
  flush();
}

void Link::send(Frame kind, std::string_view payload, int fd) {
  if (state_ == State::Closed) return;
  // It goes with the frame's first byte, so that its order among frames is known.
  out_descriptors_.emplace_back(out_.size(), base::Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 0)));
  send(kind, payload);
}

bool Link::flush() {
  while (state_ == State::Open && out_done_ < out_.size()) {
    size_t end = out_.size();
    msghdr message{};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    const bool carries = !out_descriptors_.empty() && out_descriptors_.front().first == out_done_;
    if (carries) {
      message.msg_control = control;
      message.msg_controllen = sizeof control;
      cmsghdr* const c = CMSG_FIRSTHDR(&message);
      c->cmsg_level = SOL_SOCKET;
      c->cmsg_type = SCM_RIGHTS;
      c->cmsg_len = CMSG_LEN(sizeof(int));
      const int fd = out_descriptors_.front().second.get();
      std::memcpy(CMSG_DATA(c), &fd, sizeof fd);
      end = out_done_ + 1;
    } else if (!out_descriptors_.empty()) {
      end = out_descriptors_.front().first;
    }
    iovec piece{out_.data() + out_done_, end - out_done_};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    const ssize_t n = ::sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) state_ = State::Closed;
      break;
    }
    if (carries && n > 0) out_descriptors_.pop_front();
    out_done_ += static_cast<size_t>(n);
  }
  if (out_done_ == out_.size()) {
    out_.clear();
    out_done_ = 0;
  } else if (out_done_ > kRead) {
    out_.erase(0, out_done_);
    for (auto& [offset, fd] : out_descriptors_) offset -= out_done_;
    out_done_ = 0;
  }
  return out_.empty();
}

void Link::read_some() {
  if (!buffer_) buffer_ = std::make_unique_for_overwrite<char[]>(kRead);
  iovec piece{buffer_.get(), kRead};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 8)] = {};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t n = 0;
  do {
    n = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  if (n > 0) in_.append(buffer_.get(), static_cast<size_t>(n));
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
    state_ = State::Closed;
    return;
  }
  if (n < 0) return;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      in_descriptors_.emplace_back(fd);
    }
  }
}

bool Link::pump(const Take& take) {
  if (hand_out(take)) return true;
  if (state_ == State::Open) read_some();
  return hand_out(take);
}

bool Link::hand_out(const Take& take) {
  bool more = false;
  while (in_.size() - in_done_ >= kHead) {
    const uint32_t length = length_at(in_.data() + in_done_);
    if (length == 0 || length > kLargestFrame) {
      state_ = State::Closed;
      break;
    }
    if (in_.size() - in_done_ < length + 4) break;
    const auto kind = static_cast<Frame>(static_cast<uint8_t>(in_[in_done_ + 4]));
    const std::string_view payload(in_.data() + in_done_ + kHead, length - 1);
    in_done_ += length + 4;
    if (!take(kind, payload)) {
      more = in_.size() - in_done_ >= kHead && in_.size() - in_done_ >= length_at(in_.data() + in_done_) + 4;
      break;
    }
  }
  if (in_done_ == in_.size()) {
    in_.clear();
    in_done_ = 0;
  } else if (in_done_ > kRead) {
    in_.erase(0, in_done_);
    in_done_ = 0;
  }
  return more;
}

base::Descriptor Link::take_descriptor() {
  if (in_descriptors_.empty()) return {};
  base::Descriptor fd = std::move(in_descriptors_.front());
  in_descriptors_.pop_front();
  return fd;
}

}  // namespace gander::live
