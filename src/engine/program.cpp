#include "engine/program.h"

#include <algorithm>
#include <map>
#include <string>

#include "base/views.h"
#include "text/required_literals.h"

namespace gander::engine {
namespace {

int decoder_named_by(const rules::Rule& rule) {
  for (const auto& condition : rule.conditions) {
    if (condition->decoder_identity() >= 0) return condition->decoder_identity();
  }
  return -1;
}

bool looks_outside(const rules::Condition& condition) {
  const std::string_view element = condition.element();
  return element == "time" || element == "weekday" || element.starts_with("hostname") || element == "list" ||
         (element == "compiled_rule" && condition.wanted().find("is_valid_crawler") != std::string::npos);
}

}  // namespace

Program::Program(const rules::RuleTree& tree) {
  add_family(tree.roots, root_);
  look_at_conditions();
  made_.clear();
  by_hash_.clear();
}

uint32_t Program::number_of(const std::shared_ptr<const rules::Condition>& condition) {
  const size_t hash = condition->hash();
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto it = begin; it != end; ++it) {
    if (conditions_[it->second]->equals(*condition)) {
      shared_[it->second] = 1;
      return it->second;
    }
  }
  const auto number = static_cast<uint32_t>(conditions_.size());
  conditions_.push_back(condition);
  shared_.push_back(0);
  by_hash_.emplace(hash, number);
  return number;
}

ProgramNode Program::make_node(const rules::Rule& rule) {
  const auto known = made_.find(&rule);
  if (known != made_.end()) return known->second;
  ProgramNode node;
  node.rule = &rule;
  node.stateful = rule.stateful();
  node.conditions_begin = static_cast<uint32_t>(tests_.size());
  for (const auto& condition : rule.conditions) tests_.push_back(number_of(condition));
  node.conditions_end = node.lists_begin = static_cast<uint32_t>(tests_.size());
  for (const auto& condition : rule.list_conditions) tests_.push_back(number_of(condition));
  node.lists_end = static_cast<uint32_t>(tests_.size());
  made_.emplace(&rule, node);
  return node;
}

void Program::add_family(const std::vector<std::unique_ptr<rules::RuleNode>>& children, ProgramNode& parent) {
  parent.has_children = !children.empty();
  parent.children = static_cast<uint32_t>(families_.size());
  families_.emplace_back();
  std::vector<const ProgramNode*> all;
  for (const auto& child : children) {
    nodes_.push_back(std::make_unique<ProgramNode>(make_node(*child->rule)));
    ProgramNode* const node = nodes_.back().get();
    all.push_back(node);
    add_family(child->children, *node);
  }
  Family& family = families_[parent.children];
  family.all = std::move(all);
  index_by_decoder(family);
}

void Program::index_by_decoder(Family& family) {
  for (const ProgramNode* node : family.all) {
    const int named = decoder_named_by(*node->rule);
    if (named < 0) {
      family.unnamed.push_back(node);
      for (auto& [decoder, list] : family.by_decoder) list.push_back(node);
      continue;
    }
    const auto [it, first] = family.by_decoder.try_emplace(named, family.unnamed);
    it->second.push_back(node);
  }
}

std::span<const ProgramNode* const> Program::children(const ProgramNode& node, const model::Event& event) const {
  const Family& family = families_[node.children];
  if (family.by_decoder.empty()) return family.all;
  const auto found = family.by_decoder.find(event.decoder ? event.decoder->identity : 0);
  return found == family.by_decoder.end() ? family.unnamed : found->second;
}

std::span<const ProgramNode* const> Program::all_children(const ProgramNode& node) const {
  return families_[node.children].all;
}

void Program::look_at_conditions() {
  for (const auto& condition : conditions_) {
    outside_.push_back(looks_outside(*condition) ? 1 : 0);
    fixed_.push_back(condition->decoder_identity() >= 0 || condition->element().starts_with("program_name") ? 1 : 0);
    const text::Pattern* const pattern = scanned_pattern(*condition);
    filtered_.push_back(pattern && !pattern->required_literals().empty() ? 1 : 0);
    enough_.push_back(condition->log_pattern() && pattern->literals_decide() ? 1 : 0);
  }
}

const Program::AllLiterals& Program::all_literals() const {
  std::call_once(all_literals_once_, [this] {
    std::map<std::string_view, uint32_t> numbers;
    std::vector<std::string> literals;
    for (uint32_t number = 0; number < conditions_.size(); ++number) {
      if (!filtered_[number]) continue;
      for (const std::string& literal : scanned_pattern(*conditions_[number])->required_literals()) {
        const auto [it, added] = numbers.try_emplace(literal, static_cast<uint32_t>(literals.size()));
        if (added) {
          literals.push_back(literal);
          all_literals_.conditions_of.emplace_back();
        }
        all_literals_.conditions_of[it->second].push_back(number);
      }
    }
    all_literals_.set = text::LiteralSet(std::move(literals));
  });
  return all_literals_;
}

void Program::begin_event(MatchScratch& scratch) const {
  if (scratch.answers.size() != conditions_.size()) {
    scratch.answers.assign(conditions_.size(), 0);
    scratch.seen.assign(conditions_.size(), 0);
  }
  ++scratch.event_number;
}

const text::Pattern* Program::scanned_pattern(const rules::Condition& condition) {
  const text::Pattern* const in_log = condition.log_pattern();
  return in_log ? in_log : condition.url_pattern();
}

ScannedTexts::ScannedTexts(const model::Event& event) {
  add(event.log);
  const std::string_view url = event.field(model::Field::Url);
  if (url.data() && !base::lies_in(url, event.log)) add(url);
  if (event.plain_url.data()) add(event.plain_url);
  // Two letters outside ASCII fold to k and s: in a text that holds one, a literal can match without being seen.
  if (event.log_encoding == text::Encoding::Ascii && count_ == 1) return;
  tell_all_ = std::none_of(begin(), end(), text::holds_folding_letter);
}

void Program::begin_scan(const model::Event& event, const ScannedTexts& texts, MatchScratch& scratch) {
  scratch.scanned = scratch.event_number;
  scratch.unfiltered = !texts.tell_all();
  scratch.words_decide = texts.size() == 1 && event.log_encoding != text::Encoding::Invalid;
}

void Program::scan(const model::Event& event, MatchScratch& scratch) const {
  const ScannedTexts texts(event);
  begin_scan(event, texts, scratch);
  if (scratch.unfiltered) return;
  struct Call {
    const AllLiterals& literals;
    MatchScratch& scratch;
  } call{all_literals(), scratch};
  for (const std::string_view text : texts) {
    call.literals.set.scan(
        text,
        [](void* context, uint32_t literal) {
          const Call& c = *static_cast<Call*>(context);
          for (const uint32_t number : c.literals.conditions_of[literal])
            c.scratch.seen[number] = c.scratch.event_number;
        },
        &call);
  }
}

// Whoever asks few rules, as decide() does, asks without a scan.
bool Program::may_hold(uint32_t number, const MatchScratch& scratch) const {
  if (!filtered_[number] || scratch.scanned != scratch.event_number) return true;
  return scratch.unfiltered || scratch.seen[number] == scratch.event_number;
}

// A condition that only one rule asks is asked anew, which costs less than remembering.
bool Program::holds(uint32_t number, const model::Event& event, MatchScratch& scratch) const {
  const rules::Condition& condition = *conditions_[number];
  if (outside_[number]) scratch.asked_outside = true;
  if (!shared_[number]) return condition.holds(event, scratch.context);
  uint64_t& answer = scratch.answers[number];
  if (answer >> 1 != scratch.event_number) {
    answer = scratch.event_number << 1 | (condition.holds(event, scratch.context) ? 1 : 0);
  }
  return (answer & 1) != 0;
}

const rules::Condition* Program::first_failure(uint32_t begin, uint32_t end, const model::Event& event,
                                               MatchScratch& scratch) const {
  for (uint32_t i = begin; i != end; ++i) {
    if (!may_hold(tests_[i], scratch) || !holds(tests_[i], event, scratch)) return conditions_[tests_[i]].get();
  }
  return nullptr;
}

const rules::Condition* Program::list_failure(const ProgramNode& node, model::Event& event,
                                              MatchScratch& scratch) const {
  for (uint32_t i = node.lists_begin; i != node.lists_end; ++i) {
    const rules::Condition& condition = *conditions_[tests_[i]];
    std::string note = condition.failure_note(event);
    if (!note.empty()) event.notes.push_back(std::move(note));
    if (!holds(tests_[i], event, scratch)) return &condition;
  }
  return nullptr;
}

bool Program::walk(const ProgramNode& parent, model::Event& event, MatchScratch& scratch, Trail& trail) const {
  for (const ProgramNode* node : children(parent, event)) {
    if (&parent == &root_ && !root_applies(*node, event)) continue;
    if (first_failure(node->conditions_begin, node->conditions_end, event, scratch)) continue;
    if (node->stateful) {
      trail.undecided.push_back(node);
      continue;
    }
    if (list_failure(*node, event, scratch)) continue;
    if (node->has_children && walk(*node, event, scratch, trail)) return true;
    if (node->rule->noalert) continue;
    trail.decided = node;
    return true;
  }
  return false;
}

void Program::scan_only(model::Event& event, MatchScratch& scratch) const {
  begin_event(scratch);
  if (ProgramView* const view = view_for(event, scratch)) {
    scan_view(event, *view, scratch);
  } else {
    scan(event, scratch);
  }
}

void Program::match(model::Event& event, MatchScratch& scratch, Trail& trail) const {
  trail.clear();
  scratch.asked_outside = false;
  if (event.decided_elsewhere) return;
  begin_event(scratch);
  ProgramView* const view = view_for(event, scratch);
  if (!view) {
    scan(event, scratch);
    walk(root_, event, scratch, trail);
    return;
  }
  scratch.view_asked = scan_view(event, *view, scratch);
  walk_view(*view, 0, view->roots_end, event, scratch, trail);
}

}  // namespace gander::engine
