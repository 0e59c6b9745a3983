#include "store/stable_id_maker.h"

#include <openssl/evp.h>

#include <array>
#include <cstring>

namespace gander::store {

struct StableIdMaker::Impl {
  struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::string digest;
  std::string text;
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};

  ~Impl() { EVP_MD_free(algorithm); }

  // A length in front of each part: no two lists of parts give the same text.
  void add(std::string_view part) {
    const uint64_t size = part.size();
    for (size_t i = 0; i < sizeof size; ++i) text.push_back(static_cast<char>(size >> (8 * i)));
    text.append(part);
  }
};

StableIdMaker::StableIdMaker(std::string_view ruleset_digest) : impl_(std::make_unique<Impl>()) {
  impl_->digest = ruleset_digest;
}
StableIdMaker::~StableIdMaker() = default;
StableIdMaker::StableIdMaker(StableIdMaker&&) noexcept = default;
StableIdMaker& StableIdMaker::operator=(StableIdMaker&&) noexcept = default;

model::StableId StableIdMaker::of(std::string_view source, std::string_view place, model::RuleId rule) {
  Impl& s = *impl_;
  s.text.clear();
  s.add(s.digest);
  s.add(source);
  s.add(place);
  s.add(std::to_string(rule));
  std::array<unsigned char, EVP_MAX_MD_SIZE> full{};
  EVP_DigestInit_ex2(s.context.get(), s.algorithm, nullptr);
  EVP_DigestUpdate(s.context.get(), s.text.data(), s.text.size());
  EVP_DigestFinal_ex(s.context.get(), full.data(), nullptr);
  model::StableId id;
  std::memcpy(id.bytes.data(), full.data(), id.bytes.size());
  return id;
}

}  // namespace gander::store
