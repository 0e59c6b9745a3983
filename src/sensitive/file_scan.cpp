#include "sensitive/file_scan.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace gander::sensitive {
namespace {

constexpr size_t kAhead = size_t{64} * 1024;  // more than the longest finding: what begins before is whole
constexpr size_t kBehind = 1024;              // what a check looks back
constexpr size_t kFirst = 8192;               // where a zero byte makes a file binary

KindSet without_passwords(KindSet kinds) {
  KindSet out;
  for (size_t i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (kind != Kind::Password && kinds.has(kind)) out.add(kind);
  }
  return out;
}

}  // namespace

FileScan::FileScan(const Detector& detector, size_t most_findings, size_t block)
    : detector_(detector),
      most_(most_findings),
      size_(std::max(block, 2 * (kAhead + kBehind))),
      buffer_(std::make_unique<char[]>(size_)) {}

int FileScan::fill(int fd, FileFindings& out) {
  while (used_ < size_ && !ended_) {
    const ssize_t got = ::read(fd, buffer_.get() + used_, size_ - used_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    ended_ = got == 0;
    used_ += static_cast<size_t>(got);
    out.bytes += static_cast<uint64_t>(got);
  }
  return 0;
}

void FileScan::look(FileFindings& out) {
  const std::string_view text(buffer_.get(), used_);
  const size_t limit = ended_ ? used_ : used_ - kAhead;
  const Detector detector = out.binary ? Detector(without_passwords(detector_.kinds())) : detector_;
  for (Finding& f : detector.scan(text, near_misses_)) {
    if (f.offset >= limit || f.offset < from_ || base_ + f.offset < found_end_) continue;
    f.offset += base_;
    f.line += lines_;
    found_end_ = f.offset + f.length;
    if (out.findings.size() < most_) {
      out.findings.push_back(std::move(f));
    } else {
      ++out.left_out;
    }
  }
}

void FileScan::drop_done() {
  const size_t limit = used_ - kAhead;
  const size_t gone = limit - kBehind;
  lines_ += static_cast<uint64_t>(std::count(buffer_.get(), buffer_.get() + gone, '\n'));
  std::memmove(buffer_.get(), buffer_.get() + gone, used_ - gone);
  used_ -= gone;
  base_ += gone;
  from_ = kBehind;
}

void FileScan::drop_chance(FileFindings& out) const {
  const auto bare = static_cast<uint64_t>(
      std::count_if(out.findings.begin(), out.findings.end(), [](const Finding& f) { return f.bare; }));
  constexpr uint64_t kFew = 3;
  if (near_misses_ <= kFew || near_misses_ < 2 * bare) return;
  std::erase_if(out.findings, [](const Finding& f) { return f.bare; });
}

int FileScan::scan(int fd, FileFindings& out, const std::atomic<bool>* stop) {
  used_ = from_ = 0;
  base_ = lines_ = found_end_ = near_misses_ = 0;
  ended_ = false;
  out = {};
  for (bool first = true;; first = false) {
    if (stop && stop->load(std::memory_order_relaxed)) return ECANCELED;
    const int error = fill(fd, out);
    if (first) out.binary = std::memchr(buffer_.get(), 0, std::min(used_, kFirst)) != nullptr;
    if (error != 0) ended_ = true;
    look(out);
    if (ended_) {
      drop_chance(out);
      return error;
    }
    drop_done();
  }
}

}  // namespace gander::sensitive
