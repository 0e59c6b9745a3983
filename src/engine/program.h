// Program: a ruleset compiled for asking: nodes in one array, equal conditions once, children found by decoder.
//
// The question is split in two so that the larger half can run on every core. match() makes the pure tests and leaves a
// Trail: the rules whose last word needs memory (check_diff, if_fts, correlation), in the order in which OSSEC would
// ask them, and the rule that decides if all of those say no. The Engine then walks the trail in input order.
//
// Owns:    the flattened tree; the RuleTree must outlive it.
// Threads: immutable after construction but for the literals of all patterns, which are made once; match() from any
//          thread, each with its own MatchScratch.
// Cost:    one scan of the log text (and of a URL that is not a part of it) for the literals of all patterns, then the
//          candidate rules of the event's root and decoder; a pattern is searched only when one of its literals was
//          seen. No allocation after warm-up, no I/O, no clock.
// Fails:   cannot.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/program_view.h"
#include "model/event.h"
#include "rules/rule_tree.h"
#include "text/literal_set.h"
#include "text/pattern.h"

namespace gander::engine {

struct ProgramNode {
  const rules::Rule* rule = nullptr;
  uint32_t conditions_begin = 0;  // pure tests, numbers into Program::conditions()
  uint32_t conditions_end = 0;
  uint32_t lists_begin = 0;  // <list> tests, made behind check_diff and if_fts
  uint32_t lists_end = 0;
  uint32_t children = 0;  // number into Program::families_
  bool has_children = false;
  bool stateful = false;
};

// What match() found for one event.
struct Trail {
  std::vector<const ProgramNode*> undecided;  // pure tests hold, memory decides; in asking order
  const ProgramNode* decided = nullptr;       // the answer when every undecided one says no; null: no rule

  void clear() {
    undecided.clear();
    decided = nullptr;
  }
};

// Views are kept by what they depend on.
struct ViewKey {
  int decoder = 0;  // identity
  model::Category category = model::Category::Syslog;
  bool has_program_name = false;
  std::string program_name;

  bool fits(const model::Event& event) const {
    return decoder == (event.decoder ? event.decoder->identity : 0) && category == event.category &&
           has_program_name == (event.program_name.data() != nullptr) && program_name == event.program_name;
  }
};

// Per-thread working memory: answers of conditions that several rules share, valid for one event, and the views.
struct MatchScratch {
  explicit MatchScratch(text::MatchContext::Limits limits = {}) : context(limits) {}

  // What attackers can multiply, such as program names, ends here: other events are asked without a view.
  static constexpr size_t kMostViews = 256;
  static constexpr size_t kLongestViewName = 64;

  text::MatchContext context;
  std::vector<uint64_t> answers;  // event number x 2 + answer, by condition number
  std::vector<uint64_t> seen;     // number of the last event in which a literal of the condition occurred
  uint64_t event_number = 0;
  uint64_t scanned = 0;        // number of the last event that was scanned
  bool asked_outside = false;  // of the last match(): a test looked at time, host name or a list
  bool unfiltered = false;     // of that event: its text can hold what the literals do not show, or nobody looked

  bool words_decide = false;  // of that event: what was seen stands in the log text, and that is what it says
  bool view_asked = false;    // of that event: its view tells which nodes to ask

  struct View {
    ViewKey key;
    std::unique_ptr<ProgramView> program;
  };
  static constexpr size_t kViewSlots = 1024;
  std::vector<View> views;
  std::vector<uint16_t> view_slots;  // by hash of the key: place in `views` + 1, 0 = none
};

// The texts of an event that are scanned for literals: the log text, and the URL where it is not a part of that.
// Literals may be seen in one and asked for in another: then a pattern is searched in vain.
class ScannedTexts {
 public:
  explicit ScannedTexts(const model::Event& event);
  const std::string_view* begin() const { return texts_.data(); }
  const std::string_view* end() const { return texts_.data() + count_; }
  size_t size() const { return count_; }
  // False when a text can hold what its literals do not show.
  bool tell_all() const { return tell_all_; }

 private:
  void add(std::string_view text) { texts_[count_++] = text; }

  std::array<std::string_view, 3> texts_;
  size_t count_ = 0;
  bool tell_all_ = true;
};

class Program {
 public:
  explicit Program(const rules::RuleTree& tree);

  void match(model::Event& event, MatchScratch& scratch, Trail& trail) const;
  // The scan that match() begins with, alone, to be measured.
  void scan_only(model::Event& event, MatchScratch& scratch) const;

  // The pieces, for the walk with memory. begin_event() forgets the answers of the event before.
  void begin_event(MatchScratch& scratch) const;
  const ProgramNode& root() const { return root_; }
  // Children of `node` in asking order, those that name another decoder left out.
  std::span<const ProgramNode* const> children(const ProgramNode& node, const model::Event& event) const;
  // Children in asking order, all of them (for traces).
  std::span<const ProgramNode* const> all_children(const ProgramNode& node) const;
  // The first test of numbers [begin, end) that fails; null when all hold.
  const rules::Condition* first_failure(uint32_t begin, uint32_t end, const model::Event& event,
                                        MatchScratch& scratch) const;
  // The same for the <list> tests of a node; what they have to say of lists that cannot be read joins event.notes.
  const rules::Condition* list_failure(const ProgramNode& node, model::Event& event, MatchScratch& scratch) const;
  // Whether a root is asked at all for such an event.
  static bool root_applies(const ProgramNode& root, const model::Event& event) {
    return root.rule->category == event.category;
  }

  size_t condition_count() const { return conditions_.size(); }
  size_t node_count() const { return nodes_.size(); }

 private:
  // The children of one node: all, and those left for each decoder that some child names.
  struct Family {
    std::vector<const ProgramNode*> all;
    std::vector<const ProgramNode*> unnamed;  // for a decoder that no child names
    std::unordered_map<int, std::vector<const ProgramNode*>> by_decoder;
  };

  void add_family(const std::vector<std::unique_ptr<rules::RuleNode>>& children, ProgramNode& parent);
  ProgramNode make_node(const rules::Rule& rule);
  uint32_t number_of(const std::shared_ptr<const rules::Condition>& condition);
  static void index_by_decoder(Family& family);
  void look_at_conditions();
  ProgramView* view_for(model::Event& event, MatchScratch& scratch) const;
  std::unique_ptr<ProgramView> make_view(model::Event& event, MatchScratch& scratch) const;
  bool may_apply(const ProgramNode& node, model::Event& event, MatchScratch& scratch) const;
  void add_view_node(const ProgramNode& node, uint32_t place, ProgramView& view) const;
  uint32_t add_view_family(std::span<const ProgramNode* const> family, model::Event& event, MatchScratch& scratch,
                           ProgramView& view) const;
  void compile_view_literals(ProgramView& view) const;
  bool scan_view(const model::Event& event, ProgramView& view, MatchScratch& scratch) const;
  bool view_node_holds(const ProgramView& view, const ViewNode& v, model::Event& event, MatchScratch& scratch) const;
  bool walk_view(const ProgramView& view, uint32_t begin, uint32_t end, model::Event& event, MatchScratch& scratch,
                 Trail& trail) const;
  bool holds(uint32_t number, const model::Event& event, MatchScratch& scratch) const;
  // The pattern of a condition on a scanned text; null: it looks at another.
  static const text::Pattern* scanned_pattern(const rules::Condition& condition);
  static void begin_scan(const model::Event& event, const ScannedTexts& texts, MatchScratch& scratch);
  void scan(const model::Event& event, MatchScratch& scratch) const;
  bool may_hold(uint32_t number, const MatchScratch& scratch) const;
  bool walk(const ProgramNode& parent, model::Event& event, MatchScratch& scratch, Trail& trail) const;

  std::vector<std::unique_ptr<ProgramNode>> nodes_;
  std::vector<Family> families_;
  ProgramNode root_;
  std::vector<std::shared_ptr<const rules::Condition>> conditions_;
  std::vector<uint8_t> shared_;    // by condition number: more than one rule asks
  std::vector<uint8_t> filtered_;  // by condition number: fails unless one of its literals occurs
  std::vector<uint8_t> enough_;    // by condition number: of filtered ones: holds when one occurs
  std::vector<uint8_t> outside_;   // by condition number: looks at more than program name, log text and decoded fields
  std::vector<uint8_t> fixed_;     // by condition number: depends on decoder and program name only
  // Of all patterns, for events without a view; made when the first of them comes.
  struct AllLiterals {
    text::LiteralSet set;
    std::vector<std::vector<uint32_t>> conditions_of;  // by literal number
  };
  mutable std::once_flag all_literals_once_;
  mutable AllLiterals all_literals_;
  const AllLiterals& all_literals() const;
  std::vector<uint32_t> tests_;  // condition numbers of all nodes
  std::unordered_multimap<size_t, uint32_t> by_hash_;
  std::unordered_map<const rules::Rule*, ProgramNode> made_;  // tests of a rule, made once for all its places
};

}  // namespace gander::engine
