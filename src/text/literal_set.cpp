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

template <size_t kSize>
uint32_t piece_at(const char* p) {
  if constexpr (kSize == kPiece) {
    uint32_t bytes = 0;
    std::memcpy(&bytes, p, kPiece);
    return bytes | kFold;
  }
  return (static_cast<unsigned char>(p[0]) | uint32_t{static_cast<unsigned char>(p[1])} << 8) | (kFold & 0xffff);
}

// Pieces are counted by a short hash: a wrong count costs a little speed.
constexpr uint32_t kUseBits = 12;
size_t use_of(const char* p) {
  return hash_of(piece_at<kPiece>(p)) >> (32 - kUseBits);
}

// Where in a literal its pieces begin: `count` neighbours that few literals have and that are rare in logs.
size_t best_place(const std::string& literal, size_t count, const std::vector<uint32_t>& uses) {
  size_t best = 0;
  uint64_t least = UINT64_MAX;
  for (size_t at = 0; at + kPiece + count - 1 <= literal.size(); ++at) {
    uint64_t cost = 0;
    for (size_t i = 0; i < count; ++i) {
      const char* const p = literal.data() + at + i;
      cost += 64 * uint64_t{uses[use_of(p)]};
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
  std::vector<uint32_t> uses(size_t{1} << kUseBits);
  for (const std::string& literal : literals_) {
    if (literal.size() < kLong) continue;
    shortest = std::min(shortest, literal.size());
    for (size_t at = 0; at + kPiece <= literal.size(); ++at) ++uses[use_of(literal.data() + at)];
  }
  long_.stride = shortest >= kVeryLong ? 4 : 2;
  short_.stride = 1;
  std::vector<Piece> long_pieces;
  std::vector<Piece> short_pieces;
  for (uint32_t number = 0; number < literals_.size(); ++number) {
    const std::string& literal = literals_[number];
    if (is_short(literal) && short_count <= kFew) {
      few_.push_back({LiteralFinder(literal), number});
      continue;
    }
    if (is_short(literal)) {
      // A literal of one byte has any byte behind it.
      if (literal.size() > 1) {
        short_pieces.push_back({piece_at<2>(literal.data()), number, 0});
      } else {
        for (uint32_t next = 0; next < 256; ++next) {
          const char both[2] = {literal[0], static_cast<char>(next)};
          if ((next & 0x20) != 0) short_pieces.push_back({piece_at<2>(both), number, 0});
        }
      }
      continue;
    }
    const size_t place = best_place(literal, long_.stride, uses);
    for (size_t at = place; at < place + long_.stride; ++at) {
      long_pieces.push_back({piece_at<kPiece>(literal.data() + at), number, static_cast<uint32_t>(at)});
    }
  }
  fill(long_, std::move(long_pieces));
  fill(short_, std::move(short_pieces));
}

void LiteralSet::fill(Table& table, std::vector<Piece> pieces) {
  if (pieces.empty()) {
    table.stride = 0;
    return;
  }
  const auto bits = static_cast<uint32_t>(std::clamp<size_t>(std::bit_width(pieces.size() * 32), 10, 22));
  table.filter_shift = 32 - bits;
  table.slot_shift = table.filter_shift + 4;
  table.filter.assign((size_t{1} << bits) / 64, 0);
  table.slot_begin.assign((size_t{1} << (32 - table.slot_shift)) + 1, 0);
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return hash_of(a.bytes) < hash_of(b.bytes); });
  for (const Piece& piece : pieces) {
    const uint32_t hash = hash_of(piece.bytes);
    table.filter[hash >> table.filter_shift >> 6] |= uint64_t{1} << (hash >> table.filter_shift & 63);
    ++table.slot_begin[(hash >> table.slot_shift) + 1];
  }
  for (size_t s = 1; s < table.slot_begin.size(); ++s) table.slot_begin[s] += table.slot_begin[s - 1];
  table.pieces = std::move(pieces);
}

void LiteralSet::compare(const Table& table, uint32_t bytes, size_t place, const Search& search) const {
  const uint32_t slot = hash_of(bytes) >> table.slot_shift;
  for (uint32_t i = table.slot_begin[slot]; i != table.slot_begin[slot + 1]; ++i) {
    const Piece& piece = table.pieces[i];
    if (piece.bytes != bytes || piece.offset > place) continue;
    const std::string& literal = literals_[piece.literal];
    const size_t begin = place - piece.offset;
    if (search.text.size() - begin < literal.size()) continue;
    if (equal_caseless(search.text.substr(begin, literal.size()), literal)) {
      search.found(search.context, piece.literal);
    }
  }
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
