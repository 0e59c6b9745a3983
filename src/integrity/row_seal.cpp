#include "integrity/row_seal.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <new>

#include "base/descriptor.h"
#include "base/file.h"
#include "integrity/file_state.h"

namespace gander::integrity {
namespace {

constexpr size_t kBlock = 64;

struct Free {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

template <size_t N>
bool from_hex(std::string_view text, std::array<uint8_t, N>& out) {
  if (text.size() != 2 * N) return false;
  for (size_t i = 0; i < N; ++i) {
    const char* at = text.data() + 2 * i;
    if (std::from_chars(at, at + 2, out[i], 16).ptr != at + 2) return false;
  }
  return true;
}

bool parse_anchor(std::string_view text, SealAnchor& out) {
  // "gander-integrity-key 1 KEY SEQUENCE SEAL\n"
  constexpr std::string_view kHead = "gander-integrity-key 1 ";
  if (!text.starts_with(kHead) || !text.ends_with('\n')) return false;
  text.remove_prefix(kHead.size());
  text.remove_suffix(1);
  const size_t first = text.find(' ');
  const size_t second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  const std::string_view number = text.substr(first + 1, second - first - 1);
  return from_hex(text.substr(0, first), out.key) && from_hex(text.substr(second + 1), out.seal) &&
         std::from_chars(number.data(), number.data() + number.size(), out.sequence).ptr ==
             number.data() + number.size();
}

}  // namespace

Result<void> write_key(const std::string& path, const SealAnchor& anchor) {
  std::string text = "gander-integrity-key 1 ";
  append_hex(text, anchor.key.data(), anchor.key.size());
  text += " " + std::to_string(anchor.sequence) + " ";
  append_hex(text, anchor.seal.data(), anchor.seal.size());
  text += "\n";
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const base::Descriptor fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::rename(fresh.c_str(), path.c_str()) != 0) {
    return fail("I021", path + ": cannot be written: " + std::strerror(errno));
  }
  return {};
}

Result<KeyFile> read_or_make_key(const std::string& path, SealAnchor& anchor) {
  if (base::exists(path)) {
    const Result<std::string> text = base::read_file(path);
    if (!text) return fail("I021", text.error().message);
    if (!parse_anchor(*text, anchor)) return fail("I021", path + " is no key of a baseline");
    return KeyFile::Found;
  }
  if (RAND_bytes(anchor.key.data(), static_cast<int>(anchor.key.size())) != 1) {
    return fail("I021", "no random bytes for a key");
  }
  if (const Result<void> written = write_key(path, anchor); !written) return tl::unexpected(written.error());
  return KeyFile::Made;
}

struct RowSeal::Impl {
  std::unique_ptr<EVP_MD, Free> md{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  Context inner{EVP_MD_CTX_new()};
  Context outer{EVP_MD_CTX_new()};
  Context work{EVP_MD_CTX_new()};
};

RowSeal::RowSeal(const SealKey& key) : impl_(std::make_unique<Impl>()) {
  if (!impl_->md || !impl_->inner || !impl_->outer || !impl_->work) throw std::bad_alloc();
  std::array<uint8_t, kBlock> pad{};
  const auto begin = [&](EVP_MD_CTX* context, uint8_t with) {
    pad.fill(with);
    for (size_t i = 0; i < key.size(); ++i) pad[i] = static_cast<uint8_t>(pad[i] ^ key[i]);
    EVP_DigestInit_ex2(context, impl_->md.get(), nullptr);
    EVP_DigestUpdate(context, pad.data(), pad.size());
  };
  begin(impl_->inner.get(), 0x36);
  begin(impl_->outer.get(), 0x5c);
}

RowSeal::~RowSeal() = default;

Tag RowSeal::tag(char kind, std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* work = impl_->work.get();
  EVP_MD_CTX_copy_ex(work, impl_->inner.get());
  EVP_DigestUpdate(work, &kind, 1);
  for (const std::string_view part : parts) {
    const uint64_t size = part.size();
    EVP_DigestUpdate(work, &size, sizeof size);
    EVP_DigestUpdate(work, part.data(), part.size());
  }
  std::array<uint8_t, 32> digest{};
  EVP_DigestFinal_ex(work, digest.data(), nullptr);
  EVP_MD_CTX_copy_ex(work, impl_->outer.get());
  EVP_DigestUpdate(work, digest.data(), digest.size());
  EVP_DigestFinal_ex(work, digest.data(), nullptr);
  Tag out{};
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

void TagSum::add(const Tag& tag) {
  std::array<uint64_t, 2> value{};
  std::memcpy(value.data(), tag.data(), sizeof value);
  sum_[0] += value[0];
  sum_[1] += value[1] + (sum_[0] < value[0] ? 1 : 0);
  ++count_;
}

void TagSum::subtract(const Tag& tag) {
  std::array<uint64_t, 2> value{};
  std::memcpy(value.data(), tag.data(), sizeof value);
  sum_[1] -= value[1] + (sum_[0] < value[0] ? 1 : 0);
  sum_[0] -= value[0];
  --count_;
}

std::string TagSum::bytes() const {
  std::string out(sizeof sum_ + sizeof count_, '\0');
  std::memcpy(out.data(), sum_.data(), sizeof sum_);
  std::memcpy(out.data() + sizeof sum_, &count_, sizeof count_);
  return out;
}

TagSum TagSum::from(std::string_view bytes) {
  TagSum out;
  if (bytes.size() != sizeof out.sum_ + sizeof out.count_) return out;
  std::memcpy(out.sum_.data(), bytes.data(), sizeof out.sum_);
  std::memcpy(&out.count_, bytes.data() + sizeof out.sum_, sizeof out.count_);
  return out;
}

}  // namespace gander::integrity
