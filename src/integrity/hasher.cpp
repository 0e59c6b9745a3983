#include "integrity/hasher.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <vector>

namespace gander::integrity {
namespace {

constexpr uint64_t kGrowth = 64 * 1024 * 1024;

struct Free {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One digest with its context; the algorithm is fetched once, which is dear in OpenSSL 3.
class Digest {
 public:
  Digest(const char* name, unsigned check)
      : check_(check), md_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::bad_alloc();
  }
  // False when the system's OpenSSL refuses the algorithm (MD5 in FIPS mode).
  bool start(unsigned checks) {
    on_ = (checks & check_) != 0 && md_ && EVP_DigestInit_ex2(context_.get(), md_.get(), nullptr) == 1;
    return on_;
  }
  void add(std::string_view bytes) {
    if (on_) EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  unsigned finish(uint8_t* out) {
    if (!on_) return 0;
    return EVP_DigestFinal_ex(context_.get(), out, nullptr) == 1 ? check_ : 0;
  }

 private:
  unsigned check_;
  std::unique_ptr<EVP_MD, Free> md_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
  bool on_ = false;
};

}  // namespace

struct Hasher::Impl {
  Digest md5{"MD5", Check::Md5};
  Digest sha1{"SHA1", Check::Sha1};
  Digest sha256{"SHA256", Check::Sha256};
  std::vector<char> buffer;  // made by the first read()
};

void advise(int fd, uint64_t expected) {
  if (expected > kReadSize * 4) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

bool too_long(uint64_t read, uint64_t expected) {
  return read > expected * 2 + kGrowth;
}

Hasher::Hasher() : impl_(std::make_unique<Impl>()) {}
Hasher::~Hasher() = default;

void Hasher::start(unsigned checks) {
  impl_->md5.start(checks);
  impl_->sha1.start(checks);
  impl_->sha256.start(checks);
}

void Hasher::add(std::string_view bytes) {
  impl_->md5.add(bytes);
  impl_->sha1.add(bytes);
  impl_->sha256.add(bytes);
}

Digests Hasher::finish() {
  Digests out;
  out.present |= impl_->md5.finish(out.md5.data());
  out.present |= impl_->sha1.finish(out.sha1.data());
  out.present |= impl_->sha256.finish(out.sha256.data());
  return out;
}

namespace {

// Bytes of the hole at `at`; 0 when there are data, or the file system does not tell.
uint64_t hole_at(int fd, uint64_t at, uint64_t end) {
  const off_t data = ::lseek(fd, static_cast<off_t>(at), SEEK_DATA);
  uint64_t hole = 0;
  if (data < 0 && errno == ENXIO) hole = end > at ? end - at : 0;
  if (data > 0 && static_cast<uint64_t>(data) > at) hole = std::min(static_cast<uint64_t>(data), end) - at;
  ::lseek(fd, static_cast<off_t>(at + hole), SEEK_SET);
  return hole;
}

}  // namespace

int Hasher::read(int fd, uint64_t expected, uint64_t allocated, unsigned checks, const std::atomic<bool>* stop,
                 Digests& digests, uint64_t& read_bytes) {
  static constexpr std::array<char, kReadSize> kZeros{};
  start(checks);
  const bool sparse = is_sparse(expected, allocated);
  impl_->buffer.resize(kReadSize);
  advise(fd, expected);
  uint64_t at = 0;
  for (;;) {
    if (stop && stop->load(std::memory_order_relaxed)) return ECANCELED;
    if (sparse && at < expected) {
      // A terabyte of nothing must not keep the scan beyond one look at the stop flag each few megabytes.
      uint64_t hole = std::min<uint64_t>(hole_at(fd, at, expected), 64 * kReadSize);
      if (hole != 0) ::lseek(fd, static_cast<off_t>(at + hole), SEEK_SET);
      at += hole;
      for (; hole > 0; hole -= std::min<uint64_t>(hole, kReadSize)) {
        add({kZeros.data(), static_cast<size_t>(std::min<uint64_t>(hole, kReadSize))});
      }
    }
    const ssize_t got = ::read(fd, impl_->buffer.data(), kReadSize);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    add({impl_->buffer.data(), static_cast<size_t>(got)});
    at += static_cast<uint64_t>(got);
    read_bytes += static_cast<uint64_t>(got);
    if (too_long(at, expected)) return EOVERFLOW;
    // Behind a hole a short read is none: only nothing is the end.
    if (got == 0 || (!sparse && is_end(static_cast<size_t>(got), at, expected))) break;
  }
  digests = finish();
  return 0;
}

}  // namespace gander::integrity
