// LiteralSet: many literals searched at once, without case, in one pass over the text.
//
// Each literal is known by a few of its 4-byte pieces, chosen so that one of them stands at a sampled place of the text
// wherever the literal stands (every fourth place when all literals are long, else every second). A bit table tells
// most sampled places "no"; what is left is looked up by eight bytes where the literal has them, so that thousands of
// literals that share a piece are told apart without comparing each. Literals of fewer than 5 bytes are known by their
// first two bytes and looked for at every place, or by themselves when they are few.
//
// Owns:    its tables. Immutable.
// Threads: any.
// Cost:    one look-up in a table of a few KiB at each sampled place; where it says yes, one in a table of two bytes a
//          piece, and only what that one lets pass is compared. Making it takes time n log n in the literals.
// Fails:   cannot. A set without literals is not usable(); the caller then treats every literal as found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/literal_finder.h"

namespace gander::text {

class LiteralSet {
 public:
  using Found = void (*)(void* context, uint32_t number);

  LiteralSet() = default;
  // Literal i, in lower case, is reported as number i. Empty literals are not allowed.
  explicit LiteralSet(std::vector<std::string> literals);

  bool usable() const { return !literals_.empty(); }
  // Calls found(context, number) for each literal that occurs, at least once.
  void scan(std::string_view text, Found found, void* context) const;
  // The slow reference: one search a literal (for tests and fuzzers).
  void scan_slow(std::string_view text, Found found, void* context) const;

 private:
  // A piece of a literal, found by the hash of its first bytes.
  struct Piece {
    uint32_t bytes = 0;
    uint32_t more = 0;  // the four bytes behind, when `wide`
    uint32_t literal = 0;
    uint32_t offset = 0;
    bool wide = false;

    uint64_t key() const { return uint64_t{bytes} << 32 | more; }
  };
  // Pieces by slot: those of slot s are [begin[s], begin[s + 1]), ordered by key. A piece has the slot of its key's
  // hash.
  struct Slots {
    uint32_t shift = 0;
    std::vector<uint32_t> begin;
    std::vector<Piece> pieces;
    std::vector<uint64_t> filter;  // as that of the table, and small enough to stay near the processor
    uint32_t filter_shift = 0;
  };
  // Pieces of one size, looked for at every `stride`th place.
  struct Table {
    size_t stride = 0;  // 0: no pieces
    uint32_t filter_shift = 0;
    std::vector<uint64_t> filter;  // bit h >> filter_shift: some piece has that hash
    Slots wide;
    Slots narrow;
  };
  struct Search;

  void add_short(uint32_t number, std::vector<Piece>& pieces) const;
  template <class Uses>
  void add_long(uint32_t number, const Uses& uses, std::vector<Piece>& pieces) const;
  static void fill(Table& table, std::vector<Piece> pieces);
  static Slots make_slots(std::vector<Piece> pieces);
  static std::span<const Piece> find(const Slots& slots, uint64_t key);
  template <size_t kSize>
  void scan_table(const Table& table, const Search& search) const;
  void compare(const Table& table, uint32_t bytes, size_t place, const Search& search) const;

  std::vector<std::string> literals_;
  Table long_;   // literals of 5 bytes and more
  Table short_;  // literals of fewer, when there are many
  struct Few {
    LiteralFinder literal;
    uint32_t number = 0;
  };
  std::vector<Few> few_;  // those, when there are few
};

}  // namespace gander::text
