#include "store/log_text.h"

#include <zlib.h>

#include <utility>

#include "base/file.h"
#include "store/posix_file.h"

namespace gander::store {

struct LogText::Impl {
  struct CloseGz {
    void operator()(gzFile file) const { gzclose(file); }
  };

  PosixFile plain;
  std::unique_ptr<gzFile_s, CloseGz> packed;
  uint64_t at = 0;  // of the decompressor
  bool damaged = false;
};

LogText::LogText(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogText::~LogText() = default;
LogText::LogText(LogText&&) noexcept = default;
LogText& LogText::operator=(LogText&&) noexcept = default;

Result<LogText> LogText::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  const std::string packed = path + ".gz";
  if (!base::exists(path) && base::exists(packed)) {
    impl->packed.reset(gzopen(packed.c_str(), "rbe"));
    if (!impl->packed) return fail("A204", "cannot open '" + packed + "'", {packed});
    gzbuffer(impl->packed.get(), 256 * 1024);
    return LogText(std::move(impl));
  }
  Result<PosixFile> plain = PosixFile::open_read(path);
  if (!plain) return tl::unexpected(plain.error());
  impl->plain = std::move(*plain);
  return LogText(std::move(impl));
}

Result<void> LogText::read(uint64_t offset, size_t size, std::string& out) {
  Impl& s = *impl_;
  if (!s.packed) return s.plain.read_at(offset, size, out);
  out.clear();
  if (s.damaged && offset >= s.at) return {};
  if (offset != s.at) {
    if (gzseek(s.packed.get(), static_cast<z_off_t>(offset), SEEK_SET) < 0) {
      s.damaged = true;
      return {};
    }
    s.at = offset;
  }
  out.resize(size);
  const int n = gzread(s.packed.get(), out.data(), static_cast<unsigned>(size));
  int status = Z_OK;
  gzerror(s.packed.get(), &status);
  if (status != Z_OK && status != Z_STREAM_END) s.damaged = true;
  out.resize(n > 0 ? static_cast<size_t>(n) : 0);
  s.at += out.size();
  return {};
}

Result<uint64_t> LogText::size() {
  Impl& s = *impl_;
  if (!s.packed) return s.plain.size();
  std::string block;
  do {
    const Result<void> done = read(s.at, size_t{1} << 20, block);
    if (!done) return tl::unexpected(done.error());
  } while (!block.empty());
  return s.at;
}

bool LogText::damaged() const {
  return impl_->damaged;
}

bool LogText::compressed() const {
  return impl_->packed != nullptr;
}

}  // namespace gander::store
