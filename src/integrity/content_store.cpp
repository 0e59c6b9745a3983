#include "integrity/content_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/descriptor.h"
#include "base/file.h"
#include "integrity/diff.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostKept = 1024 * 1024;
constexpr size_t kMostKeptByOssec = 64 * 1024 * 1024;
constexpr std::string_view kHidden = "<Diff truncated because nodiff option>";

// What looks like text: no control characters but those that text has.
bool is_text(std::string_view content) {
  return std::all_of(content.begin(), content.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || (byte >= 7 && byte <= 13) || byte == 27;
  });
}

// False: not a regular file, larger than `most`, or not readable.
bool read_content(int directory, const char* name, size_t most, std::string& out) {
  const base::Descriptor path(::openat(directory, name, O_PATH | O_CLOEXEC));
  struct stat info {};
  if (!path || ::fstat(path.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if (static_cast<uint64_t>(info.st_size) > most) return false;
  const std::string again = "/proc/self/fd/" + std::to_string(path.get());
  const base::Descriptor fd(::open(again.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return false;
  out.resize(static_cast<size_t>(info.st_size) + 1);
  size_t size = 0;
  for (;;) {
    if (size == out.size()) {
      if (size > most) return false;
      out.resize(size * 2);
    }
    const ssize_t got = ::read(fd.get(), out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  out.resize(size);
  return true;
}

int64_t modified(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mtime : 0;
}

}  // namespace

std::string ContentStore::difference_text(const std::string& old_text, const std::string& new_text,
                                          Secrecy secrecy) const {
  if (secrecy == Secrecy::Hide) return std::string(kHidden);
  // An empty copy stands for a content that is no text, or for an empty file.
  return line_difference(old_text, new_text);
}

std::string ContentStore::update(int directory, const char* name, std::string_view path, Secrecy secrecy) {
  const bool exact = compat_ == model::Compat::Ossec43;
  // A content that must not be shown is not kept either; OSSEC keeps it.
  if (!exact && secrecy == Secrecy::Hide) return std::string(kHidden);
  std::string content;
  if (!read_content(directory, name, exact ? kMostKeptByOssec : kMostKept, content)) return {};
  if (!is_text(content)) content.clear();
  Waiting waiting;
  waiting.folder = folder_ + std::string(path);
  const std::string last = waiting.folder + "/last-entry";
  std::string before;
  const bool known = base::exists(last);
  if (known) {
    const Result<std::string> read = base::read_file(last);
    if (!read) {
      notes_.push_back(read.error().message);
    } else {
      before = *read;
    }
    if (before == content) return {};
    waiting.difference = difference_text(before, content, secrecy);
  }
  std::error_code error;
  std::filesystem::create_directories(waiting.folder, error);
  const std::string fresh = waiting.folder + "/last-entry.new";
  ::unlink(fresh.c_str());
  const base::Descriptor fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd || ::write(fd.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    notes_.push_back(fresh + ": " + std::strerror(errno));
    ::unlink(fresh.c_str());
    return shortened_difference(waiting.difference);
  }
  std::string out = shortened_difference(waiting.difference);
  waiting_.push_back(std::move(waiting));
  return out;
}

void ContentStore::settle_one(const Waiting& waiting) const {
  const std::string last = waiting.folder + "/last-entry";
  if (compat_ == model::Compat::Ossec43 && !waiting.difference.empty()) {
    std::rename(last.c_str(), (waiting.folder + "/state." + std::to_string(modified(last))).c_str());
  }
  std::rename((last + ".new").c_str(), last.c_str());
  if (waiting.difference.empty()) return;
  const std::string name =
      compat_ == model::Compat::Ossec43 ? "/diff." + std::to_string(modified(last)) : std::string("/last-diff");
  static_cast<void>(base::write_file_atomically(waiting.folder + name, waiting.difference));
}

void ContentStore::settle() {
  for (const Waiting& waiting : waiting_) settle_one(waiting);
  waiting_.clear();
}

void ContentStore::drop() {
  for (const Waiting& waiting : waiting_) ::unlink((waiting.folder + "/last-entry.new").c_str());
  waiting_.clear();
}

void ContentStore::forget(std::string_view path) {
  const std::string folder = folder_ + std::string(path);
  for (const char* name : {"/last-entry", "/last-entry.new", "/last-diff"}) ::unlink((folder + name).c_str());
  ::rmdir(folder.c_str());
}

}  // namespace gander::integrity
