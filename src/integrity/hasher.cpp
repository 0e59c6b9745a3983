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

constexpr size_t kBuffer = 128 * 1024;
constexpr uint64_t kGrowth = 64 * 1024 * 1024;
constexpr uint64_t kSparseFrom = 16 * 1024 * 1024;

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
  std::vector<char> buffer = std::vector<char>(kBuffer);
};

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
  static constexpr std::array<char, kBuffer> kZeros{};
  start(checks);
  const bool sparse = expected > kSparseFrom && allocated < expected / 2;
  if (expected > kBuffer * 4) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  uint64_t at = 0;
  for (;;) {
    if (stop && stop->load(std::memory_order_relaxed)) return ECANCELED;
    if (sparse && at < expected) {
      // A terabyte of nothing must not keep the scan beyond one look at the stop flag each few megabytes.
      uint64_t hole = std::min<uint64_t>(hole_at(fd, at, expected), 64 * kBuffer);
      if (hole != 0) ::lseek(fd, static_cast<off_t>(at + hole), SEEK_SET);
      at += hole;
      for (; hole > 0; hole -= std::min<uint64_t>(hole, kBuffer)) {
        add({kZeros.data(), static_cast<size_t>(std::min<uint64_t>(hole, kBuffer))});
      }
    }
    const ssize_t got = ::read(fd, impl_->buffer.data(), kBuffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    add({impl_->buffer.data(), static_cast<size_t>(got)});
    at += static_cast<uint64_t>(got);
    read_bytes += static_cast<uint64_t>(got);
    if (at > expected * 2 + kGrowth) return EOVERFLOW;
    // A short read of a regular file is its end; one call saved on most files.
    if (!sparse && at >= expected && static_cast<size_t>(got) < kBuffer) break;
  }
  digests = finish();
  return 0;
}

}  // namespace gander::integrity
