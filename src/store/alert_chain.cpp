#include "store/alert_chain.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL  // a mark is a hash of 16 bytes: a call would cost more than it
#include <xxhash.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "store/posix_file.h"

namespace gander::store {
namespace {

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

void put(std::string& out, uint64_t value, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

uint64_t get(std::string_view bytes, size_t at, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; ++i) value |= uint64_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
  return value;
}

std::string_view view(const Mac& mac) {
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

std::string hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) out += {kHex[static_cast<uint8_t>(c) >> 4], kHex[static_cast<uint8_t>(c) & 15]};
  return out;
}

template <size_t N>
bool from_hex(std::string_view text, std::array<uint8_t, N>& bytes) {
  if (text.size() != 2 * N) return false;
  for (size_t i = 0; i < N; ++i) {
    const char* const digits = text.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, bytes[i], 16).ptr != digits + 2) return false;
  }
  return true;
}

void sign(const ChainKey& key, ChainHead& head, std::string_view data, std::string& out, size_t begin) {
  head.mac = key.mac({view(head.mac), std::string_view(out).substr(begin), data});
  out.append(view(head.mac));
}

}  // namespace

struct ChainKey::Impl {
  std::array<uint8_t, kBytes> key{};
  std::unique_ptr<EVP_MAC_CTX, FreeMac> context;
  uint64_t seed = 0;
};

ChainKey::ChainKey(const std::array<uint8_t, kBytes>& key) : impl_(std::make_unique<Impl>()) {
  impl_->key = key;
  EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  impl_->context.reset(EVP_MAC_CTX_new(algorithm));
  EVP_MAC_free(algorithm);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
  EVP_MAC_init(impl_->context.get(), impl_->key.data(), impl_->key.size(), parameters);
  const Mac derived = mac({"block marks"});
  std::memcpy(&impl_->seed, derived.data(), sizeof impl_->seed);
}

ChainKey::~ChainKey() {
  if (impl_) OPENSSL_cleanse(impl_->key.data(), impl_->key.size());
}
ChainKey::ChainKey(ChainKey&&) noexcept = default;
ChainKey& ChainKey::operator=(ChainKey&&) noexcept = default;

Mac ChainKey::mac(std::initializer_list<std::string_view> parts) const {
  Mac out{};
  EVP_MAC_CTX* const context = impl_->context.get();
  EVP_MAC_init(context, nullptr, 0, nullptr);
  for (const std::string_view part : parts) {
    EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(part.data()), part.size());
  }
  size_t size = 0;
  EVP_MAC_final(context, out.data(), &size, out.size());
  return out;
}

uint16_t ChainKey::mark(uint64_t offset, std::string_view block) const {
  return static_cast<uint16_t>(XXH3_64bits_withSeed(block.data(), block.size(), impl_->seed ^ offset));
}

Result<ChainKey> ChainKey::load(const std::string& path, Missing missing, bool* made) {
  std::array<uint8_t, kBytes> key{};
  if (!base::exists(path) && missing == Missing::Make) {
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) return fail("A206", "no random numbers for a key");
    const std::string text = hex({reinterpret_cast<const char*>(key.data()), key.size()}) + "\n";
    const Result<void> written = base::write_file_atomically(path, text);
    if (!written) return tl::unexpected(Error{"A206", written.error().message, {path}});
    if (made != nullptr) *made = true;
    return ChainKey(key);
  }
  const Result<std::string> text = base::read_file(path);
  if (!text) return tl::unexpected(Error{"A206", text.error().message, {path}});
  std::string_view digits = *text;
  while (digits.ends_with('\n') || digits.ends_with('\r') || digits.ends_with(' ')) digits.remove_suffix(1);
  if (!from_hex(digits, key)) return fail("A206", "'" + path + "' is no key: 64 hex digits are expected", {path});
  return ChainKey(key);
}

std::optional<ChainRecord> first_chain_record(std::string_view bytes) {
  constexpr size_t kMac = 32;
  if (bytes.empty()) return std::nullopt;
  ChainRecord record;
  record.kind = static_cast<ChainRecord::Kind>(bytes[0]);
  size_t body = 0;
  if (record.kind == ChainRecord::Kind::Link && bytes.size() >= 3) {
    const size_t name = get(bytes, 1, 2);
    body = 3 + name + kMac;
    if (bytes.size() < body + kMac) return std::nullopt;
    record.before = bytes.substr(3, name);
    std::memcpy(record.before_mac.data(), bytes.data() + 3 + name, kMac);
  } else if (record.kind == ChainRecord::Kind::Piece && bytes.size() >= 13) {
    record.offset = get(bytes, 1, 8);
    record.length = get(bytes, 9, 4);
    if (record.length == 0 || record.length > kChainPiece || record.offset > (uint64_t{1} << 62)) return std::nullopt;
    const size_t marks = 2 * ((record.length + kChainBlock - 1) / kChainBlock);
    body = 13 + marks;
    if (bytes.size() < body + kMac) return std::nullopt;
    record.marks = bytes.substr(13, marks);
  } else {
    return std::nullopt;
  }
  record.signed_text = bytes.substr(0, body);
  std::memcpy(record.mac.data(), bytes.data() + body, kMac);
  record.size = body + kMac;
  return record;
}

std::string ChainHead::text() const {
  return hex(view(mac)) + " " + std::to_string(chain_size) + " " + std::to_string(log_end) + " " + path;
}

std::optional<ChainHead> ChainHead::from_text(std::string_view text) {
  ChainHead head;
  if (text.size() < 66 || !from_hex(text.substr(0, 64), head.mac)) return std::nullopt;
  text.remove_prefix(65);
  for (uint64_t* const number : {&head.chain_size, &head.log_end}) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  }
  head.path = text;
  return head;
}

void begin_chain(const ChainKey& key, ChainHead& head, const std::string& path, const ChainHead* before,
                 std::string& out) {
  out.append(kChainMagic);
  const size_t begin = out.size();
  head = {};
  head.path = path;
  const std::string_view name =
      before == nullptr ? std::string_view{} : std::string_view(before->path).substr(0, 65535);
  put(out, static_cast<uint64_t>(ChainRecord::Kind::Link), 1);
  put(out, name.size(), 2);
  out.append(name).append(view(before == nullptr ? Mac{} : before->mac));
  // The name of this file belongs to what is signed: a day put into the place of another does not fit.
  sign(key, head, path, out, begin);
  head.chain_size = kChainMagic.size() + out.size() - begin;
}

void append_chain(const ChainKey& key, ChainHead& head, uint64_t offset, std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kChainPiece);
    const size_t begin = out.size();
    put(out, static_cast<uint64_t>(ChainRecord::Kind::Piece), 1);
    put(out, offset, 8);
    put(out, piece.size(), 4);
    size_t to = out.size();
    out.resize(to + 2 * ((piece.size() + kChainBlock - 1) / kChainBlock));
    for (size_t at = 0; at < piece.size(); at += kChainBlock) {
      const uint16_t mark = key.mark(offset + at, piece.substr(at, kChainBlock));
      out[to++] = static_cast<char>(mark);
      out[to++] = static_cast<char>(mark >> 8);
    }
    sign(key, head, piece, out, begin);
    head.chain_size += out.size() - begin;
    offset += piece.size();
    head.log_end = offset;
    bytes.remove_prefix(piece.size());
  }
}

std::optional<ChainHead> end_of_chain(const std::string& path, std::string_view chain) {
  if (!chain.starts_with(kChainMagic)) return std::nullopt;
  ChainHead head;
  head.path = path;
  head.chain_size = chain.size();
  chain.remove_prefix(kChainMagic.size());
  if (chain.empty()) return std::nullopt;
  while (!chain.empty()) {
    const std::optional<ChainRecord> record = first_chain_record(chain);
    if (!record) return std::nullopt;
    head.mac = record->mac;
    if (record->kind == ChainRecord::Kind::Piece) head.log_end = record->offset + record->length;
    chain.remove_prefix(record->size);
  }
  return head;
}

}  // namespace gander::store
