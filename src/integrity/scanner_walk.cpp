#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "integrity/scanner_impl.h"

namespace gander::integrity {
namespace {

constexpr int kDirectoryFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;

// One directory on the way down.
struct Frame {
  std::shared_ptr<const base::Descriptor> fd;  // null: closed to save descriptors, opened again by the way down
  std::string path;
  DirectoryList names;
  size_t next = 0;
  dev_t device = 0;
  ino_t inode = 0;
};

bool is_network(int fd) {
  constexpr unsigned kNfs = 0x6969;
  constexpr unsigned kCifs = 0xFF534D42;
  constexpr unsigned kSmb2 = 0xFE534D42;
  struct statfs fs {};
  if (::fstatfs(fd, &fs) != 0) return false;
  const auto type = static_cast<unsigned>(fs.f_type);
  return type == kNfs || type == kCifs || type == kSmb2;
}

base::Descriptor open_directory(int at, const char* name, int more) {
  base::Descriptor fd(::openat(at, name, kDirectoryFlags | O_NOATIME | more));
  if (!fd && errno == EPERM) fd = base::Descriptor(::openat(at, name, kDirectoryFlags | more));
  return fd;
}

std::string words(int error) {
  return std::generic_category().message(error);
}

}  // namespace

// --- a directory's entries into batches

bool Scanner::Impl::earlier_root_takes(const WatchRoot& root, const std::string& path) {
  for (const WatchRoot& earlier : plan.roots()) {
    if (&earlier == &root) return false;
    if (is_below(path, earlier.path)) return plan.root_of(path, context) != &root;
  }
  return false;
}

// Names [from, to) merged with the rows between them.
void Scanner::Impl::fill_batch(Batch& batch, const DirectoryList& names, size_t from, size_t to) {
  std::vector<BaselineRow> rows;
  if (batch.id != 0) {
    const std::string_view after = from == 0 ? std::string_view() : names.name(from - 1);
    keep(to == names.size() ? baseline.rows(batch.id, after, std::nullopt, rows)
                            : baseline.rows(batch.id, after, names.name(to - 1), rows));
  }
  batch.entries.reserve(to - from + rows.size() / 8);
  const auto add = [&](std::string name, std::optional<BaselineRow> row, unsigned char type) {
    BatchEntry entry;
    const std::string path = child_path(batch.path, name);
    entry.name = std::move(name);
    entry.row = std::move(row);
    const bool other = type != DT_UNKNOWN && type != DT_REG && type != DT_LNK;
    if (!plan.takes(*batch.root, path, context)) {
      entry.task =
          entry.row && plan.root_of(path, context) == nullptr ? BatchEntry::Task::DropRow : BatchEntry::Task::Nothing;
    } else if ((other && !entry.row) || earlier_root_takes(*batch.root, path)) {
      entry.task = BatchEntry::Task::Nothing;
    }
    if (entry.task != BatchEntry::Task::Nothing) batch.entries.push_back(std::move(entry));
  };
  size_t row = 0;
  for (size_t i = from; i < to; ++i) {
    const std::string_view name = names.name(i);
    while (row < rows.size() && rows[row].name < name) {
      std::string gone_name = rows[row].name;
      add(std::move(gone_name), std::move(rows[row]), DT_UNKNOWN);
      ++row;
    }
    std::optional<BaselineRow> own;
    if (row < rows.size() && rows[row].name == name) own = std::move(rows[row++]);
    add(std::string(name), std::move(own), names.type(i));
  }
  for (; row < rows.size(); ++row) {
    std::string gone_name = rows[row].name;
    add(std::move(gone_name), std::move(rows[row]), DT_UNKNOWN);
  }
}

int64_t Scanner::Impl::number_of(const std::string& path) {
  const Result<int64_t> id = baseline.directory(path, Baseline::Missing::Leave);
  if (!id) keep(tl::unexpected(id.error()));
  if (!id || *id == 0) return 0;
  see(*id);
  return *id;
}

std::shared_ptr<const base::Descriptor> Scanner::Impl::list_directory(const WatchRoot& root,
                                                                      std::shared_ptr<const base::Descriptor> fd,
                                                                      const std::string& path, DirectoryList& names,
                                                                      const std::optional<Actor>& actor) {
  if (see_directory) see_directory(path, root);
  const int error = names.read(fd->get());
  if (error != 0) {
    note(path + ": " + words(error));
    unread.push_back(path);
    return fd;
  }
  ++summary.directories;
  int64_t id = number_of(path);
  uint64_t asked = turn;
  size_t from = 0;
  do {
    if (asked != turn) id = number_of(path);  // between() may have made it
    asked = turn;
    const size_t to = std::min(from + kBatchEntries, names.size());
    auto batch = std::make_unique<Batch>();
    batch->directory = fd;
    batch->path = path;
    batch->id = id;
    batch->root = &root;
    batch->actor = actor;
    fill_batch(*batch, names, from, to);
    submit(std::move(batch));
    from = to;
  } while (from < names.size() && goes_on());
  return fd;
}

// --- the tree

void Scanner::Impl::walk_root(const WatchRoot& root) {
  // A root may be a link, as configured; nothing below it is followed.
  base::Descriptor top = open_directory(AT_FDCWD, root.path.c_str(), 0);
  if (!top) {
    const int error = errno;
    if (error == ENOTDIR) return read_file_root(root);
    if (error == ENOENT) {
      struct stat entry {};
      // A link that leads nowhere is an entry like others.
      if (::lstat(root.path.c_str(), &entry) == 0 && !S_ISDIR(entry.st_mode)) return read_file_root(root);
      note(root.path + ": " + words(error));
      read_file_root(root);
      return;
    }
    note(root.path + ": " + words(error));
    unread.push_back(root.path);
    return;
  }
  walk_tree(root, std::move(top), root.path, root.recurses(), std::nullopt);
}

void Scanner::Impl::read_file_root(const WatchRoot& root) {
  const auto [directory, name] = split_path(root.path);
  const std::string parent(directory);
  base::Descriptor fd = open_directory(AT_FDCWD, parent.c_str(), 0);
  const Result<int64_t> id = baseline.directory(parent, Baseline::Missing::Leave);
  if (!id) return keep(tl::unexpected(id.error()));
  auto batch = std::make_unique<Batch>();
  BatchEntry entry;
  entry.name = name;
  if (*id != 0) {
    Result<std::optional<BaselineRow>> row = baseline.row(*id, name);
    if (!row) return keep(tl::unexpected(row.error()));
    entry.row = std::move(*row);
  }
  if (!fd) {
    if (entry.row && (errno == ENOENT || errno == ENOTDIR)) {
      gone(parent, *id, *entry.row, unpack(entry.row->state), std::nullopt);
    }
    return;
  }
  if (earlier_root_takes(root, root.path)) return;
  batch->directory = std::make_shared<const base::Descriptor>(std::move(fd));
  batch->path = parent;
  batch->id = *id;
  batch->root = &root;
  batch->entries.push_back(std::move(entry));
  // put() marks a new directory as read, which this one is not.
  const bool was_seen = *id != 0 && static_cast<size_t>(*id) < seen.size() && seen[static_cast<size_t>(*id)];
  submit(std::move(batch));
  finish_all();
  const Result<int64_t> now = baseline.directory(parent, Baseline::Missing::Leave);
  if (now && *now != 0 && static_cast<size_t>(*now) < seen.size()) seen[static_cast<size_t>(*now)] = was_seen;
}

namespace {

// The way down from `top` once more, names only, no links; nothing when it is not the same directory any more.
std::shared_ptr<const base::Descriptor> reopen(const std::vector<Frame>& frames, size_t index) {
  std::shared_ptr<const base::Descriptor> fd = frames.front().fd;
  for (size_t i = 1; i <= index; ++i) {
    if (frames[i].fd) {
      fd = frames[i].fd;
      continue;
    }
    const std::string name(split_path(frames[i].path).second);
    base::Descriptor next = open_directory(fd->get(), name.c_str(), O_NOFOLLOW);
    struct stat info {};
    if (!next || ::fstat(next.get(), &info) != 0 || info.st_dev != frames[i].device || info.st_ino != frames[i].inode) {
      return nullptr;
    }
    fd = std::make_shared<const base::Descriptor>(std::move(next));
  }
  return fd;
}

bool is_on_the_way(const std::vector<Frame>& frames, const struct stat& info) {
  return std::any_of(frames.begin(), frames.end(),
                     [&](const Frame& frame) { return frame.device == info.st_dev && frame.inode == info.st_ino; });
}

}  // namespace

void Scanner::Impl::walk_tree(const WatchRoot& root, base::Descriptor top, const std::string& path, bool recurse,
                              const std::optional<Actor>& actor) {
  std::vector<Frame> frames;
  const auto enter = [&](base::Descriptor fd, std::string where) {
    Frame frame;
    struct stat info {};
    ::fstat(fd.get(), &info);
    if (is_on_the_way(frames, info)) {
      note(where + ": leads back to a directory above it");
      return;
    }
    const bool new_mount = frames.empty() || frames.back().device != info.st_dev;
    if (plan.skip_network() && new_mount && is_network(fd.get())) {
      unread.push_back(where);
      return;
    }
    frame.device = info.st_dev;
    frame.inode = info.st_ino;
    frame.path = std::move(where);
    frame.fd = std::make_shared<const base::Descriptor>(std::move(fd));
    list_directory(root, frame.fd, frame.path, frame.names, actor);
    if (frames.size() >= kOpenFrames) frames[frames.size() - kOpenFrames + 1].fd.reset();
    frames.push_back(std::move(frame));
  };
  enter(std::move(top), path);
  while (!frames.empty() && goes_on()) {
    Frame& frame = frames.back();
    if (!recurse || frame.next >= frame.names.size()) {
      frames.pop_back();
      continue;
    }
    const size_t at = frame.next++;
    const unsigned char type = frame.names.type(at);
    if (type != DT_DIR && type != DT_UNKNOWN) continue;
    const std::string where = child_path(frame.path, frame.names.name(at));
    if (plan.ignored(where, context)) continue;
    if (frames.size() >= kMostDepth) {
      note(where + ": too deep");
      unread.push_back(where);
      continue;
    }
    if (!frame.fd) frame.fd = reopen(frames, frames.size() - 1);
    if (!frame.fd) {
      note(frame.path + ": was replaced while it was read");
      unread.push_back(frame.path);
      frames.pop_back();
      continue;
    }
    base::Descriptor fd = open_directory(frame.fd->get(), frame.names.c_name(at), O_NOFOLLOW);
    if (!fd) {
      const int error = errno;
      if (error == ENOENT || error == ENOTDIR || error == ELOOP) continue;  // gone or replaced: the sweep tells
      note(where + ": " + words(error));
      unread.push_back(where);
      continue;
    }
    enter(std::move(fd), where);
  }
}

// --- single paths, as events name them

std::shared_ptr<const base::Descriptor> Scanner::Impl::open_below(const WatchRoot& root, std::string_view path,
                                                                  int& error) {
  base::Descriptor fd = open_directory(AT_FDCWD, root.path.c_str(), 0);
  error = fd ? 0 : errno;
  std::string_view rest =
      path.size() > root.path.size() ? path.substr(root.path == "/" ? 1 : root.path.size() + 1) : "";
  while (fd && !rest.empty()) {
    const size_t slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    base::Descriptor next = open_directory(fd.get(), name.c_str(), O_NOFOLLOW);
    if (!next) error = errno;
    fd = std::move(next);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (!fd) return nullptr;
  return std::make_shared<const base::Descriptor>(std::move(fd));
}

void Scanner::Impl::check_one(const Dirty& dirty) {
  // The root of a directory is asked for by a name in it: restrict is about files.
  const WatchRoot* root = nullptr;
  for (const WatchRoot& one : plan.roots()) {
    if (is_below(dirty.path, one.path) && (dirty.path == one.path || !plan.ignored(dirty.path, context))) {
      root = &one;
      break;
    }
  }
  if (!root) return;
  if (dirty.reach == Dirty::Reach::Entry && dirty.path != root->path) {
    return check_entry(*root, dirty.path, dirty.actor);
  }
  int error = 0;
  const std::shared_ptr<const base::Descriptor> fd = open_below(*root, dirty.path, error);
  if (!fd && error == ENOTDIR && dirty.path == root->path) return read_file_root(*root);
  if (!fd && (error == ENOENT || error == ENOTDIR || error == ELOOP)) {
    finish_all();
    return check_gone_below(dirty.path);
  }
  if (!fd) return note(dirty.path + ": " + words(error));
  const bool tree = dirty.reach == Dirty::Reach::Tree && root->recurses();
  finish_all();
  seen.clear();
  walk_tree(*root, base::Descriptor(::fcntl(fd->get(), F_DUPFD_CLOEXEC, 0)), dirty.path, tree, dirty.actor);
  finish_all();
  if (!tree || !goes_on()) return;
  const auto below = baseline.directories_below(dirty.path);
  if (!below) return keep(tl::unexpected(below.error()));
  sweep(*below);
}

void Scanner::Impl::check_gone_below(const std::string& path) {
  const auto below = baseline.directories_below(path);
  if (!below) return keep(tl::unexpected(below.error()));
  for (const auto& [id, where] : *below) {
    if (static_cast<size_t>(id) < seen.size()) seen[static_cast<size_t>(id)] = false;
  }
  sweep(*below);
}

void Scanner::Impl::check_entry(const WatchRoot& root, const std::string& path, const std::optional<Actor>& actor) {
  const auto [directory, name] = split_path(path);
  const std::string parent(directory);
  int error = 0;
  const std::shared_ptr<const base::Descriptor> fd = open_below(root, parent, error);
  const Result<int64_t> id = baseline.directory(parent, Baseline::Missing::Leave);
  if (!id) return keep(tl::unexpected(id.error()));
  BatchEntry entry;
  entry.name = name;
  if (*id != 0) {
    finish_all();
    Result<std::optional<BaselineRow>> row = baseline.row(*id, name);
    if (!row) return keep(tl::unexpected(row.error()));
    entry.row = std::move(*row);
  }
  struct stat info {};
  const bool there = fd && ::fstatat(fd->get(), entry.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
  const bool is_directory = there && S_ISDIR(info.st_mode);
  if (is_directory && !entry.row) {
    if (root.recurses()) check_one({path, Dirty::Reach::Tree, actor});
    return;
  }
  if (!is_directory) {
    // It may have been a directory: what was in it is gone.
    check_gone_below(path);
  }
  if (!there) {
    if (entry.row && (!fd || errno == ENOENT)) gone(parent, *id, *entry.row, unpack(entry.row->state), actor);
    return;
  }
  const WatchRoot* taking = plan.root_of(path, context);
  if (!taking) return;
  auto batch = std::make_unique<Batch>();
  batch->directory = fd;
  batch->path = parent;
  batch->id = *id;
  batch->root = taking;
  batch->actor = actor;
  batch->entries.push_back(std::move(entry));
  submit(std::move(batch));
}

}  // namespace gander::integrity
