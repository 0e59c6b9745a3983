#include "rules/decoder_condition.h"

#include <utility>

#include "rules/text_condition.h"

namespace gander::rules {

DecodedAsCondition::DecodedAsCondition(std::string name, int identity) : name_(std::move(name)), identity_(identity) {}

// Identity 0: the decoder set gave out no identities, and the rule never matches.
bool DecodedAsCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  return identity_ != 0 && event.decoder && event.decoder->identity == identity_;
}

std::string_view DecodedAsCondition::looked_at(const model::Event& event) const {
  return event.decoder ? std::string_view(event.decoder->name) : std::string_view();
}

bool DecodedAsCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const DecodedAsCondition*>(&other);
  return o && identity_ == o->identity_;
}

size_t DecodedAsCondition::hash() const {
  return mix_hash(4000, static_cast<size_t>(identity_));
}

bool MaxsizeCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const MaxsizeCondition*>(&other);
  return o && least_ == o->least_;
}

}  // namespace gander::rules
