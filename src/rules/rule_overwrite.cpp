#include "rules/rule_overwrite.h"

#include <string>
#include <utility>

namespace gander::rules {
namespace {

constexpr int kLevelZero = 99;  // level 0 sorts as this
constexpr int kAccurate = 100;  // what a level counts in ranks

int rank_of(const RuleDraft& draft) {
  const int level = draft.level.value_or(0) == 0 ? kLevelZero : *draft.level;
  return draft.accuracy == 0 ? level : level * kAccurate;
}

// 4.3 has only the rank and works the level out again from it: level 99 becomes 0, an inaccurate rule of level 0 gets
// 99, and one of level 100 or more loses two digits. Mended, but for the second, a level is what was written.
int level_of(const RuleDraft& draft, int rank, model::Compat compat) {
  const int written = draft.level.value_or(0);
  if (compat == model::Compat::Mended && written != 0) return written;
  if (rank == kLevelZero * kAccurate) return 0;
  return rank >= kAccurate ? rank / kAccurate : rank;
}

Composite composite_of(const RuleDraft& draft) {
  if (!draft.if_matched) return Composite::None;
  if (draft.matched_sid.value_or(0) != 0) return Composite::Sid;
  return draft.matched_group ? Composite::Group : Composite::Regex;
}

void fill_info(model::RuleInfo& info, const RuleDraft& draft) {
  info.id = draft.id.value_or(0);
  info.description = draft.description;
  info.group = draft.group;
  info.info = draft.info;
  info.info_text = draft.info_text;
  info.cve_text = draft.cve_text;
  info.frequency = draft.frequency;
  info.mail = draft.mail;
  info.log = draft.log && draft.level.value_or(0) != 0;
  info.at = draft.where.at;
}

}  // namespace

void fill_rule(Rule& rule, RuleDraft& draft, RuleFindings& findings, const RuleLoaderOptions& options) {
  fill_info(rule.info, draft);
  rule.rank = rank_of(draft);
  rule.info.level = level_of(draft, rule.rank, options.compat);
  rule.silent = rule.info.level == 0;
  rule.category = draft.category;
  rule.noalert = draft.noalert;
  rule.maxsize = draft.maxsize;
  rule.timeframe = std::chrono::seconds(draft.timeframe);
  rule.frequency = draft.frequency;
  rule.ignore_time = std::chrono::seconds(draft.ignore_time);
  rule.no_active_response = draft.no_active_response;
  rule.check_diff = draft.check_diff;
  rule.if_fts = draft.if_fts;
  rule.composite = composite_of(draft);
  rule.correlates = rule.composite != Composite::None;
  rule.matched_sid = draft.matched_sid.value_or(0);
  if (draft.matched_group) {
    rule.matched_group = draft.matched_group->text;
    compile_shared(text::Dialect::OsMatch, *draft.matched_group, draft, findings, options);
  }
  if (draft.matched_regex) {
    rule.matched_regex = compile_shared(text::Dialect::OsRegex, *draft.matched_regex, draft, findings, options);
  }
  rule.context = draft.context;
  rule.ignore_items = draft.ignore_items;
  rule.check_if_ignored_items = draft.check_if_ignored_items;
}

// Not taken over: place, category, info lines, <ignore> lists; and the list that a composite searches, so that a
// composite keeps its kind, and a simple rule never gets a correlation test.
void overwrite_rule(Rule& to, const Rule& from) {
  std::vector<model::InfoLine> lines = std::move(to.info.info);
  to.info = from.info;
  to.info.info = std::move(lines);
  to.rank = from.rank;
  to.silent = from.silent;
  to.noalert = from.noalert;
  to.maxsize = from.maxsize;
  to.timeframe = from.timeframe;
  to.frequency = from.frequency;
  to.ignore_time = from.ignore_time;
  to.no_active_response = from.no_active_response;
  to.check_diff = from.check_diff;
  to.if_fts = from.if_fts;
  to.correlates = to.composite != Composite::None && from.composite != Composite::None;
  to.matched_regex = from.matched_regex;
  to.context = from.context;
}

void warn_of_lost_elements(const Rule& to, const RuleDraft& draft, RuleFindings& findings) {
  const std::string rule = "overwriting rule " + std::to_string(to.info.id);
  const auto lost = [&](std::string_view element, const Span& where) {
    findings.warning("R206", rule + " keeps the earlier rule's part: <" + std::string(element) + "> has no effect",
                     where, {}, "give the rule a new id to replace it as a whole");
  };
  for (const SlotTexts& texts : draft.texts) {
    if (texts.pcre2 && !texts.plain) lost(texts.pcre2->element, texts.pcre2->where);
  }
  if (draft.if_sid) lost("if_sid", draft.if_sid->where);
  if (draft.if_group) lost("if_group", draft.if_group->where);
  if (draft.if_level) lost("if_level", draft.if_level->where);
  if (!draft.fields.empty()) lost("field", draft.where);
  if (!draft.lists.empty()) lost("list", draft.where);
  if (draft.if_matched && to.composite == Composite::None) {
    findings.warning("R207", rule + ", which counts nothing, with a composite one gives a rule without correlation",
                     draft.where, {}, "give the composite rule a new id");
  }
}

}  // namespace gander::rules
