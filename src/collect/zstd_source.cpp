#include <zstd.h>

#include <utility>

#include "collect/byte_source.h"

namespace gander::collect {

namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* s) const { ZSTD_freeDStream(s); }
};

// zstd, also several frames behind each other; libzstd refuses windows above 128 MiB, which bounds the memory.
class ZstdSource final : public ByteSource {
 public:
  ZstdSource(InputFile& file, std::string head)
      : file_(file),
        buffer_(std::move(head)),
        input_{buffer_.data(), buffer_.size(), 0},
        stream_(ZSTD_createDStream()) {}

  bool ready() const { return stream_ != nullptr; }

  Result<size_t> read(std::span<char> room) override {
    ZSTD_outBuffer output{room.data(), room.size(), 0};
    if (damage_ != nullptr) return damaged();
    while (output.pos == 0) {
      if (input_.pos == input_.size && !may_hold_output_) {
        Result<size_t> more = refill();
        if (!more) return more;
        if (*more == 0) {
          if (inside_) return fail("I014", file_.name() + ": the zstd data end too early", {file_.name()});
          return size_t{0};
        }
      }
      const size_t status = ZSTD_decompressStream(stream_.get(), &output, &input_);
      if (ZSTD_isError(status) != 0) {
        damage_ = ZSTD_getErrorName(status);
        if (output.pos == 0) return damaged();
        break;
      }
      inside_ = status != 0;
      // Within a frame a full output buffer means that the decompressor may hold more for the same input.
      may_hold_output_ = inside_ && output.pos == output.size;
    }
    return output.pos;
  }

 private:
  Result<size_t> damaged() const {
    return fail("I013", file_.name() + ": the zstd data are damaged (" + damage_ + ")", {file_.name()});
  }

  Result<size_t> refill() {
    buffer_.resize(ZSTD_DStreamInSize());
    Result<size_t> got = file_.read(buffer_);
    if (got) input_ = {buffer_.data(), *got, 0};
    return got;
  }

  InputFile& file_;
  std::string buffer_;
  ZSTD_inBuffer input_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  bool inside_ = true;
  bool may_hold_output_ = false;
  const char* damage_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> make_zstd_source(InputFile& file, std::string head) {
  auto source = std::make_unique<ZstdSource>(file, std::move(head));
  if (!source->ready()) return fail("I013", file.name() + ": no memory to unpack it", {file.name()});
  return source;
}

}  // namespace gander::collect
