// `gander scan --sensitive`: what lies in files that must not lie there. Exit status 0 nothing, 1 something, 2 usage.

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <map>
#include <system_error>

#include "base/descriptor.h"
#include "base/json_text.h"
#include "cli/commands.h"
#include "cli/shown_text.h"
#include "sensitive/file_scan.h"

namespace gander::cli {
namespace {

class Scan {
 public:
  Scan(const ScanArguments& arguments, sensitive::KindSet kinds)
      : json_(arguments.output == "json"),
        quiet_(arguments.quiet),
        max_bytes_(arguments.max_size),
        scan_(sensitive::Detector(kinds)) {}

  void path(const std::string& path);
  int finish();

 private:
  void entry(int directory, const std::string& name, const std::string& path);
  void below(base::Descriptor fd, const std::string& path);
  void file(int fd, const std::string& path);
  void unreadable(const std::string& path, int error);
  void tell(const std::string& path, const sensitive::FileFindings& found);

  bool json_;
  bool quiet_;
  uint64_t max_bytes_;
  sensitive::FileScan scan_;
  uint64_t files_ = 0;
  uint64_t bytes_ = 0;
  uint64_t findings_ = 0;
  uint64_t files_with_ = 0;
  uint64_t unreadable_ = 0;
  uint64_t too_large_ = 0;
  std::map<sensitive::Kind, uint64_t> by_kind_;
};

void Scan::unreadable(const std::string& path, int error) {
  ++unreadable_;
  std::cerr << "gander: " << shown_text(path) << ": " << std::generic_category().message(error) << "\n";
}

void Scan::tell(const std::string& path, const sensitive::FileFindings& found) {
  std::string out;
  for (const sensitive::Finding& f : found.findings) {
    ++by_kind_[f.kind];
    if (!json_) {
      out += shown_text(path) + ":" + std::to_string(f.line) + ": " + std::string(sensitive::word_of(f.kind)) + "  " +
             std::string(f.what) + "  " + f.masked + "\n";
      continue;
    }
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.string("path", path);
    json.number("line", f.line);
    json.number("offset", f.offset);
    json.number("length", f.length);
    json.string("kind", sensitive::word_of(f.kind));
    json.string("what", f.what);
    json.string("masked", f.masked);
    json.close_object();
    out += '\n';
  }
  std::cout << out << std::flush;
}

void Scan::file(int fd, const std::string& path) {
  sensitive::FileFindings found;
  const int error = scan_.scan(fd, found);
  ++files_;
  bytes_ += found.bytes;
  findings_ += found.findings.size();
  if (!found.findings.empty()) ++files_with_;
  tell(path, found);
  if (error != 0) unreadable(path, error);
}

// Opened below the directory that was read, without following links; pipes and devices are left alone.
void Scan::entry(int directory, const std::string& name, const std::string& path) {
  struct stat info {};
  if (::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno != ENOENT) unreadable(path, errno);
    return;
  }
  if (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) return;
  base::Descriptor fd(::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!fd || ::fstat(fd.get(), &info) != 0) {
    if (errno != ENOENT && errno != ELOOP) unreadable(path, errno);
    return;
  }
  if (S_ISDIR(info.st_mode)) return below(std::move(fd), path);
  if (!S_ISREG(info.st_mode)) return;
  if (max_bytes_ != 0 && static_cast<uint64_t>(info.st_size) > max_bytes_) {
    ++too_large_;
    return;
  }
  file(fd.get(), path);
}

void Scan::below(base::Descriptor fd, const std::string& path) {
  std::vector<std::string> names;
  const int at = fd.get();
  DIR* const listing = ::fdopendir(::fcntl(at, F_DUPFD_CLOEXEC, 0));
  if (listing == nullptr) return unreadable(path, errno);
  errno = 0;
  while (const dirent* const one = ::readdir(listing)) {
    const std::string name = one->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  if (errno != 0) unreadable(path, errno);
  ::closedir(listing);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) entry(at, name, path.ends_with('/') ? path + name : path + "/" + name);
}

void Scan::path(const std::string& path) {
  if (path == "-") return file(0, "(standard input)");
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return unreadable(path, errno);
  if (S_ISLNK(info.st_mode)) {
    std::cerr << "gander: " << shown_text(path) << ": a symbolic link, not followed\n";
    return;
  }
  entry(AT_FDCWD, path, path);
}

int Scan::finish() {
  if (!quiet_) {
    std::cerr << findings_ << (findings_ == 1 ? " finding" : " findings") << " in " << files_with_ << " of " << files_
              << " files";
    const char* between = " (";
    for (const auto& [kind, count] : by_kind_) {
      std::cerr << between << sensitive::word_of(kind) << " " << count;
      between = ", ";
    }
    if (!by_kind_.empty()) std::cerr << ")";
    if (unreadable_ != 0) std::cerr << ", " << unreadable_ << " not readable";
    if (too_large_ != 0) std::cerr << ", " << too_large_ << " too large";
    std::cerr << "\n";
  }
  if (!std::cout.flush()) {
    std::cerr << "gander: the output cannot be written\n";
    return 2;
  }
  return findings_ != 0 ? 1 : unreadable_ != 0 ? 2 : 0;
}

}  // namespace

int run(const ScanArguments& arguments) {
  std::string wrong;
  sensitive::KindSet kinds = sensitive::KindSet::all();
  if (!arguments.kinds.empty()) {
    const auto given = sensitive::parse_kinds(arguments.kinds, wrong);
    if (!given) {
      std::cerr << "gander: there is no kind '" << shown_text(wrong)
                << "'; allowed: " << sensitive::words_of(sensitive::KindSet::all()) << "\n";
      return 2;
    }
    kinds = *given;
  }
  Scan scan(arguments, kinds);
  for (const std::string& path : arguments.paths) scan.path(path);
  return scan.finish();
}

}  // namespace gander::cli
