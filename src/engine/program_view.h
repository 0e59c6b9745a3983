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

#include <cstdint>
#include <vector>

#include "text/literal_set.h"

namespace gander::engine {

struct ProgramNode;

struct ViewNode {
  const ProgramNode* node = nullptr;
  uint32_t filters_begin = 0;  // conditions of which a literal must occur, numbers in ProgramView::tests
  uint32_t filters_end = 0;
  uint32_t tests_begin = 0;  // all pure tests that are left
  uint32_t tests_end = 0;
  uint32_t children_begin = 0;  // in ProgramView::nodes
  uint32_t children_end = 0;
};

struct ProgramView {
  static constexpr uint32_t kUsesBeforeLiterals = 64;

  std::vector<ViewNode> nodes;  // siblings stand together, in asking order
  uint32_t roots_end = 0;       // nodes[0, roots_end)
  std::vector<uint32_t> tests;  // condition numbers
  uint32_t uses = 0;
  text::LiteralSet literals;
  text::LiteralSet::Scratch scratch;
  std::vector<std::vector<uint32_t>> conditions_of;  // by literal number
};

}  // namespace gander::engine
