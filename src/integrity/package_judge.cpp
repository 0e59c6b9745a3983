#include "integrity/package_judge.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/descriptor.h"

namespace gander::integrity {
namespace {

// Bits by which a file does more than its content says.
constexpr uint32_t kRights = S_ISUID | S_ISGID | S_IWOTH;

bool gains_rights(const Change& change) {
  const bool link = S_ISLNK(change.after.mode);
  if (change.kind == ChangeKind::New) return !link && (change.after.mode & kRights) != 0;
  return (!link && (change.after.mode & ~change.before.mode & kRights) != 0) || change.after.uid != change.before.uid ||
         change.after.gid != change.before.gid;
}

std::string label(const PackageDatabase::File& file) {
  return "package " + std::string(file.package) + (file.version.empty() ? "" : " " + std::string(file.version));
}

}  // namespace

bool PackageJudge::content_fits(const Change& change, std::string& package) {
  std::string path = change.path;
  if (S_ISLNK(change.after.mode)) {
    // The database has no targets: what the link leads to must itself be as a package brought it.
    if (!packages_.find(path)) return false;
    std::error_code error;
    path = std::filesystem::canonical(path, error).string();
    if (error) return false;
    if (std::filesystem::is_directory(path, error)) {
      const auto directory = packages_.find(path);
      if (directory) package = label(*directory);
      return directory.has_value();
    }
  }
  const auto file = packages_.find(path);
  if (!file || !file->md5) return false;
  package = label(*file);
  if (change.after.digests.present & Check::Md5) return change.after.digests.md5 == *file->md5;
  const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  Digests digests;
  uint64_t read_bytes = 0;
  const auto size = static_cast<uint64_t>(info.st_size);
  return hasher_.read(fd.get(), size, size, Check::Md5, nullptr, digests, read_bytes) == 0 &&
         digests.present == Check::Md5 && digests.md5 == *file->md5;
}

std::optional<std::string> PackageJudge::explain(const Change& change) {
  std::string why;
  if (change.kind == ChangeKind::Deleted) {
    if (packages_.find(change.path) || !PackageDatabase::holds(owned_before_, change.path)) return std::nullopt;
    why = "removed with its package, or by a newer version of it";
  } else {
    const bool content_is_new = change.kind == ChangeKind::New ||
                                (change.kind == ChangeKind::Changed &&
                                 (change.before.digests != change.after.digests || change.before.digests.present == 0));
    if (!content_is_new || gains_rights(change) || !content_fits(change, why)) return std::nullopt;
  }
  ++counts_[why];
  return why;
}

}  // namespace gander::integrity
