// FieldCondition: <field name="N">: a pattern searched in a dynamic field of the decoder that matched last.
//
// Threads: immutable.
// Cost:    a look through the event's named fields, one search.
// Fails:   cannot; a field that the decoder does not have, or did not fill, does not match.
#pragma once

#include <string>
#include <string_view>

#include "rules/condition.h"

namespace gander::rules {

class FieldCondition final : public Condition {
 public:
  FieldCondition(std::string name, text::Pattern pattern);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return "field"; }
  std::string wanted() const override { return name_ + ": " + pattern_.text(); }
  std::string_view looked_at(const model::Event& event) const override { return value_in(event); }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string_view value_in(const model::Event& event) const noexcept;

  std::string name_;
  text::Pattern pattern_;
};

}  // namespace gander::rules
