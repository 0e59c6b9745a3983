#include "output/output_stream.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace gander::output {

OutputStream::OutputStream(int descriptor, std::string name)
    : descriptor_(descriptor), terminal_(isatty(descriptor) == 1), name_(std::move(name)) {}

OutputStream::~OutputStream() {
  (void)flush();
}

Result<void> OutputStream::commit() {
  if (failure_ || terminal_ || buffer_.size() >= kLargeWrite) return flush();
  return {};
}

Result<void> OutputStream::flush() {
  if (!failure_ && !buffer_.empty()) {
    const Result<void> done = write_all(buffer_);
    if (!done) failure_ = done.error();
  }
  buffer_.clear();
  if (failure_) return tl::unexpected<Error>(*failure_);
  return {};
}

Result<void> OutputStream::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n >= 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
      written_ += static_cast<uint64_t>(n);
      continue;
    }
    const int reason = errno;
    if (reason == EINTR) continue;
    if (reason == EAGAIN || reason == EWOULDBLOCK) {
      pollfd wait{descriptor_, POLLOUT, 0};
      if (::poll(&wait, 1, -1) >= 0 || errno == EINTR) continue;
    }
    return fail(reason == EPIPE ? "A001" : "A002",
                "cannot write to " + name_ + ": " + std::generic_category().message(reason));
  }
  return {};
}

}  // namespace gander::output
