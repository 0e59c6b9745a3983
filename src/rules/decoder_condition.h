// DecodedAsCondition: <decoded_as>, by identity of the decoder that claimed the event; MaxsizeCondition: the `maxsize`
// attribute, which despite its name asks for at least that many bytes of log text.
//
// Threads: immutable.
// Fails:   cannot.
#pragma once

#include <string>
#include <string_view>

#include "rules/condition.h"

namespace gander::rules {

class DecodedAsCondition final : public Condition {
 public:
  DecodedAsCondition(std::string name, int identity);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return "decoded_as"; }
  std::string wanted() const override { return name_; }
  std::string_view looked_at(const model::Event& event) const override;
  int decoder_identity() const override { return identity_; }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string name_;
  int identity_;
};

class MaxsizeCondition final : public Condition {
 public:
  explicit MaxsizeCondition(size_t least) : least_(least) {}

  bool holds(const model::Event& event, text::MatchContext&) const noexcept override {
    return event.log.size() >= least_;
  }
  std::string_view element() const override { return "maxsize"; }
  std::string wanted() const override { return std::to_string(least_) + " bytes or more"; }
  std::string_view looked_at(const model::Event& event) const override { return event.log; }
  bool equals(const Condition& other) const override;
  size_t hash() const override { return 3000 + least_; }

 private:
  size_t least_;
};

}  // namespace gander::rules
