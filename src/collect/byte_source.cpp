#include "collect/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace gander::collect {

namespace {

std::string system_words(int error) {
  return std::generic_category().message(error);
}

enum class Form { Plain, Gzip, Zstd, Bzip2, Xz };

struct Magic {
  Form form;
  std::string_view bytes;
};

using namespace std::string_view_literals;
constexpr Magic kMagics[] = {{Form::Gzip, "\x1f\x8b"sv},
                             {Form::Zstd, "\x28\xb5\x2f\xfd"sv},
                             {Form::Xz,
                              "\xfd"
                              "7zXZ\0"sv},
                             {Form::Bzip2, "BZh91AY&SY"sv}};
constexpr size_t kLongestMagic = 10;

// A zstd file may begin with a frame to be skipped: 0x184D2A50 to 0x184D2A5F, little endian.
bool is_skippable_frame(std::string_view head) {
  return head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18"sv;
}

// Whether reading more could still make a compressed file of `head`.
bool may_become_magic(std::string_view head) {
  for (const Magic& m : kMagics) {
    if (head.size() < m.bytes.size() && m.bytes.starts_with(head)) return true;
  }
  return !head.empty() && head.size() < 4 && (head[0] & '\xf0') == '\x50' &&
         "\x2a\x4d\x18"sv.starts_with(head.substr(1));
}

Form form_of(std::string_view head) {
  for (const Magic& m : kMagics) {
    if (head.starts_with(m.bytes)) return m.form;
  }
  return is_skippable_frame(head) ? Form::Zstd : Form::Plain;
}

class PlainSource final : public ByteSource {
 public:
  PlainSource(InputFile& file, std::string head) : file_(file), head_(std::move(head)) {}

  Result<size_t> read(std::span<char> room) override {
    if (head_.empty()) return file_.read(room);
    const size_t n = std::min(room.size(), head_.size());
    std::memcpy(room.data(), head_.data(), n);
    head_.erase(0, n);
    return n;
  }

 private:
  InputFile& file_;
  std::string head_;
};

}  // namespace

InputFile::InputFile(int descriptor, Close close, std::string name)
    : descriptor_(descriptor), close_(close), name_(std::move(name)) {}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      close_(other.close_),
      name_(std::move(other.name_)),
      regular_(other.regular_),
      size_(other.size_),
      position_(other.position_),
      changed_(other.changed_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(close_, other.close_);
  std::swap(name_, other.name_);
  regular_ = other.regular_;
  size_ = other.size_;
  position_ = other.position_;
  changed_ = other.changed_;
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0 && close_ == Close::Yes) ::close(descriptor_);
}

Result<InputFile> InputFile::open(const std::string& path) {
  const bool standard_input = path == "-";
  const int descriptor = standard_input ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return fail("I010", "cannot open '" + path + "': " + system_words(errno), {path});
  InputFile file(descriptor, standard_input ? Close::No : Close::Yes, standard_input ? "standard input" : path);
  if (Result<void> seen = file.look(); !seen) return tl::unexpected(seen.error());
  return file;
}

Result<InputFile> InputFile::adopt(int descriptor, std::string name) {
  InputFile file(descriptor, Close::Yes, std::move(name));
  if (Result<void> seen = file.look(); !seen) return tl::unexpected(seen.error());
  return file;
}

Result<void> InputFile::look() {
  struct stat info {};
  if (::fstat(descriptor_, &info) != 0) {
    return fail("I010", "cannot open '" + name_ + "': " + system_words(errno), {name_});
  }
  if (S_ISDIR(info.st_mode)) return fail("I011", "'" + name_ + "' is a directory, not a log file", {name_});
  regular_ = S_ISREG(info.st_mode);
  if (regular_) {
    size_ = static_cast<uint64_t>(info.st_size);
    changed_ = base::from_unix(info.st_mtim.tv_sec) + std::chrono::microseconds(info.st_mtim.tv_nsec / 1000);
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return {};
}

Result<size_t> InputFile::read(std::span<char> room) {
  for (;;) {
    const ssize_t n = ::read(descriptor_, room.data(), room.size());
    if (n >= 0) {
      position_ += static_cast<uint64_t>(n);
      return static_cast<size_t>(n);
    }
    if (errno != EINTR) return fail("I012", "cannot read '" + name_ + "': " + system_words(errno), {name_});
  }
}

std::unique_ptr<ByteSource> make_plain_source(InputFile& file, std::string head) {
  return std::make_unique<PlainSource>(file, std::move(head));
}

Result<std::unique_ptr<ByteSource>> make_source(InputFile& file) {
  std::string head;
  char room[kLongestMagic];
  do {
    const Result<size_t> got = file.read({room, kLongestMagic - head.size()});
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) break;
    head.append(room, *got);
  } while (may_become_magic(head));
  const auto unsupported = [&](const char* tool) {
    return fail(
        "I015",
        "'" + file.name() + "' is compressed with " + tool + "; unpack it with '" + tool + " -dc' and pipe it in",
        {file.name()});
  };
  switch (form_of(head)) {
    case Form::Gzip:
      return make_gzip_source(file, std::move(head));
    case Form::Zstd:
      return make_zstd_source(file, std::move(head));
    case Form::Bzip2:
      return unsupported("bzip2");
    case Form::Xz:
      return unsupported("xz");
    case Form::Plain:
      break;
  }
  return make_plain_source(file, std::move(head));
}

}  // namespace gander::collect
