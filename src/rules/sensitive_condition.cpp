#include "rules/sensitive_condition.h"

namespace gander::rules {

bool SensitiveCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  using Sensitive = model::Event::Sensitive;
  if (event.sensitive == Sensitive::NotAsked) {
    static const sensitive::Detector every_kind;
    event.sensitive = every_kind.any(event.log) ? Sensitive::Some : Sensitive::None;
  }
  return event.sensitive == Sensitive::Some && detector_.any(event.log);
}

bool SensitiveCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const SensitiveCondition*>(&other);
  return o && o->detector_.kinds() == detector_.kinds();
}

size_t SensitiveCondition::hash() const {
  return 8000 + detector_.kinds().bits();
}

}  // namespace gander::rules
