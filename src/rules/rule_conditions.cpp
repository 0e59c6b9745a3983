#include "rules/rule_conditions.h"

#include <utility>

#include "rules/address_condition.h"
#include "rules/decoder_condition.h"
#include "rules/text_condition.h"

namespace gander::rules {
namespace {

constexpr size_t at(Slot slot) {
  return static_cast<size_t>(slot);
}

struct TextSlot {
  Slot slot;
  TextSource source;
};
// Every slot whose test is a pattern or a text.
constexpr TextSlot kTextSlots[] = {
    {Slot::ProgramName, TextSource::ProgramName},
    {Slot::Id, TextSource::Id},
    {Slot::Match, TextSource::Log},
    {Slot::Regex, TextSource::Log},
    {Slot::Action, TextSource::Action},
    {Slot::Url, TextSource::Url},
    {Slot::SrcPort, TextSource::SrcPort},
    {Slot::DstPort, TextSource::DstPort},
    {Slot::User, TextSource::User},
    {Slot::SrcGeoip, TextSource::Geo},
    {Slot::DstGeoip, TextSource::Geo},
    {Slot::ExtraData, TextSource::ExtraData},
    {Slot::Hostname, TextSource::Hostname},
    {Slot::Status, TextSource::Status},
};

constexpr Slot kPacketSlots[] = {Slot::SrcIp, Slot::DstIp, Slot::SrcPort, Slot::DstPort};
constexpr Slot kExtraSlots[] = {Slot::CompiledRule, Slot::User,    Slot::SrcGeoip,  Slot::DstGeoip, Slot::MaxSize,
                                Slot::Time,         Slot::Weekday, Slot::ExtraData, Slot::Hostname, Slot::Status};
// Geographic patterns stay as they were when a rule is overwritten, whatever their form.
constexpr Slot kKeptSlots[] = {Slot::SrcGeoip, Slot::DstGeoip};

template <size_t n>
bool is_one_of(const Slot (&slots)[n], size_t slot) {
  for (const Slot s : slots) {
    if (at(s) == slot) return true;
  }
  return false;
}

tl::expected<text::Pattern, text::PatternError> compile(text::Dialect dialect, const std::string& text,
                                                        const RuleLoaderOptions& options) {
  return text::Pattern::compile(
      dialect, text,
      options.compat == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes);
}

void report(const JoinedText& text, const text::PatternError& error, RuleDraft& draft, RuleFindings& findings) {
  draft.broken = true;
  Span where = text.where;
  const bool in_first_line = text.text.substr(0, error.offset).find('\n') == std::string::npos;
  if (text.elements == 1 && in_first_line && error.offset < text.text.size()) {
    where.at.column += static_cast<int>(error.offset);
    where.length = 1;
  }
  findings.error("R025", "the pattern of <" + std::string(text.element) + "> does not compile: " + error.message,
                 std::move(where), {bad_pattern_line(text.text, error.ossec_code)});
}

std::shared_ptr<const Condition> compile_text(text::Dialect dialect, TextSource source, const JoinedText& text,
                                              RuleDraft& draft, RuleFindings& findings,
                                              const RuleLoaderOptions& options) {
  auto pattern = compile(dialect, text.text, options);
  if (pattern) return std::make_shared<TextCondition>(text.element, source, std::move(*pattern));
  report(text, pattern.error(), draft, findings);
  return nullptr;
}

// What a URL hides behind escapes is found by rules that alert; one that silences (level 0) looks at what is written,
// or an attacker could write himself into it.
TextSource source_of(const TextSlot& kind, const RuleDraft& draft, const RuleLoaderOptions& options) {
  const bool undo = kind.slot == Slot::Url && options.compat == model::Compat::Mended && draft.level.value_or(0) > 0;
  return undo ? TextSource::UrlOrPlain : kind.source;
}

void compile_slot(const TextSlot& kind, RuleDraft& draft, ConditionSet& set, RuleFindings& findings,
                  const RuleLoaderOptions& options) {
  const SlotTexts& texts = draft.text(kind.slot);
  if (texts.plain && kind.slot == Slot::Action) {
    set.plain[at(kind.slot)] = std::make_shared<ExactCondition>(texts.plain->element, kind.source, texts.plain->text);
  } else if (texts.plain) {
    const auto dialect = kind.slot == Slot::Regex ? text::Dialect::OsRegex : text::Dialect::OsMatch;
    set.plain[at(kind.slot)] =
        compile_text(dialect, source_of(kind, draft, options), *texts.plain, draft, findings, options);
  } else if (texts.pcre2) {
    set.pcre2[at(kind.slot)] =
        compile_text(text::Dialect::Pcre2, source_of(kind, draft, options), *texts.pcre2, draft, findings, options);
  }
  if (texts.plain && texts.pcre2) {
    findings.warning(
        "R104",
        "<" + std::string(texts.pcre2->element) + "> has no effect beside <" + std::string(texts.plain->element) + ">",
        texts.pcre2->where);
  }
}

void note_groups(const RuleDraft& draft, ConditionSet& set) {
  const auto given = [&](Slot slot) { return set.plain[at(slot)] || draft.text(slot).plain || draft.text(slot).pcre2; };
  for (const Slot slot : kPacketSlots) set.packet = set.packet || given(slot);
  for (const Slot slot : kExtraSlots) set.extra = set.extra || given(slot);
  set.extra = set.extra || draft.check_diff;
}

}  // namespace

void ConditionSet::apply_to(Rule& rule) const {
  rule.conditions.clear();
  for (size_t slot = 0; slot < kSlotCount; ++slot) {
    if (slot == at(Slot::List)) continue;
    if (slot == at(Slot::Field)) rule.conditions.insert(rule.conditions.end(), fields.begin(), fields.end());
    if (is_one_of(kPacketSlots, slot) && !packet) continue;
    if (is_one_of(kExtraSlots, slot) && !extra) continue;
    const std::shared_ptr<const Condition>& test = plain[slot] ? plain[slot] : pcre2[slot];
    if (test) rule.conditions.push_back(test);
  }
  rule.list_conditions = lists;
}

ConditionSet compile_conditions(RuleDraft& draft, RuleFindings& findings, const RuleLoaderOptions& options) {
  ConditionSet set;
  set.plain = draft.made;
  for (const TextSlot& kind : kTextSlots) compile_slot(kind, draft, set, findings, options);
  if (!draft.srcip.empty()) {
    set.plain[at(Slot::SrcIp)] = std::make_shared<AddressCondition>("srcip", TextSource::SrcIp, draft.srcip);
  }
  if (!draft.dstip.empty()) {
    set.plain[at(Slot::DstIp)] = std::make_shared<AddressCondition>("dstip", TextSource::DstIp, draft.dstip);
  }
  if (draft.maxsize > 0) {
    set.plain[at(Slot::MaxSize)] = std::make_shared<MaxsizeCondition>(static_cast<size_t>(draft.maxsize));
  }
  set.fields = draft.fields;
  set.lists = draft.lists;
  note_groups(draft, set);
  return set;
}

std::shared_ptr<const text::Pattern> compile_shared(text::Dialect dialect, const JoinedText& text, RuleDraft& draft,
                                                    RuleFindings& findings, const RuleLoaderOptions& options) {
  auto pattern = compile(dialect, text.text, options);
  if (pattern) return std::make_shared<const text::Pattern>(std::move(*pattern));
  report(text, pattern.error(), draft, findings);
  return nullptr;
}

void overwrite_conditions(ConditionSet& to, const ConditionSet& from) {
  for (size_t slot = 0; slot < kSlotCount; ++slot) {
    if (!is_one_of(kKeptSlots, slot)) to.plain[slot] = from.plain[slot];
  }
  to.packet = from.packet;
  to.extra = from.extra;
}

}  // namespace gander::rules
