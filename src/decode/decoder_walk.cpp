#include "decode/decoder_walk.h"

#include <algorithm>

#include "decode/plugin.h"

namespace gander::decode {
namespace {

// One event on its way through the decoders.
class Walk {
 public:
  Walk(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch)
      : set_(set), event_(event), scratch_(scratch), log_(event.log_subject()) {}

  void run() noexcept {
    const Decoder* const top = choose_top();
    if (!top) return;
    decoder_ = top;
    tell_of(*top);
    if (top->children.empty()) {
      child_end_ = parent_end_;
      take(*top, {});
    } else {
      choose_child(top->children);
    }
    conclude(*decoder_, event_, scratch_);
    if (plugin_) run_plugin(*plugin_, *decoder_, set_.compat, event_, scratch_);
  }

 private:
  using Children = std::vector<Decoder*>;

  const Decoder* choose_top() noexcept {
    if (!event_.program_name.data()) {
      set_.without_program.candidates(event_.log, scratch_.tops);
      return first_with_prematch(scratch_.tops);
    }
    if (const auto* const choice = known_program()) return first_with_prematch(choice->decoders);
    std::vector<const Decoder*> left;
    choose_by_program(left);
    return first_with_prematch(left);
  }

  void choose_by_program(std::vector<const Decoder*>& left) {
    const text::Subject program = event_.subject(event_.program_name);
    set_.with_program.candidates(event_.program_name, scratch_.tops);
    for (const Decoder* const top : scratch_.tops) {
      if (top->program_name->matches(program, scratch_.context)) left.push_back(top);
    }
  }

  // What the program name says of the decoders is worked out once a name.
  const DecodeScratch::ProgramChoice* known_program() {
    const std::string_view name = event_.program_name;
    if (scratch_.last_program && scratch_.last_program->name == name) return scratch_.last_program;
    const auto found = scratch_.programs.find(name);
    if (found != scratch_.programs.end()) return scratch_.last_program = found->second.get();
    if (name.size() > DecodeScratch::kLongestProgram || scratch_.programs.size() >= DecodeScratch::kMostPrograms) {
      return nullptr;
    }
    auto choice = std::make_unique<DecodeScratch::ProgramChoice>();
    choice->name = name;
    choose_by_program(choice->decoders);
    const DecodeScratch::ProgramChoice* const made = choice.get();
    scratch_.programs.emplace(made->name, std::move(choice));
    return scratch_.last_program = made;
  }

  const Decoder* first_with_prematch(const std::vector<const Decoder*>& list) noexcept {
    for (const Decoder* const top : list) {
      parent_end_ = log_;
      if (top->prematch) {
        if (!top->prematch->search(log_, scratch_.context, scratch_.match)) continue;
        parent_end_ = rest_of(log_, scratch_.match.end);
      }
      return top;
    }
    return nullptr;
  }

  void choose_child(const Children& children) noexcept {
    for (size_t i = 0; i < children.size(); ++i) {
      const Decoder& child = *children[i];
      if (!child.prematch) {
        child_end_ = parent_end_;
        return take(child, {&children, i});
      }
      const text::Subject subject = child.prematch_offset == Offset::AfterParent ? parent_end_ : log_;
      if (child.prematch->search(subject, scratch_.context, scratch_.match)) {
        child_end_ = rest_of(subject, scratch_.match.end);
        decoder_ = &child;
        tell_of(child);
        return take(child, {&children, i});
      }
      if (!child.has_next) continue;
      // The family of a child whose prematch fails is passed over.
      while (i + 1 < children.size() && children[i + 1]->has_next) ++i;
      ++i;
    }
  }

  struct Place {
    const Children* children = nullptr;
    size_t index = 0;
  };

  // The decoder is found: its plug-in, or its pattern and those of its family.
  void take(const Decoder& first, Place place) noexcept {
    if (first.plugin != Plugin::None) {
      tell_of(first);
      plugin_ = &first;
      return;
    }
    const Decoder* member = &first;
    text::Subject previous{};
    bool has_previous = false;
    while (member->regex) {
      const text::Subject subject = subject_of(*member, has_previous ? previous : child_end_);
      has_previous = member->regex->search(subject, scratch_.context, scratch_.match);
      if (has_previous) {
        previous = rest_of(subject, scratch_.match.end);
        decoder_ = member;
        tell_of(*member);
        assign_captures(*member, scratch_.match.captures, event_, scratch_);
      }
      if (!member->has_next || !place.children || ++place.index >= place.children->size()) return;
      member = (*place.children)[place.index];
    }
  }

  void tell_of(const Decoder& decoder) {
    if (scratch_.taking_part) scratch_.taking_part->push_back(&decoder.info);
  }

  text::Subject subject_of(const Decoder& member, text::Subject after_regex) const {
    switch (member.regex_offset) {
      case Offset::None:
        return log_;
      case Offset::AfterParent:
        return parent_end_;
      case Offset::AfterPrematch:
        return child_end_;
      case Offset::AfterRegex:
        return after_regex;
    }
    return log_;
  }

  const DecoderSet::Impl& set_;
  model::Event& event_;
  DecodeScratch& scratch_;
  text::Subject log_;
  text::Subject parent_end_{};
  text::Subject child_end_{};
  const Decoder* decoder_ = nullptr;
  const Decoder* plugin_ = nullptr;
};

}  // namespace

std::string_view label_of(model::Field field) {
  static constexpr std::array<std::string_view, model::kFieldCount> kLabels = {
      "dstuser", "srcuser", "srcip", "dstip",      "srcport", "dstport",     "proto",
      "action",  "id",      "url",   "extra_data", "status",  "system_name", "filename"};
  return kLabels[static_cast<size_t>(field)];
}

text::Subject rest_of(text::Subject subject, size_t offset) {
  const std::string_view rest = subject.bytes.substr(std::min(offset, subject.bytes.size()));
  return subject.encoding == text::Encoding::Ascii ? text::Subject{rest, subject.encoding} : text::Subject::of(rest);
}

void assign_captures(const Decoder& decoder, const std::vector<std::string_view>& captures, model::Event& event,
                     DecodeScratch& scratch) {
  const size_t count = std::min(captures.size(), decoder.order.size());
  for (size_t i = 0; i < count; ++i) {
    const OrderItem& item = decoder.order[i];
    if (item.field) {
      event.set(*item.field, captures[i]);
    } else {
      if (scratch.slots.size() <= i) scratch.slots.resize(i + 1);
      scratch.slots[i] = captures[i];
    }
    if (scratch.filled) scratch.filled->push_back({item.name, captures[i]});
  }
}

void conclude(const Decoder& decoder, model::Event& event, DecodeScratch& scratch) {
  event.decoder = &decoder.info;
  event.category = decoder.info.category;
  const size_t count = std::min(scratch.slots.size(), decoder.order.size());
  for (size_t i = 0; i < count; ++i) {
    const OrderItem& item = decoder.order[i];
    if (!item.field && scratch.slots[i].data()) event.named.push_back({item.name, scratch.slots[i]});
  }
}

void walk_quick(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch) noexcept {
  Walk(set, event, scratch).run();
}

}  // namespace gander::decode
