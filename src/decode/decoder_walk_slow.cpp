// The reference for tests and fuzzers: the decoding of one event as the language's description tells it, step by step.
#include "decode/decoder_walk.h"
#include "decode/plugin.h"

namespace gander::decode {
namespace {

// An end pointer as an offset into the log.
using Place = std::optional<size_t>;

Place search(const std::optional<GatedPattern>& pattern, model::Event& event, size_t from, DecodeScratch& scratch) {
  const text::Subject subject = text::Subject::of(event.log.substr(from));
  if (!pattern->pattern().search_slow(subject, scratch.context, scratch.match)) return std::nullopt;
  return from + scratch.match.end;
}

const Decoder* choose_top(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch, size_t& end) {
  const bool has_program = event.program_name.data() != nullptr;
  for (const Decoder* top : has_program ? set.with_program.all() : set.without_program.all()) {
    if (top->program_name) {
      const text::Subject program = text::Subject::of(event.program_name);
      if (!top->program_name->pattern().search_slow(program, scratch.context, scratch.match)) continue;
    }
    end = 0;
    if (top->prematch) {
      const Place place = search(top->prematch, event, 0, scratch);
      if (!place) continue;
      end = *place;
    }
    return top;
  }
  return nullptr;
}

struct Taken {
  size_t index = 0;
  size_t end = 0;
};

std::optional<Taken> choose_child(const std::vector<Decoder*>& children, size_t parent_end, model::Event& event,
                                  DecodeScratch& scratch, const Decoder*& decoder) {
  size_t i = 0;
  while (i < children.size()) {
    const Decoder& child = *children[i];
    if (!child.prematch) return Taken{i, parent_end};
    const size_t from = child.prematch_offset == Offset::AfterParent ? parent_end : 0;
    if (const Place place = search(child.prematch, event, from, scratch)) {
      decoder = &child;
      return Taken{i, *place};
    }
    bool family = child.has_next;
    ++i;
    while (family && i < children.size()) family = children[i++]->has_next;
  }
  return std::nullopt;
}

size_t start_of(const Decoder& member, size_t parent_end, size_t child_end, Place previous) {
  if (member.regex_offset == Offset::AfterParent) return parent_end;
  if (member.regex_offset == Offset::AfterPrematch) return child_end;
  if (member.regex_offset == Offset::AfterRegex) return previous.value_or(child_end);
  return 0;
}

}  // namespace

void walk_slow(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch) {
  size_t parent_end = 0;
  const Decoder* const top = choose_top(set, event, scratch, parent_end);
  if (!top) return;
  const Decoder* decoder = top;
  const Decoder* plugin = nullptr;
  std::vector<const Decoder*> members;
  size_t child_end = parent_end;
  if (top->children.empty()) {
    members.push_back(top);
  } else if (const auto taken = choose_child(top->children, parent_end, event, scratch, decoder)) {
    child_end = taken->end;
    members.assign(top->children.begin() + static_cast<std::ptrdiff_t>(taken->index), top->children.end());
  }
  if (!members.empty() && members.front()->plugin != Plugin::None) {
    plugin = members.front();
    members.clear();
  }
  Place previous;
  for (const Decoder* member : members) {
    if (!member->regex) break;
    previous = search(member->regex, event, start_of(*member, parent_end, child_end, previous), scratch);
    if (previous) {
      decoder = member;
      assign_captures(*member, scratch.match.captures, event, scratch);
    }
    if (!member->has_next) break;
  }
  conclude(*decoder, event, scratch);
  if (plugin) run_plugin(*plugin, *decoder, set.compat, event, scratch);
}

}  // namespace gander::decode
