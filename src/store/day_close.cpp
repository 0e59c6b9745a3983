#include "store/day_close.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/file.h"
#include "store/posix_file.h"

namespace gander::store {
namespace {

constexpr size_t kBlock = size_t{256} * 1024;
constexpr std::array<LogKind, kLogKinds> kOrder = {LogKind::Archives, LogKind::ArchivesJson, LogKind::Alerts,
                                                   LogKind::AlertsJson, LogKind::Firewall};

struct Sums {
  std::string md5 = "none";
  std::string sha1 = "none";
};

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

class Hash {
 public:
  explicit Hash(const EVP_MD* algorithm) : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_.get(), algorithm, nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) out += {kHex[digest[i] >> 4], kHex[digest[i] & 15]};
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, FreeContext> context_;
};

Error stopped(const std::string& path) {
  return {"A204", "stopped before '" + path + "' was closed", {path}};
}

// Calls take(block) for each block of the file.
template <class Take>
Result<void> each_block(const std::string& path, const DayCloseOptions& options, Take take) {
  const Result<PosixFile> file = PosixFile::open_read(path);
  if (!file) return tl::unexpected(file.error());
  std::string block;
  for (uint64_t at = 0;; at += block.size()) {
    if (options.keep_going && !options.keep_going()) return tl::unexpected(stopped(path));
    const Result<void> read = file->read_at(at, kBlock, block);
    if (!read) return read;
    if (block.empty()) return {};
    const Result<void> taken = take(std::string_view(block));
    if (!taken) return taken;
  }
}

// "none" for a file that is not there.
Result<Sums> sums_of(const std::string& path, const DayCloseOptions& options) {
  if (!base::exists(path)) return Sums{};
  Hash md5(EVP_md5());
  Hash sha1(EVP_sha1());
  const Result<void> read = each_block(path, options, [&](std::string_view block) -> Result<void> {
    md5.add(block);
    sha1.add(block);
    return {};
  });
  if (!read) return tl::unexpected(read.error());
  return Sums{md5.hex(), sha1.hex()};
}

void append_sums(std::string& out, std::string_view title, const std::string& name, const Sums& sums) {
  out.append(title).append(":\n");
  out += "MD5  (/" + name + ") = " + sums.md5 + "\n";
  out += "SHA1 (/" + name + ") = " + sums.sha1 + "\n\n";
}

struct CloseGz {
  void operator()(gzFile file) const { gzclose(file); }
};

// FILE.gz in one go, then FILE goes. A kill leaves FILE, or both, whole.
Result<void> compress_file(const std::string& path, const DayCloseOptions& options) {
  const std::string packed = path + ".gz";
  const std::string fresh = packed + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (fd < 0) return tl::unexpected(system_error("A201", "create", fresh, errno));
  std::unique_ptr<gzFile_s, CloseGz> out(gzdopen(::dup(fd), "wb"));
  Result<void> done = out ? Result<void>{} : tl::unexpected(system_error("A201", "write", fresh, ENOMEM));
  if (done) {
    done = each_block(path, options, [&](std::string_view block) -> Result<void> {
      if (gzwrite(out.get(), block.data(), static_cast<unsigned>(block.size())) == static_cast<int>(block.size()))
        return {};
      return tl::unexpected(system_error("A201", "write", fresh, errno == 0 ? EIO : errno));
    });
    const int closed = gzclose(out.release());
    if (done && closed != Z_OK) done = tl::unexpected(system_error("A201", "write", fresh, errno == 0 ? EIO : errno));
  }
  if (done && ::fsync(fd) != 0) done = tl::unexpected(system_error("A201", "flush", fresh, errno));
  ::close(fd);
  if (done && ::rename(fresh.c_str(), packed.c_str()) != 0)
    done = tl::unexpected(system_error("A201", "write", packed, errno));
  if (!done) {
    ::unlink(fresh.c_str());
    return done;
  }
  if (::unlink(path.c_str()) != 0) return tl::unexpected(system_error("A201", "remove", path, errno));
  return {};
}

Result<void> write_sum(const DayCloseOptions& options, LogKind kind, const Day& day, std::vector<std::string>& lines) {
  const std::string name = dated_name(kind, day);
  const std::string path = base::join(options.home, name);
  const std::string before = dated_name(kind, day.previous()) + ".sum";
  const Result<Sums> now = sums_of(path, options);
  if (!now) return tl::unexpected(now.error());
  if (kind == LogKind::Alerts && !base::exists(path)) {
    for (const char* const what : {"MD5", "SHA1"}) {
      lines.push_back("ossec-monitord: File '/" + name + "' not found. " + what + " checksum skipped.");
    }
  }
  const std::string before_path = base::join(options.home, before);
  const Result<Sums> chained = sums_of(before_path, options);
  if (!chained) return tl::unexpected(chained.error());
  if (!base::exists(before_path)) {
    for (const char* const what : {"md5", "sha1"}) {
      lines.push_back("ossec-monitord: No previous " + std::string(what) + " checksum found: '/" + before +
                      "'. Starting over.");
    }
  }
  std::string text;
  append_sums(text, "Current checksum", name, *now);
  append_sums(text, "Chained checksum", before, *chained);
  const Result<void> written = base::write_file_atomically(path + ".sum", text);
  if (!written) return tl::unexpected(Error{"A201", written.error().message, written.error().at});
  return {};
}

bool is_json(LogKind kind) {
  return kind == LogKind::AlertsJson || kind == LogKind::ArchivesJson;
}

}  // namespace

Result<std::vector<std::string>> close_day(const DayCloseOptions& options, const Day& day) {
  std::vector<std::string> lines;
  for (const LogKind kind : kOrder) {
    const std::string path = base::join(options.home, dated_name(kind, day));
    if (is_json(kind) && !base::exists(path)) continue;
    // A sum that is there was made before a kill; the file may be compressed since.
    if (!base::exists(path + ".sum")) {
      const Result<void> summed = write_sum(options, kind, day, lines);
      if (!summed) return tl::unexpected(summed.error());
    }
    if (options.compress == Compress::No || !base::exists(path)) continue;
    const Result<void> packed = compress_file(path, options);
    if (!packed) return tl::unexpected(packed.error());
  }
  return lines;
}

std::vector<Day> days_to_close(const std::string& home, const Day& today, Compress compress) {
  std::vector<Day> days;
  for (const LogKind kind : kOrder) {
    for (const Day& day : days_of(home, kind)) {
      const std::string path = base::join(home, dated_name(kind, day));
      const bool open = !base::exists(path + ".sum") || (compress == Compress::Yes && base::exists(path));
      if (day < today && open) days.push_back(day);
    }
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace gander::store
