#include "engine/program_view.h"

#include <algorithm>
#include <map>
#include <string>

#include "engine/program.h"

namespace gander::engine {

ProgramView* Program::view_for(model::Event& event, MatchScratch& scratch) const {
  auto& views = scratch.views;
  for (size_t i = 0; i < views.size(); ++i) {
    if (!views[i].first.fits(event)) continue;
    // A step to the front at each use: what is frequent is found soon.
    if (i > 0) std::swap(views[i], views[i - 1]);
    return views[i > 0 ? i - 1 : 0].second.get();
  }
  if (views.size() >= MatchScratch::kMostViews || event.program_name.size() > MatchScratch::kLongestViewName) {
    return nullptr;
  }
  ViewKey key{event.decoder, event.category, event.program_name.data() != nullptr, std::string(event.program_name)};
  views.emplace_back(std::move(key), make_view(event, scratch));
  return views.back().second.get();
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
  v.filters_begin = v.tests_begin = static_cast<uint32_t>(view.tests.size());
  for (const bool filtered : {true, false}) {
    for (uint32_t i = node.conditions_begin; i != node.conditions_end; ++i) {
      const uint32_t number = tests_[i];
      if (!fixed_[number] && (filtered_[number] != 0) == filtered) view.tests.push_back(number);
    }
    if (filtered) v.filters_end = static_cast<uint32_t>(view.tests.size());
  }
  v.tests_end = static_cast<uint32_t>(view.tests.size());
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

void Program::compile_view_literals(ProgramView& view) const {
  std::map<std::string, uint32_t> numbers;
  std::vector<std::string> literals;
  std::vector<uint32_t> filters;
  for (const ViewNode& v : view.nodes) {
    filters.insert(filters.end(), view.tests.begin() + v.filters_begin, view.tests.begin() + v.filters_end);
  }
  std::sort(filters.begin(), filters.end());
  filters.erase(std::unique(filters.begin(), filters.end()), filters.end());
  for (const uint32_t number : filters) {
    for (const std::string& literal : conditions_[number]->log_pattern()->required_literals()) {
      const auto [it, added] = numbers.try_emplace(literal, static_cast<uint32_t>(literals.size()));
      if (added) {
        literals.push_back(literal);
        view.conditions_of.emplace_back();
      }
      view.conditions_of[it->second].push_back(number);
    }
  }
  view.literals = text::LiteralSet(literals);
}

void Program::scan_view(const model::Event& event, ProgramView& view, MatchScratch& scratch) const {
  if (++view.uses == ProgramView::kUsesBeforeLiterals) compile_view_literals(view);
  if (view.uses < ProgramView::kUsesBeforeLiterals || (!view.literals.usable() && !view.conditions_of.empty())) {
    scan(event, scratch);
    return;
  }
  if (!begin_scan(event, scratch) || view.conditions_of.empty()) return;
  struct Call {
    const ProgramView& view;
    MatchScratch& scratch;
  } call{view, scratch};
  view.literals.scan(
      event.log, view.scratch,
      [](void* context, uint32_t literal) {
        const Call& c = *static_cast<Call*>(context);
        for (const uint32_t number : c.view.conditions_of[literal]) c.scratch.seen[number] = c.scratch.event_number;
      },
      &call);
}

bool Program::walk_view(const ProgramView& view, uint32_t begin, uint32_t end, model::Event& event,
                        MatchScratch& scratch, Trail& trail) const {
  const auto unseen = [&](uint32_t number) {
    return scratch.seen[number] != scratch.event_number && !scratch.unfiltered;
  };
  for (uint32_t place = begin; place != end; ++place) {
    const ViewNode& v = view.nodes[place];
    const uint32_t* const tests = view.tests.data();
    if (std::any_of(tests + v.filters_begin, tests + v.filters_end, unseen)) continue;
    const auto fails = [&](uint32_t number) { return !holds(number, event, scratch); };
    if (std::any_of(tests + v.tests_begin, tests + v.tests_end, fails)) continue;
    const ProgramNode& node = *v.node;
    if (node.stateful) {
      trail.undecided.push_back(&node);
      continue;
    }
    if (list_failure(node, event, scratch)) continue;
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
