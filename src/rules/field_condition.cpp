#include "rules/field_condition.h"

#include <utility>

#include "config/xml.h"
#include "rules/text_condition.h"

namespace gander::rules {

FieldCondition::FieldCondition(std::string name, text::Pattern pattern)
    : name_(std::move(name)), pattern_(std::move(pattern)) {}

std::string_view FieldCondition::value_in(const model::Event& event) const noexcept {
  for (const model::NamedField& field : event.named) {
    if (field.value.data() && config::same_name(field.name, name_)) return field.value;
  }
  return {};
}

bool FieldCondition::holds(const model::Event& event, text::MatchContext& context) const noexcept {
  const std::string_view value = value_in(event);
  return value.data() && pattern_.matches(text::Subject::of(value), context);
}

bool FieldCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const FieldCondition*>(&other);
  return o && config::same_name(name_, o->name_) && pattern_.dialect() == o->pattern_.dialect() &&
         pattern_.text() == o->pattern_.text();
}

// Without the name, which is compared without case.
size_t FieldCondition::hash() const {
  return mix_hash(2000 + name_.size(), text_hash(pattern_.text()));
}

}  // namespace gander::rules
