#include "store/target_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.h"

namespace gander::store {
namespace {

constexpr unsigned kMostIdle = 64;
// In a storm the flush of each second would have a second's bytes to write, all at once.
constexpr size_t kWorthBeginning = size_t{256} * 1024;

}  // namespace

std::string TargetFiles::full(std::string_view path) const {
  return base::join(home_, std::string(path));
}

void TargetFiles::entry_changed(const std::string& path) {
  const std::string name = full(path);
  folders_.insert(name.substr(0, name.rfind('/')));
}

void TargetFiles::say_removed(const std::string& path) {
  notes_.push_back("'" + full(path) + "' was removed or replaced by another program; a new file is begun");
}

Result<TargetFiles::Target*> TargetFiles::open(const std::string& path) {
  const auto known = targets_.find(path);
  if (known != targets_.end()) {
    FileId now;
    known->second.idle = 0;
    if (file_id_at(full(path), now) && now == known->second.id) return &known->second;
    say_removed(path);
    targets_.erase(known);
  }
  const int fault = seam_ ? seam_("target.open") : 0;
  if (fault > 0) return tl::unexpected(system_error("A201", "create", full(path), fault));
  const bool is_new = !base::exists(full(path));
  Result<PosixFile> file = PosixFile::open_write(full(path));
  if (!file) return tl::unexpected(file.error());
  const Result<FileId> id = file->id();
  if (!id) return tl::unexpected(id.error());
  const Result<uint64_t> size = file->size();
  if (!size) return tl::unexpected(size.error());
  if (is_new) entry_changed(path);
  Target target;
  target.file = std::move(*file);
  target.id = *id;
  target.end = *size;
  return &targets_.emplace(path, std::move(target)).first->second;
}

Result<uint64_t> TargetFiles::end_of(const std::string& path) {
  const Result<Target*> target = open(path);
  if (!target) return tl::unexpected(target.error());
  Target& t = **target;
  const Result<uint64_t> size = t.file.size();
  if (!size) return tl::unexpected(size.error());
  if (*size != t.end) {
    notes_.push_back("'" + full(path) + "' was " + (*size < t.end ? "shortened" : "written to") +
                     " by another program: " + std::to_string(*size) + " bytes instead of " + std::to_string(t.end));
    t.end = *size;
  }
  return t.end;
}

Result<void> TargetFiles::write(const std::string& path, uint64_t offset, std::string_view bytes) {
  const Result<Target*> target = open(path);
  if (!target) return tl::unexpected(target.error());
  Target& t = **target;
  t.dirty = true;
  const Result<void> written = t.file.write_at(offset, bytes, seam_, "target.write");
  if (written) t.end = std::max<uint64_t>(t.end, offset + bytes.size());
  if (written && bytes.size() >= kWorthBeginning) t.file.begin_flush(offset, bytes.size());
  return written;
}

Result<void> TargetFiles::replace(const std::string& path, std::string_view bytes) {
  const std::string fresh = full(path) + ".new";
  ::unlink(fresh.c_str());
  const Result<PosixFile> file = PosixFile::open_write(fresh);
  if (!file) return tl::unexpected(file.error());
  const Result<void> written = file->write_at(0, bytes, seam_, "target.replace");
  if (!written) return written;
  const int fault = seam_ ? seam_("target.rename") : 0;
  if (fault > 0) return tl::unexpected(system_error("A201", "replace", full(path), fault));
  if (::rename(fresh.c_str(), full(path).c_str()) != 0) {
    return tl::unexpected(system_error("A201", "replace", full(path), errno));
  }
  targets_.erase(path);
  replaced_.insert(full(path));
  entry_changed(path);
  return {};
}

Result<void> TargetFiles::link(const std::string& path, std::string_view fixed) {
  const Result<Target*> target = open(path);
  if (!target) return tl::unexpected(target.error());
  const std::string name = full(fixed);
  FileId now;
  if (file_id_at(name, now) && now == (*target)->id) return {};
  const int fault = seam_ ? seam_("target.link") : 0;
  if (fault > 0) return tl::unexpected(system_error("A201", "link", name, fault));
  // A new name first and a rename over the old one: readers always find a file.
  const std::string fresh = name + ".new";
  ::unlink(fresh.c_str());
  int status = ::link(full(path).c_str(), fresh.c_str());
  if (status != 0 && errno != ENOSPC && errno != EROFS && errno != EIO && errno != EDQUOT) {
    const std::string_view up = "../../";  // logs/KIND/NAME to the home
    status = ::symlink((std::string(up) + path).c_str(), fresh.c_str());
  }
  if (status != 0 || ::rename(fresh.c_str(), name.c_str()) != 0) {
    return tl::unexpected(system_error("A201", "link", name, errno));
  }
  entry_changed(std::string(fixed));
  return {};
}

void TargetFiles::remove_if_empty(const std::string& path) {
  struct stat status {};
  if (::stat(full(path).c_str(), &status) != 0 || status.st_size != 0) return;
  targets_.erase(path);
  ::unlink(full(path).c_str());
  entry_changed(path);
}

void TargetFiles::leave(const std::string& path) {
  const auto known = targets_.find(path);
  if (known == targets_.end()) return;
  if (!known->second.dirty || known->second.file.flush_data()) targets_.erase(known);
}

void TargetFiles::close_removed() {
  for (auto target = targets_.begin(); target != targets_.end();) {
    FileId now;
    const bool there = file_id_at(full(target->first), now) && now == target->second.id;
    // Segments go when their readers have passed them.
    if (!there && !target->first.starts_with("queue/alerts/spool/")) say_removed(target->first);
    target = there ? std::next(target) : targets_.erase(target);
  }
}

Result<void> TargetFiles::flush() {
  for (auto& [path, target] : targets_) {
    if (!target.dirty) continue;
    const Result<void> done = target.file.flush_data();
    if (!done) return done;
    target.dirty = false;
  }
  while (!replaced_.empty()) {
    const Result<PosixFile> file = PosixFile::open_read(*replaced_.begin());
    if (file) {
      const Result<void> done = file->flush_data();
      if (!done) return done;
    }
    replaced_.erase(replaced_.begin());
  }
  while (!folders_.empty()) {
    const Result<void> done = flush_folder(*folders_.begin());
    if (!done && base::exists(*folders_.begin())) return done;
    folders_.erase(folders_.begin());
  }
  return {};
}

bool TargetFiles::dirty() const {
  return !folders_.empty() || !replaced_.empty() ||
         std::any_of(targets_.begin(), targets_.end(), [](const auto& t) { return t.second.dirty; });
}

void TargetFiles::close_unused() {
  for (auto target = targets_.begin(); target != targets_.end();) {
    const bool unused = ++target->second.idle > kMostIdle && !target->second.dirty;
    target = unused ? targets_.erase(target) : std::next(target);
  }
}

}  // namespace gander::store
