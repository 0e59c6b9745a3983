#include "rules/first_seen.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace gander::rules {
namespace {

constexpr size_t kEnoughAlike = 3;

std::string digest_of(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  std::string out;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) return out;
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out;
}

size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

}  // namespace

FirstSeen::FirstSeen(model::StateStore& store, StoreWrites writes, model::Compat compat, int list_size,
                     int min_size_for_str)
    : store_(store),
      writes_(writes),
      compat_(compat),
      list_size_(static_cast<size_t>(std::max(list_size, 1))),
      alike_(static_cast<size_t>(std::max(min_size_for_str, 1))) {
  for (const std::string& line : store_.first_seen_lines()) {
    key_ = line;
    limit_key();
    if (!known_.contains(key_)) learn(key_);
  }
}

bool FirstSeen::is_new(const model::Event& event) {
  if (!event.decoder || event.decoder->fts == 0) return false;
  build_key(event, event.decoder->fts);
  if (known_.contains(key_)) return false;
  const bool ids = event.decoder->category == model::Category::Ids;
  if (ids && many_alike()) {
    key_.resize(std::min(key_.size(), alike_));
    if (known_.contains(key_)) return false;
  }
  if (ids) {
    ids_.push_front(key_);
    if (ids_.size() > list_size_) ids_.pop_back();
  }
  learn(key_);
  if (writes_ == StoreWrites::Yes) store_.add_first_seen(key_);
  return true;
}

// "<decoder> <id> <dstuser> <srcuser> <srcip> <dstip> <data> <systemname> <location>"; srcuser is never selected.
void FirstSeen::build_key(const model::Event& event, uint32_t items) {
  using model::Field;
  const auto item = [&](uint32_t wanted, std::string_view value) {
    key_ += ' ';
    if (items & wanted) key_ += value;
  };
  key_ = event.decoder->name;
  item(model::kFtsId, event.field(Field::Id));
  item(model::kFtsDstUser, event.field(Field::DstUser));
  item(0, {});
  item(model::kFtsSrcIp, event.field(Field::SrcIp));
  item(model::kFtsDstIp, event.field(Field::DstIp));
  item(model::kFtsData, event.field(Field::Data));
  item(model::kFtsSystemName, event.field(Field::SystemName));
  item(model::kFtsLocation, event.location);
  limit_key();
}

void FirstSeen::limit_key() {
  if (key_.size() <= kMaxKey) return;
  if (compat_ == model::Compat::Mended) {
    const std::string digest = digest_of(key_);
    key_.resize(kMaxKey - digest.size() - 2);
    key_.append(" #").append(digest);
  } else {
    key_.resize(kMaxKey);
  }
}

bool FirstSeen::many_alike() const {
  size_t alike = 0;
  for (const std::string& line : ids_) {
    if (common_prefix(line, key_) > alike_ && ++alike == kEnoughAlike) return true;
  }
  return false;
}

void FirstSeen::learn(const std::string& key) {
  if (order_.size() == kMaxKeys) {
    known_.erase(order_.front());
    order_.pop_front();
  }
  known_.insert(order_.emplace_back(key));
}

}  // namespace gander::rules
