#include "collect/rotated_files.h"

#include <dirent.h>

#include <algorithm>
#include <memory>

namespace gander::collect {

namespace {

// Copies are looked for in the newest files only: a folder may hold 100,000 rotated ones.
constexpr size_t kMostCopies = 8;
constexpr int kMostPasses = 4;

struct CloseDir {
  void operator()(DIR* d) const { ::closedir(d); }
};

struct Split {
  std::string folder;  // with its slash, or empty
  std::string name;
};

Split split(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash + 1), path.substr(slash + 1)};
}

template <class Visit>
void each_name(const std::string& folder, Visit visit) {
  const std::unique_ptr<DIR, CloseDir> dir(::opendir(folder.empty() ? "." : folder.c_str()));
  if (!dir) return;
  while (const dirent* const entry = ::readdir(dir.get())) {
    if (!visit(*entry)) return;
  }
}

struct Candidate {
  std::string path;
  FileLook look;
  int64_t number = -1;  // of "name.NUMBER"
};

// What `name` has behind (or within) `base`; nothing when it is no rotated name of it.
std::optional<std::string_view> added_part(std::string_view name, std::string_view base) {
  if (name.size() <= base.size()) return std::nullopt;
  if (name.starts_with(base)) return name.substr(base.size());
  const size_t dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view stem = base.substr(0, dot);
  const std::string_view extension = base.substr(dot);
  if (!name.starts_with(stem) || !name.ends_with(extension)) return std::nullopt;
  return name.substr(stem.size(), name.size() - base.size());
}

int64_t number_of(std::string_view name, std::string_view base) {
  const auto added = added_part(name, base);
  if (!added || added->size() < 2 || added->size() > 7) return -1;
  int64_t n = 0;
  for (const char c : added->substr(1)) {
    if (c < '0' || c > '9') return -1;
    n = n * 10 + (c - '0');
  }
  return n;
}

std::vector<Candidate> rotated_files(const std::string& path) {
  const Split at = split(path);
  std::vector<Candidate> found;
  each_name(at.folder, [&](const dirent& entry) {
    if (!is_rotated_name(entry.d_name, at.name)) return true;
    Candidate c{at.folder + entry.d_name, {}, number_of(entry.d_name, at.name)};
    c.look = FileLook::at(c.path);
    if (c.look.kind == FileLook::Kind::Regular) found.push_back(std::move(c));
    return true;
  });
  return found;
}

}  // namespace

bool is_rotated_name(std::string_view name, std::string_view base) {
  const auto added = added_part(name, base);
  if (!added) return false;
  if (*added == ".old" || *added == ".bak") return true;
  const char first = added->front();
  if (first != '.' && first != '-' && first != '_') return false;
  return added->size() > 1 && added->find_first_of("0123456789") != std::string_view::npos &&
         added->find_first_not_of("0123456789.-_:TZ") == std::string_view::npos;
}

std::optional<std::string> find_by_inode(const std::string& path, FileId id) {
  const Split at = split(path);
  std::optional<std::string> found;
  each_name(at.folder, [&](const dirent& entry) {
    if (entry.d_ino != id.inode) return true;
    const std::string candidate = at.folder + entry.d_name;
    if (FileLook::at(candidate).id != id) return true;
    found = candidate;
    return false;
  });
  return found;
}

std::optional<std::string> find_moved(const std::string& path, const FileMark& mark) {
  // While a rotation renames, a pass over the names may miss one, or what it found bears another name already.
  for (int pass = 0; pass < kMostPasses; ++pass) {
    const auto found = find_by_inode(path, mark.id);
    if (!found) continue;
    if (mark.offset == 0 || mark.tail.size == 0) {
      const std::string name = split(*found).name;
      const std::string base = split(path).name;
      return name == base || is_rotated_name(name, base) ? found : std::nullopt;
    }
    LogFile file;
    if (file.open(*found) != 0 || file.look().id != mark.id) continue;
    return file.fits_head(mark.head) && file.fits_tail(mark.tail, mark.offset) ? found : std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> find_copy(const std::string& path, const FileMark& mark) {
  if (mark.offset == 0 || mark.head.size == 0 || mark.tail.size == 0) return std::nullopt;
  std::vector<Candidate> files = rotated_files(path);
  std::erase_if(files, [&](const Candidate& c) { return c.look.size < mark.offset || c.look.id == mark.id; });
  const size_t most = std::min(files.size(), kMostCopies);
  std::partial_sort(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(most), files.end(),
                    [](const Candidate& a, const Candidate& b) { return a.look.changed > b.look.changed; });
  for (size_t i = 0; i < most; ++i) {
    LogFile file;
    if (file.open(files[i].path) == 0 && file.fits_head(mark.head) && file.fits_tail(mark.tail, mark.offset))
      return files[i].path;
  }
  return std::nullopt;
}

std::vector<std::string> find_younger(const std::string& path, const std::string& found) {
  const std::string base = split(path).name;
  const std::string name = split(found).name;
  if (!is_rotated_name(name, base)) return {};
  const int64_t number = number_of(name, base);
  if (number == 1 || number == 0) return {};  // nothing fits in between
  const int64_t changed = FileLook::at(found).changed;
  std::vector<Candidate> files = rotated_files(path);
  std::erase_if(files, [&](const Candidate& c) {
    if (c.path == found || (c.number >= 0) != (number >= 0)) return true;
    return number >= 0 ? c.number >= number : c.look.changed <= changed;
  });
  std::sort(files.begin(), files.end(), [](const Candidate& a, const Candidate& b) {
    return a.number != b.number               ? a.number > b.number
           : a.look.changed != b.look.changed ? a.look.changed < b.look.changed
                                              : a.path < b.path;
  });
  std::vector<std::string> paths;
  for (Candidate& c : files) paths.push_back(std::move(c.path));
  return paths;
}

}  // namespace gander::collect
