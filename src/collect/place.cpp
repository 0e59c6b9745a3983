#include "collect/place.h"

namespace gander::collect {

namespace {
constexpr uint64_t kVersion = 1;
constexpr uint64_t kMostFiles = 1024;
}  // namespace

void PlaceWriter::number(uint64_t n) {
  while (n >= 0x80) {
    bytes_.push_back(static_cast<char>((n & 0x7F) | 0x80));
    n >>= 7;
  }
  bytes_.push_back(static_cast<char>(n));
}

void PlaceWriter::text(std::string_view t) {
  number(t.size());
  bytes_.append(t);
}

uint64_t PlaceReader::number() {
  uint64_t n = 0;
  for (int shift = 0; good_ && shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    n |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) return n;
  }
  good_ = false;
  return 0;
}

std::string PlaceReader::text() {
  const uint64_t size = number();
  if (!good_ || size > rest_.size()) {
    good_ = false;
    return {};
  }
  std::string t(rest_.substr(0, size));
  rest_.remove_prefix(size);
  return t;
}

std::string FilePlace::encode() const {
  PlaceWriter w;
  w.number(kVersion);
  w.number(next_serial);
  w.number(files.size());
  for (const FileMark& m : files) {
    w.text(m.path);
    for (const uint64_t n : {m.id.device, m.id.inode, m.serial, m.offset, m.end, uint64_t{m.head.size}, m.head.hash,
                             uint64_t{m.tail.size}, m.tail.hash, uint64_t{m.left ? 1U : 0U}}) {
      w.number(n);
    }
    w.text(m.memory);
  }
  return w.take();
}

std::optional<FilePlace> FilePlace::decode(std::string_view bytes) {
  PlaceReader r(bytes);
  if (r.number() != kVersion) return std::nullopt;
  FilePlace place;
  place.next_serial = r.number();
  const uint64_t count = r.number();
  if (!r.good() || count > kMostFiles) return std::nullopt;
  for (uint64_t i = 0; i < count && r.good(); ++i) {
    FileMark m;
    m.path = r.text();
    m.id.device = r.number();
    m.id.inode = r.number();
    m.serial = r.number();
    m.offset = r.number();
    m.end = r.number();
    m.head.size = static_cast<uint32_t>(r.number());
    m.head.hash = r.number();
    m.tail.size = static_cast<uint32_t>(r.number());
    m.tail.hash = r.number();
    m.left = r.number() != 0;
    m.memory = r.text();
    if (m.head.size > FileMark::kHead || m.tail.size > FileMark::kTail || m.offset > INT64_MAX) return std::nullopt;
    place.files.push_back(std::move(m));
  }
  if (!r.ended_well()) return std::nullopt;
  return place;
}

}  // namespace gander::collect
