// The calls below the EVP layer: their state can be copied, so that what the records of a source have in common is
// hashed once, and a short text costs its blocks only.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "store/stable_id_maker.h"

#include <openssl/sha.h>

#include <array>
#include <charconv>
#include <cstring>

namespace gander::store {
namespace {

// A length in front of each part: no two lists of parts give the same text.
void add(SHA256_CTX& hash, std::string_view part) {
  const uint64_t size = part.size();
  unsigned char length[sizeof size];
  for (size_t i = 0; i < sizeof size; ++i) length[i] = static_cast<unsigned char>(size >> (8 * i));
  SHA256_Update(&hash, length, sizeof length);
  SHA256_Update(&hash, part.data(), part.size());
}

}  // namespace

struct StableIdMaker::Impl {
  SHA256_CTX behind_digest{};
  std::string source;  // of behind_source
  SHA256_CTX behind_source{};

  void set_source(std::string_view wanted) {
    source = wanted;
    behind_source = behind_digest;
    add(behind_source, source);
  }
};

StableIdMaker::StableIdMaker(std::string_view ruleset_digest) : impl_(std::make_unique<Impl>()) {
  SHA256_Init(&impl_->behind_digest);
  add(impl_->behind_digest, ruleset_digest);
  impl_->set_source({});
}
StableIdMaker::~StableIdMaker() = default;
StableIdMaker::StableIdMaker(StableIdMaker&&) noexcept = default;
StableIdMaker& StableIdMaker::operator=(StableIdMaker&&) noexcept = default;

model::StableId StableIdMaker::of(std::string_view source, std::string_view place, model::RuleId rule) {
  if (source != impl_->source) impl_->set_source(source);
  SHA256_CTX hash = impl_->behind_source;
  add(hash, place);
  char digits[24];
  const char* const end = std::to_chars(digits, digits + sizeof digits, rule).ptr;
  add(hash, {digits, static_cast<size_t>(end - digits)});
  std::array<unsigned char, SHA256_DIGEST_LENGTH> full{};
  SHA256_Final(full.data(), &hash);
  model::StableId id;
  std::memcpy(id.bytes.data(), full.data(), id.bytes.size());
  return id;
}

}  // namespace gander::store
