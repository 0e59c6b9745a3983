// ProgramView: what is left of a Program for events of one decoder, category and program name.
//
// Most rules ask for a decoder or a program name first, and a log has few of those. A view has made these tests once:
// it keeps the nodes that can still match, their other tests, and a literal set of its own, small enough for the
// fastest matcher. It answers exactly what the whole program answers.
//
// Owns:    its nodes and literal set; the Program must outlive it.
// Threads: one thread (each MatchScratch has its own views).
// Cost:    made once a key; the literal set is compiled when the view has proved to be in use.
// Fails:   cannot.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "text/literal_set.h"

namespace gander::engine {

struct ProgramNode;

struct ViewNode {
  const ProgramNode* node = nullptr;
  // In ProgramView::tests: conditions of which a literal must occur, those first for which that is enough; then all
  // other pure tests that are left.
  uint32_t filters_begin = 0;
  uint32_t enough_end = 0;
  uint32_t filters_end = 0;
  uint32_t tests_end = 0;
  uint32_t children_begin = 0;  // in ProgramView::nodes
  uint32_t children_end = 0;
};

struct ProgramView {
  static constexpr uint32_t kUsesBeforeLiterals = 8;

  std::vector<ViewNode> nodes;  // siblings stand together, in asking order
  uint32_t roots_end = 0;       // nodes[0, roots_end)
  std::vector<uint32_t> tests;  // condition numbers
  uint32_t uses = 0;
  bool has_literals = false;  // the rest is filled
  text::LiteralSet literals;
  std::vector<std::vector<uint32_t>> conditions_of;  // by literal number
  std::vector<std::vector<uint32_t>> nodes_of;       // by literal number: nodes whose first filter it is

  // Bit n: node n is to be asked. `unfiltered` are those without a filter, `asked` those of the event in hand.
  std::vector<uint64_t> unfiltered;
  std::vector<uint64_t> asked;

  // The first node of [place, end) that is to be asked; `end`: none.
  uint32_t next_asked(uint32_t place, uint32_t end) const {
    while (place < end) {
      const uint64_t rest = asked[place / 64] >> (place % 64);
      if (rest != 0) {
        place += static_cast<uint32_t>(std::countr_zero(rest));
        return place < end ? place : end;
      }
      place = (place / 64 + 1) * 64;
    }
    return end;
  }
};

}  // namespace gander::engine
