#include "store/edit_finder.h"

#include <algorithm>
#include <optional>

namespace gander::store {
namespace {

uint16_t mark_at(std::string_view marks, size_t block) {
  return static_cast<uint16_t>(static_cast<uint8_t>(marks[2 * block]) | static_cast<uint8_t>(marks[2 * block + 1])
                                                                            << 8);
}

// Tries what one block may have been. A block of which one or two bytes were changed is found again: of the candidates
// that give the block's mark, the one that gives the record's HMAC is what was written.
class BlockSearch {
 public:
  BlockSearch(const ChainKey& key, const Mac& before, const ChainRecord& record, std::string_view piece, size_t block)
      : key_(key),
        before_(before),
        record_(record),
        piece_(piece),
        begin_(block * kChainBlock),
        size_(std::min(kChainBlock, piece.size() - begin_)),
        mark_(mark_at(record.marks, block)) {}

  // The first changed byte of the block.
  std::optional<size_t> first_changed() {
    for (size_t i = 0; i < size_; ++i) {
      if (any_value(i, [&] { return fits(); })) return begin_ + i;
    }
    for (size_t i = 0; i < size_; ++i) {
      for (size_t j = i + 1; j < size_; ++j) {
        if (any_value(i, [&] { return any_value(j, [&] { return fits(); }); })) return begin_ + i;
      }
    }
    return std::nullopt;
  }

 private:
  template <class Test>
  bool any_value(size_t at, Test test) {
    char& byte = piece_[begin_ + at];
    const char now = byte;
    bool found = false;
    for (int value = 0; value < 256 && !found; ++value) {
      if (static_cast<char>(value) == now) continue;
      byte = static_cast<char>(value);
      found = test();
    }
    byte = now;
    return found;
  }

  bool fits() const {
    const std::string_view whole = piece_;
    if (key_.mark(record_.offset + begin_, whole.substr(begin_, size_)) != mark_) return false;
    const std::string_view before(reinterpret_cast<const char*>(before_.data()), before_.size());
    return key_.mac({before, record_.signed_text, whole}) == record_.mac;
  }

  const ChainKey& key_;
  const Mac& before_;
  const ChainRecord& record_;
  std::string piece_;
  size_t begin_;
  size_t size_;
  uint16_t mark_;
};

}  // namespace

Edit find_edit(const ChainKey& key, const Mac& before, const ChainRecord& record, std::string_view piece) {
  const bool whole = piece.size() == record.length;
  const size_t blocks = whole ? record.marks.size() / 2 : piece.size() / kChainBlock;
  Edit edit;
  size_t edited = 0;
  for (size_t b = 0; b < blocks; ++b) {
    const std::string_view block = piece.substr(b * kChainBlock, kChainBlock);
    if (key.mark(record.offset + b * kChainBlock, block) == mark_at(record.marks, b)) continue;
    if (++edited > 1) break;
    edit.found = true;
    edit.first = b * kChainBlock;
    edit.last = edit.first + block.size() - 1;
  }
  if (!whole || edited != 1) return edit;
  const std::optional<size_t> exact = BlockSearch(key, before, record, piece, edit.first / kChainBlock).first_changed();
  if (exact) edit.first = edit.last = *exact;
  return edit;
}

}  // namespace gander::store
