// LiteralSet: many literals searched at once, without case, in one pass over the text.
//
// Each literal is known by a few of its 4-byte pieces, chosen so that one of them stands at a sampled place of the text
// wherever the literal stands (every fourth place when all literals are long, else every second). A bit table tells
// most sampled places "no"; what is left is compared. Literals of fewer than 5 bytes are known by their first two bytes
// and looked for at every place, or by themselves when they are few.
//
// Owns:    its tables. Immutable.
// Threads: any.
// Cost:    one look-up in a table of a few KiB at each sampled place; making it takes time linear in the literals.
// Fails:   cannot. A set without literals is not usable(); the caller then treats every literal as found.
#pragma once

#include <cstdint>
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
  // A piece of a literal, found by the hash of its bytes.
  struct Piece {
    uint32_t bytes = 0;
    uint32_t literal = 0;
    uint32_t offset = 0;
  };
  // Pieces of one size, looked for at every `stride`th place.
  struct Table {
    size_t stride = 0;  // 0: no pieces
    uint32_t filter_shift = 0;
    uint32_t slot_shift = 0;
    std::vector<uint64_t> filter;      // bit h >> filter_shift: some piece has that hash
    std::vector<uint32_t> slot_begin;  // pieces of slot s: [slot_begin[s], slot_begin[s + 1])
    std::vector<Piece> pieces;
  };
  struct Search;

  static void fill(Table& table, std::vector<Piece> pieces);
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
