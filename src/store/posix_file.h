// PosixFile: a descriptor with errors that name the file; what the store reads and writes with.
//
// Owns:    the descriptor.
// Threads: one thread.
// Fails:   A201 writing, A204 reading; the message is the path and the system's words.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/fault_seam.h"

namespace gander::store {

// What fstat and stat tell of a file; two are equal when they are one file.
struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;
  bool operator==(const FileId&) const = default;
};

Error system_error(ErrorCode code, std::string_view what, const std::string& path, int number);

class PosixFile {
 public:
  PosixFile() = default;
  ~PosixFile();
  PosixFile(PosixFile&& other) noexcept;
  PosixFile& operator=(PosixFile&& other) noexcept;
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  static Result<PosixFile> open_read(const std::string& path);
  // Made when missing, with its folders (mode 0640 and 0770).
  static Result<PosixFile> open_write(const std::string& path);

  bool is_open() const { return fd_ >= 0; }
  int descriptor() const { return fd_; }
  const std::string& path() const { return path_; }
  void close();

  Result<uint64_t> size() const;
  Result<FileId> id() const;
  // `step` names the write for the seam.
  Result<void> write_at(uint64_t offset, std::string_view bytes, const FaultSeam& seam, std::string_view step) const;
  Result<void> write_parts_at(uint64_t offset, std::span<iovec> parts, const FaultSeam& seam,
                              std::string_view step) const;
  // Up to `size` bytes; fewer at the end of the file.
  Result<void> read_at(uint64_t offset, size_t size, std::string& out) const;
  Result<void> truncate(uint64_t size) const;
  Result<void> flush_data() const;
  // Lets the disk begin with these bytes, so that flush_data() finds less to do. No promise.
  void begin_flush(uint64_t offset, uint64_t size) const;

 private:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  int fd_ = -1;
  std::string path_;
};

// Folders of `path`, mode 0770.
Result<void> make_folders_of(const std::string& path);
// The file that the name stands for now; nothing when there is none.
bool file_id_at(const std::string& path, FileId& id);
// Flushes the folder's entries (after files were made, renamed or removed).
Result<void> flush_folder(const std::string& path);
// "20240305-101500", for names of what is set aside.
std::string aside_suffix(int64_t unix_seconds);

}  // namespace gander::store
