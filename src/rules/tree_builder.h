// TreeBuilder: puts rules into the tree while they are read, as OSSEC does: a rule can only follow rules before it.
//
// Owns:    an index of the places of each rule; borrows the tree.
// Threads: one loader call.
// Cost:    if_sid: the places of the parents; if_group and if_level: the whole tree, once.
// Fails:   findings; a tree of more than kMostPlaces places or deeper than kMostDepth is refused.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/compat.h"
#include "rules/rule_draft.h"
#include "rules/rule_findings.h"
#include "rules/rule_tree.h"

namespace gander::rules {

// Where the rules of all files stand, known before any is placed: for hints.
using RulePositions = std::unordered_map<RuleId, SourcePos>;

class TreeBuilder {
 public:
  static constexpr size_t kMostPlaces = 300'000;
  static constexpr int kMostDepth = 1000;

  TreeBuilder(RuleTree& tree, const RulePositions& positions) : tree_(tree), positions_(positions) {}

  enum class Placing { Placed, Dropped, Refused };

  // Puts `rule` where `draft` wants it. Dropped: OSSEC forgets such a rule, and says so.
  Placing place(Rule& rule, const RuleDraft& draft, RuleFindings& findings);
  // Which earlier rules feed a composite, as things stand now. Call behind place().
  void bind_correlation(Rule& rule);

  // A rule of this id was refused: no error follows from its absence. Nor from that of rules of a file that could not
  // be read.
  void forgive(RuleId id) { forgiven_.insert(id); }
  void forgive_all() { forgive_all_ = true; }
  bool forgives(RuleId id) const { return forgive_all_ || forgiven_.contains(id); }

 private:
  enum class Share { Lines, Nothing };  // whether a line store is taken over from the parent
  struct Place {
    RuleNode* node = nullptr;
    int depth = 0;
  };
  using Siblings = std::vector<std::unique_ptr<RuleNode>>;

  Placing place_below_root(Rule& rule, const RuleDraft& draft, RuleFindings& findings);
  Placing place_by_ids(Rule& rule, const JoinedText& ids, RuleFindings& findings);
  Placing place_by_level(Rule& rule, const JoinedText& level, RuleFindings& findings);
  Placing place_by_group(Rule& rule, const JoinedText& group, RuleFindings& findings);
  Placing place_by_category(Rule& rule, const Span& where, RuleFindings& findings);

  // Below every place of the rule `parent`; false: there is none.
  bool attach_below_id(Rule& rule, RuleId parent);
  bool attach_below_id(Rule& rule, RuleId parent, const Siblings& siblings, int depth);
  template <class Wanted>
  bool attach_where(Rule& rule, const Siblings& siblings, int depth, Share share, const Wanted& wanted);
  void attach(Rule& rule, RuleNode* parent, int depth, Share share);
  Siblings& children_of(RuleNode* parent) { return parent ? parent->children : tree_.roots; }
  void share_lines(Rule& rule, const Rule& parent);
  bool grew_too_large(RuleFindings& findings, const Span& where);
  void report_unknown_id(RuleId id, Span where, const Rule& rule, RuleFindings& findings);

  RuleTree& tree_;
  const RulePositions& positions_;
  std::unordered_map<RuleId, std::vector<Place>> places_;
  std::unordered_map<const Rule*, const Rule*> line_stores_;  // owner of the line store that a rule has or shares
  std::unordered_set<RuleId> forgiven_;
  bool forgive_all_ = false;
  size_t place_count_ = 0;
  bool too_deep_ = false;
  bool too_many_ = false;
  bool said_too_large_ = false;
};

}  // namespace gander::rules
