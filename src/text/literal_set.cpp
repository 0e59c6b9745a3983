#include "text/literal_set.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "text/literal_form.h"

namespace gander::text {
namespace {

constexpr size_t kLong = 5;      // bytes of a literal from which on places can be left out
constexpr size_t kVeryLong = 7;  // when all are that long, three of four
constexpr size_t kPiece = 4;
constexpr std::ptrdiff_t kFew = 8;  // short literals that are cheaper searched one by one

// Equal without case means equal when folded. Other bytes fold together, too: the comparison tells them apart.
constexpr uint32_t kFold = 0x20202020;

uint32_t hash_of(uint32_t bytes) {
  return bytes * 0x9E3779B1U;
}

uint64_t hash_of_key(uint64_t key) {
  key ^= key >> 32;
  return key * 0x9E3779B97F4A7C15ULL;
}

// Of a table with about `size` places.
uint32_t bits_for(size_t size) {
  return static_cast<uint32_t>(std::clamp<size_t>(std::bit_width(size), 10, 22));
}

void set_bit(std::vector<uint64_t>& bits, uint64_t at) {
  bits[at >> 6] |= uint64_t{1} << (at & 63);
}

template <size_t kSize>
uint32_t piece_at(const char* p) {
  if constexpr (kSize == kPiece) {
    uint32_t bytes = 0;
    std::memcpy(&bytes, p, kPiece);
    return bytes | kFold;
  }
  return (static_cast<unsigned char>(p[0]) | uint32_t{static_cast<unsigned char>(p[1])} << 8) | (kFold & 0xffff);
}

uint64_t wide_piece_at(const char* p) {
  return uint64_t{piece_at<kPiece>(p)} << 32 | piece_at<kPiece>(p + kPiece);
}

// How many pieces of the literals have the same bytes, counted by a short hash: a wrong count costs a little speed.
class Uses {
 public:
  explicit Uses(const std::vector<std::string>& literals) {
    size_t pieces = 0;
    for (const std::string& literal : literals) pieces += literal.size();
    const auto bits = static_cast<uint32_t>(std::clamp<size_t>(std::bit_width(pieces), 12, 22));
    shift_ = 64 - bits;
    counts_.resize(size_t{1} << bits);
    for (const std::string& literal : literals) {
      for (size_t at = 0; at + kPiece <= literal.size(); ++at) ++counts_[slot(piece_at<kPiece>(&literal[at]))];
      for (size_t at = 0; at + 2 * kPiece <= literal.size(); ++at) ++counts_[slot(wide_piece_at(&literal[at]))];
    }
  }
  uint64_t count(const char* p, bool wide) const {
    return counts_[slot(wide ? wide_piece_at(p) : piece_at<kPiece>(p))];
  }

 private:
  size_t slot(uint64_t bytes) const { return bytes * 0x9E3779B97F4A7C15ULL >> shift_; }

  uint32_t shift_ = 0;
  std::vector<uint32_t> counts_;
};

// Where in a literal its pieces begin: `count` neighbours that few literals have and that are rare in logs.
size_t best_place(const std::string& literal, size_t count, bool wide, const Uses& uses) {
  const size_t size = wide ? 2 * kPiece : kPiece;
  size_t best = 0;
  uint64_t least = UINT64_MAX;
  for (size_t at = 0; at + size + count - 1 <= literal.size(); ++at) {
    uint64_t cost = 0;
    for (size_t i = 0; i < count; ++i) {
      const char* const p = literal.data() + at + i;
      cost += 64 * uses.count(p, wide);
      for (size_t k = 0; k < kPiece; ++k) cost += static_cast<uint64_t>(LiteralFinder::commonness(p[k]) + 1);
    }
    if (cost >= least) continue;
    least = cost;
    best = at;
  }
  return best;
}

}  // namespace

struct LiteralSet::Search {
  std::string_view text;
  Found found;
  void* context;
};

LiteralSet::LiteralSet(std::vector<std::string> literals) : literals_(std::move(literals)) {
  size_t shortest = SIZE_MAX;
  const auto is_short = [](const std::string& literal) { return literal.size() < kLong; };
  const auto short_count = std::count_if(literals_.begin(), literals_.end(), is_short);
  for (const std::string& literal : literals_) {
    if (!is_short(literal)) shortest = std::min(shortest, literal.size());
  }
  const Uses uses(literals_);
  long_.stride = shortest >= kVeryLong ? 4 : 2;
  short_.stride = 1;
  std::vector<Piece> long_pieces;
  std::vector<Piece> short_pieces;
  for (uint32_t number = 0; number < literals_.size(); ++number) {
    if (!is_short(literals_[number])) {
      add_long(number, uses, long_pieces);
    } else if (short_count <= kFew) {
      few_.push_back({LiteralFinder(literals_[number]), number});
    } else {
      add_short(number, short_pieces);
    }
  }
  fill(long_, std::move(long_pieces));
  fill(short_, std::move(short_pieces));
}

void LiteralSet::add_short(uint32_t number, std::vector<Piece>& pieces) const {
  const std::string& literal = literals_[number];
  if (literal.size() > 1) {
    pieces.push_back({piece_at<2>(literal.data()), 0, number, 0, false});
    return;
  }
  // A literal of one byte has any byte behind it.
  for (uint32_t next = 0; next < 256; ++next) {
    const char both[2] = {literal[0], static_cast<char>(next)};
    if ((next & 0x20) != 0) pieces.push_back({piece_at<2>(both), 0, number, 0, false});
  }
}

template <class Uses>
void LiteralSet::add_long(uint32_t number, const Uses& uses, std::vector<Piece>& pieces) const {
  const std::string& literal = literals_[number];
  const bool wide = literal.size() >= 2 * kPiece + long_.stride - 1;
  const size_t place = best_place(literal, long_.stride, wide, uses);
  for (size_t at = place; at < place + long_.stride; ++at) {
    const char* const p = literal.data() + at;
    pieces.push_back(
        {piece_at<kPiece>(p), wide ? piece_at<kPiece>(p + kPiece) : 0, number, static_cast<uint32_t>(at), wide});
  }
}

void LiteralSet::fill(Table& table, std::vector<Piece> pieces) {
  if (pieces.empty()) {
    table.stride = 0;
    return;
  }
  const uint32_t bits = bits_for(pieces.size() * 32);
  table.filter_shift = 32 - bits;
  table.filter.assign((size_t{1} << bits) / 64, 0);
  for (const Piece& piece : pieces) set_bit(table.filter, hash_of(piece.bytes) >> table.filter_shift);
  const auto narrow = std::stable_partition(pieces.begin(), pieces.end(), [](const Piece& p) { return p.wide; });
  table.narrow = make_slots({narrow, pieces.end()});
  pieces.erase(narrow, pieces.end());
  table.wide = make_slots(std::move(pieces));
}

LiteralSet::Slots LiteralSet::make_slots(std::vector<Piece> pieces) {
  Slots slots;
  if (pieces.empty()) return slots;
  const uint32_t bits = bits_for(pieces.size() * 2);
  slots.shift = 64 - bits;
  slots.filter_shift = 64 - bits_for(pieces.size() * 16);
  slots.filter.assign((size_t{1} << (64 - slots.filter_shift)) / 64, 0);
  const auto slot = [&](const Piece& piece) { return hash_of_key(piece.key()) >> slots.shift; };
  std::stable_sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) {
    return slot(a) != slot(b) ? slot(a) < slot(b) : a.key() < b.key();
  });
  slots.begin.assign((size_t{1} << bits) + 1, 0);
  for (const Piece& piece : pieces) {
    ++slots.begin[slot(piece) + 1];
    set_bit(slots.filter, hash_of_key(piece.key()) >> slots.filter_shift);
  }
  for (size_t s = 1; s < slots.begin.size(); ++s) slots.begin[s] += slots.begin[s - 1];
  slots.pieces = std::move(pieces);
  return slots;
}

// The pieces with this key.
std::span<const LiteralSet::Piece> LiteralSet::find(const Slots& slots, uint64_t key) {
  if (slots.pieces.empty()) return {};
  const uint64_t hash = hash_of_key(key);
  const uint64_t bit = hash >> slots.filter_shift;
  if (!(slots.filter[bit >> 6] >> (bit & 63) & 1)) return {};
  const Piece* const all = slots.pieces.data();
  const Piece* first = all + slots.begin[hash >> slots.shift];
  const Piece* const end = all + slots.begin[(hash >> slots.shift) + 1];
  while (first != end && first->key() < key) ++first;
  const Piece* last = first;
  while (last != end && last->key() == key) ++last;
  return {first, last};
}

void LiteralSet::compare(const Table& table, uint32_t bytes, size_t place, const Search& search) const {
  const auto compare_all = [&](std::span<const Piece> pieces) {
    for (const Piece& piece : pieces) {
      const std::string& literal = literals_[piece.literal];
      if (piece.offset > place || search.text.size() - (place - piece.offset) < literal.size()) continue;
      if (equal_caseless(search.text.substr(place - piece.offset, literal.size()), literal)) {
        search.found(search.context, piece.literal);
      }
    }
  };
  const uint64_t key = uint64_t{bytes} << 32;
  if (search.text.size() - place >= 2 * kPiece) {
    compare_all(find(table.wide, key | piece_at<kPiece>(search.text.data() + place + kPiece)));
  }
  compare_all(find(table.narrow, key));
}

template <size_t kSize>
void LiteralSet::scan_table(const Table& table, const Search& search) const {
  constexpr size_t kRound = 64;
  const char* const text = search.text.data();
  const size_t stride = table.stride;
  const uint64_t* const filter = table.filter.data();
  const uint32_t shift = table.filter_shift;
  uint32_t hits[kRound];
  const size_t end = search.text.size() - kSize + 1;
  for (size_t at = 0; at < end;) {
    // Without a branch a place: what is hit is written down and looked at later.
    size_t count = 0;
    const size_t round_end = std::min(end, at + kRound * stride);
    for (; at < round_end; at += stride) {
      const uint32_t bit = hash_of(piece_at<kSize>(text + at)) >> shift;
      hits[count] = static_cast<uint32_t>(at);
      count += filter[bit >> 6] >> (bit & 63) & 1;
    }
    for (size_t i = 0; i < count; ++i) compare(table, piece_at<kSize>(text + hits[i]), hits[i], search);
  }
}

void LiteralSet::scan(std::string_view text, Found found, void* context) const {
  const Search search{text, found, context};
  if (long_.stride != 0 && text.size() >= kLong) scan_table<kPiece>(long_, search);
  for (const Few& few : few_) {
    if (few.literal.find(text) != LiteralFinder::npos) found(context, few.number);
  }
  if (short_.stride == 0 || text.empty()) return;
  if (text.size() >= 2) scan_table<2>(short_, search);
  // The last byte has none behind it.
  const char last[2] = {text.back(), ' '};
  compare(short_, piece_at<2>(last), text.size() - 1, search);
}

void LiteralSet::scan_slow(std::string_view text, Found found, void* context) const {
  for (uint32_t number = 0; number < literals_.size(); ++number) {
    if (LiteralFinder(literals_[number]).find(text) != LiteralFinder::npos) found(context, number);
  }
}

}  // namespace gander::text
