#include <zlib.h>

#include <algorithm>
#include <utility>

#include "collect/byte_source.h"

namespace gander::collect {

namespace {

constexpr size_t kInput = size_t{64} * 1024;
constexpr int kGzipOnly = 15 + 16;

// gzip, also several members behind each other (as `cat a.gz b.gz` makes them), zero bytes behind them ignored.
class GzipSource final : public ByteSource {
 public:
  GzipSource(InputFile& file, std::string head) : file_(file), input_(std::move(head)) {
    stream_.next_in = bytes(input_);
    stream_.avail_in = static_cast<uInt>(input_.size());
  }
  ~GzipSource() override {
    if (ready_) inflateEnd(&stream_);
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  bool init() {
    ready_ = inflateInit2(&stream_, kGzipOnly) == Z_OK;
    return ready_;
  }

  Result<size_t> read(std::span<char> room) override {
    // avail_out is a 32-bit count.
    room = room.first(std::min<size_t>(room.size(), size_t{1} << 30));
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    while (stream_.avail_out == room.size()) {
      if (stream_.avail_in == 0) {
        Result<size_t> more = refill();
        if (!more) return more;
        if (*more == 0) {
          if (member_ == Member::Inside)
            return fail("I014", file_.name() + ": the gzip data end too early", {file_.name()});
          return size_t{0};
        }
      }
      if (member_ == Member::Ended && !begin_member()) continue;
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        member_ = Member::Ended;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return damaged(room.size() - stream_.avail_out);
      }
    }
    return room.size() - stream_.avail_out;
  }

 private:
  enum class Member { Inside, Ended };

  static Bytef* bytes(std::string& s) { return reinterpret_cast<Bytef*>(s.data()); }

  Result<size_t> refill() {
    input_.resize(kInput);
    Result<size_t> got = file_.read(input_);
    if (got) {
      stream_.next_in = bytes(input_);
      stream_.avail_in = static_cast<uInt>(*got);
    }
    return got;
  }

  // Passes over padding; false when only padding was there.
  bool begin_member() {
    while (stream_.avail_in > 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    inflateReset(&stream_);
    member_ = Member::Inside;
    return true;
  }

  Result<size_t> damaged(size_t delivered) {
    if (delivered > 0) return delivered;  // inflate() says the same again when it is asked for more
    const char* const why = stream_.msg != nullptr ? stream_.msg : "not gzip data";
    return fail("I013", file_.name() + ": the gzip data are damaged (" + why + ")", {file_.name()});
  }

  InputFile& file_;
  std::string input_;
  z_stream stream_{};
  Member member_ = Member::Inside;
  bool ready_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> make_gzip_source(InputFile& file, std::string head) {
  auto source = std::make_unique<GzipSource>(file, std::move(head));
  if (!source->init()) return fail("I013", file.name() + ": no memory to unpack it", {file.name()});
  return source;
}

}  // namespace gander::collect
