// SensitiveCondition: <sensitive>card|iban</sensitive>: the log text holds something of these kinds.
//
// Threads: immutable.
// Cost:    one scan of the log text by sensitive::Detector an event, to its first finding; a second one where that
// finds
//          something.
#pragma once

#include <string>
#include <string_view>

#include "rules/condition.h"
#include "sensitive/detector.h"

namespace gander::rules {

class SensitiveCondition final : public Condition {
 public:
  static constexpr std::string_view kElement = "sensitive";

  explicit SensitiveCondition(sensitive::KindSet kinds) : detector_(kinds) {}

  bool holds(const model::Event& event, text::MatchContext&) const noexcept override;
  std::string_view element() const override { return kElement; }
  std::string wanted() const override { return sensitive::words_of(detector_.kinds()); }
  std::string_view looked_at(const model::Event& event) const override { return event.log; }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  sensitive::Detector detector_;
};

}  // namespace gander::rules
