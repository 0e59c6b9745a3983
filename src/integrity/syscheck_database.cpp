#include "integrity/syscheck_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <functional>

#include "base/descriptor.h"
#include "base/file.h"

namespace gander::integrity {
namespace {

constexpr size_t kFlags = 3;
constexpr size_t kMostLine = 2 * 1024 * 1024;

uint64_t hash_of(std::string_view path) {
  return std::hash<std::string_view>{}(path);
}

tl::unexpected<Error> file_error(ErrorCode code, const std::string& file) {
  return fail(code, file + ": " + std::strerror(errno));
}

}  // namespace

std::optional<SyscheckEntry> SyscheckDatabase::parse(std::string_view line, std::string_view& path) {
  if (line.starts_with('#')) return std::nullopt;
  return parse_line(line, path);
}

std::optional<SyscheckEntry> SyscheckDatabase::parse_line(std::string_view line, std::string_view& path) {
  const size_t space = line.find(' ');
  if (line.size() <= kFlags || space == std::string_view::npos || space <= kFlags) return std::nullopt;
  SyscheckEntry out;
  out.flags = line.substr(0, kFlags);
  out.sum = line.substr(kFlags, space - kFlags);
  path = line.substr(space + 1);
  // Lines of old versions have no time.
  if (path.starts_with('!')) {
    const auto parsed = std::from_chars(path.data() + 1, path.data() + path.size(), out.time);
    const auto used = static_cast<size_t>(parsed.ptr - path.data());
    if (used > 1 && used < path.size() && path[used] == ' ') path.remove_prefix(used + 1);
  }
  return out;
}

SyscheckDatabase::Stamp SyscheckDatabase::stamp() const {
  struct stat info {};
  if (::stat(file_.c_str(), &info) != 0) return {};
  return {info.st_ino, static_cast<uint64_t>(info.st_size),
          static_cast<int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec};
}

Result<void> SyscheckDatabase::refresh() {
  if (loaded_ && (stamp_ == stamp() || !tail_.empty() || !superseded_.empty())) return {};
  return load();
}

Result<void> SyscheckDatabase::load() {
  index_.clear();
  tail_.clear();
  superseded_.clear();
  stamp_ = stamp();
  written_size_ = 0;
  loaded_ = true;
  const base::Descriptor fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return {};
    return file_error("I001", file_);
  }
  std::string buffer;
  uint64_t start = 0;  // offset of buffer[0]
  std::array<char, 256 * 1024> block;
  for (;;) {
    const ssize_t got = ::read(fd.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("I001", file_);
    if (got == 0) break;
    buffer.append(block.data(), static_cast<size_t>(got));
    size_t from = 0;
    for (size_t end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', from)) {
      std::string_view path;
      if (parse(std::string_view(buffer).substr(from, end - from), path)) index_.emplace(hash_of(path), start + from);
      from = end + 1;
    }
    buffer.erase(0, from);
    start += from;
  }
  written_size_ = start + buffer.size();
  // Cut by a crash: what follows begins on a line of its own.
  if (!buffer.empty()) tail_ = "\n";
  return {};
}

Result<std::string> SyscheckDatabase::line_at(uint64_t offset) const {
  if (offset >= written_size_) {
    const std::string_view rest = std::string_view(tail_).substr(offset - written_size_);
    return std::string(rest.substr(0, rest.find('\n')));
  }
  const base::Descriptor fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return file_error("I001", file_);
  std::string out;
  std::array<char, 1024> block;
  while (out.size() < kMostLine) {
    const ssize_t got = ::pread(fd.get(), block.data(), block.size(), static_cast<off_t>(offset + out.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_error("I001", file_);
    const std::string_view piece(block.data(), static_cast<size_t>(got));
    const size_t end = piece.find('\n');
    out.append(piece.substr(0, end));
    if (got == 0 || end != std::string_view::npos) break;
  }
  return out;
}

Result<std::optional<SyscheckEntry>> SyscheckDatabase::find(std::string_view path) {
  if (!loaded_) {
    if (const Result<void> done = load(); !done) return tl::unexpected(done.error());
  }
  std::optional<SyscheckEntry> out;
  const auto [first, last] = index_.equal_range(hash_of(path));
  for (auto at = first; at != last; ++at) {
    const Result<std::string> line = line_at(at->second);
    if (!line) return tl::unexpected(line.error());
    std::string_view found;
    std::optional<SyscheckEntry> entry = parse(*line, found);
    // A file that names a path twice means the later line.
    if (!entry || found != path || (out && out->offset > at->second)) continue;
    out = std::move(entry);
    out->offset = at->second;
  }
  return out;
}

void SyscheckDatabase::set(std::string_view path, const std::optional<SyscheckEntry>& old, std::string_view flags,
                           std::string_view sum, int64_t time) {
  const uint64_t hash = hash_of(path);
  if (old) {
    const auto [first, last] = index_.equal_range(hash);
    const auto at = std::find_if(first, last, [&](const auto& one) { return one.second == old->offset; });
    if (at != last) index_.erase(at);
    if (old->offset >= written_size_) {
      tail_[old->offset - written_size_] = '#';
    } else {
      superseded_.push_back(old->offset);
    }
  }
  index_.emplace(hash, written_size_ + tail_.size());
  tail_.append(flags).append(sum).append(" !").append(std::to_string(time)).append(" ").append(path).append("\n");
}

std::vector<FileWrite> SyscheckDatabase::take_writes() {
  std::vector<FileWrite> out;
  for (const uint64_t offset : superseded_) out.push_back({file_, offset, "#"});
  if (!tail_.empty() && tail_ != "\n") {
    out.push_back({file_, written_size_, tail_});
    written_size_ += tail_.size();
    tail_.clear();
  }
  superseded_.clear();
  return out;
}

void SyscheckDatabase::written() {
  stamp_ = stamp();
}

Result<void> SyscheckDatabase::flush() {
  const std::vector<FileWrite> writes = take_writes();
  if (writes.empty()) return {};
  const base::Descriptor fd(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660));
  // The new lines first: killed between, a path has two lines and the later one counts.
  for (auto write = writes.rbegin(); fd && write != writes.rend(); ++write) {
    const ssize_t done =
        ::pwrite(fd.get(), write->bytes.data(), write->bytes.size(), static_cast<off_t>(write->offset));
    if (done != static_cast<ssize_t>(write->bytes.size())) {
      loaded_ = false;
      return file_error("I002", file_);
    }
  }
  if (!fd) {
    loaded_ = false;
    return file_error("I002", file_);
  }
  written();
  return {};
}

}  // namespace gander::integrity
