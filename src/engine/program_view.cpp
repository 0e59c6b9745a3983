#include "engine/program_view.h"

#include <algorithm>
#include <map>
#include <string>

#include <xxhash.h>

#include "engine/program.h"

namespace gander::engine {
namespace {

size_t hash_of_key(const model::Event& event) {
  const auto decoder = static_cast<uint64_t>(event.decoder ? event.decoder->identity : 0);
  const std::string_view name = event.program_name;
  return XXH3_64bits_withSeed(name.data() ? name.data() : "", name.size(),
                              decoder << 8 | static_cast<uint64_t>(event.category));
}

}  // namespace

ProgramView* Program::view_for(model::Event& event, MatchScratch& scratch) const {
  if (event.program_name.size() > MatchScratch::kLongestViewName) return nullptr;
  if (scratch.view_slots.empty()) scratch.view_slots.resize(MatchScratch::kViewSlots);
  // There are always empty slots: views are fewer.
  for (size_t slot = hash_of_key(event);; ++slot) {
    uint16_t& number = scratch.view_slots[slot & (MatchScratch::kViewSlots - 1)];
    if (number != 0) {
      const MatchScratch::View& view = scratch.views[number - 1];
      if (view.key.fits(event)) return view.program.get();
      continue;
    }
    if (scratch.views.size() >= MatchScratch::kMostViews) return nullptr;
    ViewKey key{event.decoder ? event.decoder->identity : 0, event.category, event.program_name.data() != nullptr,
                std::string(event.program_name)};
    scratch.views.push_back({std::move(key), make_view(event, scratch)});
    number = static_cast<uint16_t>(scratch.views.size());
    return scratch.views.back().program.get();
  }
}

std::unique_ptr<ProgramView> Program::make_view(model::Event& event, MatchScratch& scratch) const {
  auto view = std::make_unique<ProgramView>();
  std::vector<const ProgramNode*> roots;
  for (const ProgramNode* node : families_[root_.children].all) {
    if (root_applies(*node, event)) roots.push_back(node);
  }
  view->roots_end = add_view_family(roots, event, scratch, *view);
  return view;
}

// Whether the tests that the view makes beforehand hold.
bool Program::may_apply(const ProgramNode& node, model::Event& event, MatchScratch& scratch) const {
  for (uint32_t i = node.conditions_begin; i != node.conditions_end; ++i) {
    if (fixed_[tests_[i]] && !conditions_[tests_[i]]->holds(event, scratch.context)) return false;
  }
  return true;
}

void Program::add_view_node(const ProgramNode& node, uint32_t place, ProgramView& view) const {
  ViewNode& v = view.nodes[place];
  v.node = &node;
  const auto add = [&](auto&& wanted) {
    for (uint32_t i = node.conditions_begin; i != node.conditions_end; ++i) {
      const uint32_t number = tests_[i];
      if (!fixed_[number] && wanted(number)) view.tests.push_back(number);
    }
    return static_cast<uint32_t>(view.tests.size());
  };
  v.filters_begin = static_cast<uint32_t>(view.tests.size());
  v.enough_end = add([&](uint32_t number) { return filtered_[number] && enough_[number]; });
  v.filters_end = add([&](uint32_t number) { return filtered_[number] && !enough_[number]; });
  v.tests_end = add([&](uint32_t number) { return !filtered_[number]; });
}

// Adds the members of a family that may still match, side by side, then what lies below them. Returns their number.
uint32_t Program::add_view_family(std::span<const ProgramNode* const> family, model::Event& event,
                                  MatchScratch& scratch, ProgramView& view) const {
  const auto begin = static_cast<uint32_t>(view.nodes.size());
  std::vector<const ProgramNode*> left;
  for (const ProgramNode* node : family) {
    if (may_apply(*node, event, scratch)) left.push_back(node);
  }
  view.nodes.resize(begin + left.size());
  for (size_t i = 0; i < left.size(); ++i) add_view_node(*left[i], begin + static_cast<uint32_t>(i), view);
  for (size_t i = 0; i < left.size(); ++i) {
    // A rule with memory has its children asked by the engine, if at all.
    if (!left[i]->has_children || left[i]->stateful) continue;
    const auto below = static_cast<uint32_t>(view.nodes.size());
    const uint32_t count = add_view_family(families_[left[i]->children].all, event, scratch, view);
    view.nodes[begin + i].children_begin = below;
    view.nodes[begin + i].children_end = below + count;
  }
  return static_cast<uint32_t>(left.size());
}

// The literals of the view's filters, and what each of them is for.
void Program::compile_view_literals(ProgramView& view) const {
  std::map<std::string_view, uint32_t> numbers;
  std::vector<std::string> literals;
  const auto number_of_literal = [&](const std::string& literal) {
    const auto [it, added] = numbers.try_emplace(literal, static_cast<uint32_t>(literals.size()));
    if (added) literals.push_back(literal);
    return it->second;
  };
  const auto note = [&](std::vector<std::vector<uint32_t>>& lists, uint32_t condition, uint32_t what) {
    for (const std::string& literal : scanned_pattern(*conditions_[condition])->required_literals()) {
      const uint32_t number = number_of_literal(literal);
      if (lists.size() <= number) lists.resize(number + 1);
      if (lists[number].empty() || lists[number].back() != what) lists[number].push_back(what);
    }
  };
  std::vector<uint32_t> filters;
  view.asked = ProgramView::Asked(view.nodes.size());
  for (uint32_t place = 0; place < view.nodes.size(); ++place) {
    const ViewNode& v = view.nodes[place];
    if (v.filters_begin == v.filters_end) {
      view.asked.always(place);
    } else {
      note(view.nodes_of, view.tests[v.filters_begin], place);
    }
    filters.insert(filters.end(), view.tests.begin() + v.filters_begin, view.tests.begin() + v.filters_end);
  }
  std::sort(filters.begin(), filters.end());
  filters.erase(std::unique(filters.begin(), filters.end()), filters.end());
  for (const uint32_t number : filters) note(view.conditions_of, number, number);
  view.conditions_of.resize(literals.size());
  view.nodes_of.resize(literals.size());
  view.literals = text::LiteralSet(std::move(literals));
  view.has_literals = true;
}

// Whether the literals say which nodes are to be asked.
bool Program::scan_view(const model::Event& event, ProgramView& view, MatchScratch& scratch) const {
  if (!view.has_literals && ++view.uses >= ProgramView::kUsesBeforeLiterals) compile_view_literals(view);
  if (!view.has_literals) {
    scratch.unfiltered = true;
    return false;
  }
  const ScannedTexts texts(event);
  begin_scan(event, texts, scratch);
  if (scratch.unfiltered) return false;
  view.asked.begin_event();
  struct Call {
    ProgramView& view;
    MatchScratch& scratch;
  } call{view, scratch};
  for (const std::string_view text : texts) {
    view.literals.scan(
        text,
        [](void* context, uint32_t literal) {
          const Call& c = *static_cast<Call*>(context);
          for (const uint32_t number : c.view.conditions_of[literal]) c.scratch.seen[number] = c.scratch.event_number;
          for (const uint32_t place : c.view.nodes_of[literal]) c.view.asked.seen(place);
        },
        &call);
  }
  return true;
}

bool Program::view_node_holds(const ProgramView& view, const ViewNode& v, model::Event& event,
                              MatchScratch& scratch) const {
  const uint32_t* const tests = view.tests.data();
  const auto unseen = [&](uint32_t number) { return scratch.seen[number] != scratch.event_number; };
  const auto fails = [&](uint32_t number) { return !holds(number, event, scratch); };
  uint32_t begin = v.filters_begin;
  if (!scratch.unfiltered) {
    if (std::any_of(tests + v.filters_begin, tests + v.filters_end, unseen)) return false;
    if (scratch.words_decide) begin = v.enough_end;
  }
  return std::none_of(tests + begin, tests + v.tests_end, fails);
}

bool Program::walk_view(const ProgramView& view, uint32_t begin, uint32_t end, model::Event& event,
                        MatchScratch& scratch, Trail& trail) const {
  for (uint32_t place = begin; place < end; ++place) {
    if (scratch.view_asked && (place = view.asked.next_asked(place, end)) == end) return false;
    const ViewNode& v = view.nodes[place];
    if (!view_node_holds(view, v, event, scratch)) continue;
    const ProgramNode& node = *v.node;
    if (node.stateful) {
      trail.undecided.push_back(&node);
      continue;
    }
    if (node.lists_begin != node.lists_end && list_failure(node, event, scratch)) continue;
    if (v.children_begin != v.children_end &&
        walk_view(view, v.children_begin, v.children_end, event, scratch, trail)) {
      return true;
    }
    if (node.rule->noalert) continue;
    trail.decided = &node;
    return true;
  }
  return false;
}

}  // namespace gander::engine
