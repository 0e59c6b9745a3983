#include "rules/sensitive_condition.h"

namespace gander::rules {

bool SensitiveCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const SensitiveCondition*>(&other);
  return o && o->detector_.kinds() == detector_.kinds();
}

size_t SensitiveCondition::hash() const {
  return 8000 + detector_.kinds().bits();
}

}  // namespace gander::rules
