// RuleDraft: one <rule> as read, before its patterns are compiled and its place in the tree is found.
//
// Owns:    its texts. One loader call.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_findings.h"

namespace gander::rules {

// A text element; the texts of repeated ones are joined without anything between.
struct JoinedText {
  std::string text;
  Span where;                // of the first
  std::string_view element;  // as the table spells it
  int elements = 1;          // how many were joined
};

enum class Form { Plain, Pcre2 };

// The tests of one slot: at most one plain form and one PCRE2 form of a pattern; all other tests are plain.
struct SlotTexts {
  std::optional<JoinedText> plain;
  std::optional<JoinedText> pcre2;
};

struct RuleDraft {
  // attributes
  std::optional<int> id;
  std::optional<int> level;
  int maxsize = 0;
  int timeframe = 0;
  int frequency = 0;
  int accuracy = 1;
  int ignore_time = 0;
  bool noalert = false;
  bool overwrite = false;

  Span where;  // the <rule>
  bool broken =
      false;  // an error was reported; the rule is placed nevertheless, so that no other error follows from it

  // texts that become conditions, and conditions made at once
  std::array<SlotTexts, kSlotCount> texts;
  std::array<std::shared_ptr<const Condition>, kSlotCount> made;
  std::vector<std::string> srcip;
  std::vector<std::string> dstip;
  std::vector<std::shared_ptr<const Condition>> fields;
  std::vector<std::shared_ptr<const Condition>> lists;

  // place
  model::Category category = model::Category::Syslog;
  std::optional<JoinedText> if_sid;
  std::optional<JoinedText> if_level;
  std::optional<JoinedText> if_group;

  // correlation
  bool if_matched = false;  // any if_matched_*
  bool context_asked = false;
  std::optional<int> matched_sid;
  Span matched_sid_at;
  std::optional<JoinedText> matched_group;
  std::optional<JoinedText> matched_regex;
  ContextFlags context;

  bool check_diff = false;
  bool if_fts = false;
  uint32_t ignore_items = 0;
  uint32_t check_if_ignored_items = 0;

  // show
  std::string group;
  std::optional<std::string> description;
  std::vector<model::InfoLine> info;
  std::string info_text;
  std::string cve_text;
  bool mail = false;
  bool log = false;
  bool no_active_response = false;

  SlotTexts& text(Slot slot) { return texts[static_cast<size_t>(slot)]; }
  const SlotTexts& text(Slot slot) const { return texts[static_cast<size_t>(slot)]; }
  std::shared_ptr<const Condition>& condition(Slot slot) { return made[static_cast<size_t>(slot)]; }
  const std::shared_ptr<const Condition>& condition(Slot slot) const { return made[static_cast<size_t>(slot)]; }
};

}  // namespace gander::rules
