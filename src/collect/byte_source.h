// ByteSource: the bytes of a file or descriptor, decompressed when they begin like gzip or zstd.
//
// Owns:    its descriptor (not standard input) and its decompressor.
// Threads: one thread.
// Cost:    one system call a read; bounded memory (zstd: windows up to 128 MiB).
// Fails:   I010 cannot be opened, I011 a directory, I012 cannot be read, I013 compressed data are damaged,
//          I014 they end too early, I015 a compression that is not supported. What came before a fault is delivered.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace gander::collect {

class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Reads at least one byte into `room` (not empty); 0 at the end. Waits for the first byte only.
  virtual Result<size_t> read(std::span<char> room) = 0;
};

// An open descriptor and what is known of it.
class InputFile {
 public:
  static Result<InputFile> open(const std::string& path);  // "-" is standard input
  static Result<InputFile> adopt(int descriptor, std::string name);
  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  ~InputFile();

  // Bytes as they are stored; 0 at the end.
  Result<size_t> read(std::span<char> room);

  const std::string& name() const { return name_; }
  bool is_regular() const { return regular_; }
  uint64_t size() const { return size_; }          // 0: not known
  uint64_t position() const { return position_; }  // bytes read
  std::optional<base::Instant> changed() const { return changed_; }

 private:
  enum class Close { Yes, No };
  InputFile(int descriptor, Close close, std::string name);
  Result<void> look();

  int descriptor_ = -1;
  Close close_ = Close::No;
  std::string name_;
  bool regular_ = false;
  uint64_t size_ = 0;
  uint64_t position_ = 0;
  std::optional<base::Instant> changed_;
};

// Looks at the first bytes and puts the right decompressor in front of `file`, which must outlive the source.
Result<std::unique_ptr<ByteSource>> make_source(InputFile& file);

// The three kinds; `head` holds the bytes that were read to recognise them.
std::unique_ptr<ByteSource> make_plain_source(InputFile& file, std::string head);
Result<std::unique_ptr<ByteSource>> make_gzip_source(InputFile& file, std::string head);
Result<std::unique_ptr<ByteSource>> make_zstd_source(InputFile& file, std::string head);

}  // namespace gander::collect
