#include "rootcheck/presence.h"

#include <dirent.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "base/descriptor.h"

namespace gander::rootcheck {
namespace {

struct DirCloser {
  void operator()(DIR* d) const { ::closedir(d); }
};
struct ContextFree {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextFree>;

Context start(const EVP_MD* kind) {
  Context c(EVP_MD_CTX_new());
  if (c && EVP_DigestInit_ex(c.get(), kind, nullptr) != 1) c.reset();
  return c;
}

std::string hex_of(const Context& context) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (!context || EVP_DigestFinal_ex(context.get(), bytes.data(), &size) != 1) return "n/a";
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out;
}

}  // namespace

bool is_present(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) == 0 || ::lstat(path.c_str(), &s) == 0 || ::access(path.c_str(), F_OK) == 0) return true;
  // Without the library in between.
  if (::syscall(SYS_faccessat, AT_FDCWD, path.c_str(), F_OK) == 0) return true;
  if (const std::unique_ptr<DIR, DirCloser> d(::opendir(path.c_str())); d) return true;
  // O_PATH reads nothing: a pipe or device is not woken.
  if (base::Descriptor(::open(path.c_str(), O_PATH | O_CLOEXEC))) return true;
  return static_cast<bool>(
      base::Descriptor(static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), O_PATH | O_CLOEXEC))));
}

std::string digests_of(const std::string& path) {
  static constexpr const char* kNone = " MD5=n/a SHA1=n/a SHA256=n/a";
  const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat s {};
  if (!fd || ::fstat(fd.get(), &s) != 0 || !S_ISREG(s.st_mode)) return kNone;
  const Context md5 = start(EVP_md5());
  const Context sha1 = start(EVP_sha1());
  const Context sha256 = start(EVP_sha256());
  std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return kNone;
    if (got == 0) break;
    for (const Context* c : {&md5, &sha1, &sha256}) {
      if (*c) EVP_DigestUpdate(c->get(), buffer.data(), static_cast<size_t>(got));
    }
  }
  return " MD5=" + hex_of(md5) + " SHA1=" + hex_of(sha1) + " SHA256=" + hex_of(sha256);
}

}  // namespace gander::rootcheck
