#include "store/journal_file.h"

#include <xxhash.h>

#include <cstring>
#include <memory>

namespace gander::store {
namespace {

constexpr std::string_view kMagic = "GNDRJNL1";
constexpr size_t kHead = 48;  // magic, number, size of the description, size of the bytes, hash
constexpr uint64_t kMostDescription = uint64_t{256} << 20;
constexpr size_t kBlock = size_t{1} << 20;

struct FreeHash {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using Hash = std::unique_ptr<XXH3_state_t, FreeHash>;

Hash begin_hash(std::string_view head) {
  Hash hash(XXH3_createState());
  XXH3_128bits_reset(hash.get());
  XXH3_128bits_update(hash.get(), head.data(), head.size());
  return hash;
}

void store64(char* at, uint64_t value) {
  std::memcpy(at, &value, sizeof value);
}
uint64_t load64(const char* at) {
  uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::string description_of(const JournalContent& content) {
  Packer packer;
  pack_change(packer, content.change);
  packer.number(content.writes.size());
  for (const JournalWrite& w : content.writes) {
    packer.number(static_cast<uint64_t>(w.how));
    packer.text(w.path);
    packer.number(w.offset);
    packer.number(w.bytes.size());
  }
  packer.number(content.responses.size());
  for (const std::string& response : content.responses) packer.text(response);
  return packer.bytes();
}

// A path of the journal is used as it is; one that leaves the home is none of ours.
bool stays_below(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  const std::string framed = "/" + std::string(path) + "/";
  return framed.find("/../") == std::string::npos;
}

bool unpack(std::string_view description, uint64_t bytes, JournalContent& content) {
  Unpacker in(description);
  unpack_change(in, content.change);
  uint64_t at = 0;
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) {
    JournalWrite w;
    const uint64_t how = in.number();
    w.how = static_cast<JournalWrite::How>(how);
    w.path = in.text();
    w.offset = in.number();
    w.length = in.number();
    w.stored_at = kHead + description.size() + at;
    if (how > 1 || !stays_below(w.path) || w.length > bytes - at || w.offset > (uint64_t{1} << 62)) return false;
    at += w.length;
    content.writes.push_back(std::move(w));
  }
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) content.responses.emplace_back(in.text());
  return in.good() && in.at_end() && at == bytes;
}

// The hash of `size` bytes at `offset` on top of what `hash` has seen.
Result<bool> hash_file(const PosixFile& file, uint64_t offset, uint64_t size, XXH3_state_t* hash) {
  std::string block;
  while (size > 0) {
    const Result<void> read = file.read_at(offset, static_cast<size_t>(std::min<uint64_t>(size, kBlock)), block);
    if (!read) return tl::unexpected(read.error());
    if (block.empty()) return false;
    XXH3_128bits_update(hash, block.data(), block.size());
    offset += block.size();
    size -= block.size();
  }
  return true;
}

}  // namespace

void Packer::number(uint64_t value) {
  for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
  bytes_.push_back(static_cast<char>(value));
}

void Packer::text(std::string_view text) {
  number(text.size());
  bytes_.append(text);
}

uint64_t Unpacker::number() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  good_ = false;
  return 0;
}

std::string_view Unpacker::text() {
  const uint64_t size = number();
  if (!good_ || size > rest_.size()) {
    good_ = false;
    return "";
  }
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return text;
}

uint64_t Unpacker::count() {
  const uint64_t count = number();
  if (count > rest_.size()) good_ = false;
  return good_ ? count : 0;
}

void pack_change(Packer& packer, const StateDb::Change& change) {
  packer.number(change.batch);
  packer.number(change.places.size());
  for (const SourcePlace& p : change.places) {
    packer.text(p.source);
    packer.text(p.place);
  }
  packer.number(change.forgotten.size());
  for (const std::string& source : change.forgotten) packer.text(source);
  packer.number(change.counts.size());
  for (const SourceCount& c : change.counts) {
    packer.text(c.source);
    packer.text(c.name);
    packer.number(c.value);
  }
  packer.number(change.values.size());
  for (const auto& [key, value] : change.values) {
    packer.text(key);
    packer.text(value);
  }
}

void unpack_change(Unpacker& in, StateDb::Change& change) {
  change.batch = in.number();
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) {
    SourcePlace p;
    p.source = in.text();
    p.place = in.text();
    change.places.push_back(std::move(p));
  }
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) change.forgotten.emplace_back(in.text());
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) {
    SourceCount c;
    c.source = in.text();
    c.name = in.text();
    c.value = in.number();
    change.counts.push_back(std::move(c));
  }
  for (uint64_t n = in.count(); n > 0 && in.good(); --n) {
    std::string key(in.text());
    change.values.emplace_back(std::move(key), std::string(in.text()));
  }
}

Result<uint64_t> write_journal(const PosixFile& file, const JournalContent& content, const FaultSeam& seam) {
  const std::string description = description_of(content);
  uint64_t bytes = 0;
  for (const JournalWrite& w : content.writes) bytes += w.bytes.size();
  char head[kHead];
  std::memcpy(head, kMagic.data(), kMagic.size());
  store64(head + 8, content.change.batch);
  store64(head + 16, description.size());
  store64(head + 24, bytes);
  const Hash hash = begin_hash({head, 32});
  std::vector<iovec> parts = {{head, sizeof head}};
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    XXH3_128bits_update(hash.get(), part.data(), part.size());
    parts.push_back({const_cast<char*>(part.data()), part.size()});
  };
  add(description);
  for (const JournalWrite& w : content.writes) add(w.bytes);
  const XXH128_hash_t sum = XXH3_128bits_digest(hash.get());
  store64(head + 32, sum.low64);
  store64(head + 40, sum.high64);
  const Result<void> written = file.write_parts_at(0, parts, seam, "journal.write");
  if (!written) return tl::unexpected(written.error());
  return kHead + description.size() + bytes;
}

Result<std::optional<JournalContent>> read_journal(const PosixFile& file) {
  std::string head;
  Result<void> read = file.read_at(0, kHead, head);
  if (!read) return tl::unexpected(read.error());
  const Result<uint64_t> size = file.size();
  if (!size) return tl::unexpected(size.error());
  if (head.size() < kHead || !head.starts_with(kMagic)) return std::nullopt;
  const uint64_t described = load64(head.data() + 16);
  const uint64_t bytes = load64(head.data() + 24);
  if (described > kMostDescription || described > *size - kHead || bytes > *size - kHead - described)
    return std::nullopt;
  const Hash hash = begin_hash(std::string_view(head).substr(0, 32));
  const Result<bool> hashed = hash_file(file, kHead, described + bytes, hash.get());
  if (!hashed) return tl::unexpected(hashed.error());
  const XXH128_hash_t sum = XXH3_128bits_digest(hash.get());
  if (!*hashed || sum.low64 != load64(head.data() + 32) || sum.high64 != load64(head.data() + 40)) return std::nullopt;
  std::string description;
  read = file.read_at(kHead, static_cast<size_t>(described), description);
  if (!read) return tl::unexpected(read.error());
  JournalContent content;
  if (!unpack(description, bytes, content) || content.change.batch != load64(head.data() + 8)) return std::nullopt;
  return content;
}

}  // namespace gander::store
