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

#include <algorithm>
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

  // Which nodes are to be asked of the event in hand: those without a filter, and those of which a literal was seen.
  class Asked {
   public:
    explicit Asked(size_t nodes = 0)
        : always_(nodes / 64 + 1), now_(always_), busy_always_(nodes / 4096 + 1), busy_(busy_always_) {}

    void always(uint32_t node) {
      set(always_, node);
      set(busy_always_, node / 64);
      seen(node);
    }
    void seen(uint32_t node) {
      const uint32_t word = node / 64;
      set(now_, node);
      set(busy_, word);
      touched_.push_back(word);
    }
    // Forgets what was seen. Cost: what there was to forget.
    void begin_event() {
      for (const uint32_t word : touched_) {
        now_[word] = always_[word];
        busy_[word / 64] = busy_always_[word / 64];
      }
      touched_.clear();
    }
    // The first node of [place, end) that is to be asked; `end`: none.
    uint32_t next_asked(uint32_t place, uint32_t end) const {
      if (place >= end) return end;
      uint32_t word = place / 64;
      uint64_t rest = now_[word] & (~uint64_t{0} << (place % 64));
      if (rest == 0) {
        word = next(busy_, word + 1);
        if (word >= now_.size()) return end;
        rest = now_[word];
      }
      return std::min(end, word * 64 + static_cast<uint32_t>(std::countr_zero(rest)));
    }

   private:
    static void set(std::vector<uint64_t>& bits, uint32_t at) { bits[at / 64] |= uint64_t{1} << (at % 64); }
    // The first bit set at `from` or behind it; one past the last word's bits: none.
    static uint32_t next(const std::vector<uint64_t>& bits, uint32_t from) {
      uint32_t word = from / 64;
      if (word >= bits.size()) return from;
      uint64_t rest = bits[word] & (~uint64_t{0} << (from % 64));
      while (rest == 0) {
        if (++word == bits.size()) return word * 64;
        rest = bits[word];
      }
      return word * 64 + static_cast<uint32_t>(std::countr_zero(rest));
    }

    std::vector<uint64_t> always_;  // bit n: node n
    std::vector<uint64_t> now_;
    std::vector<uint64_t> busy_always_;  // bit w: word w of the above is not 0
    std::vector<uint64_t> busy_;
    std::vector<uint32_t> touched_;  // words in which something was seen
  };
  Asked asked;
};

}  // namespace gander::engine
