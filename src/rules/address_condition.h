// AddressCondition: <srcip> and <dstip>: an ordered list of addresses, networks and negated ones.
//
// Threads: immutable.
// Cost:    one address read, one comparison an entry.
// Fails:   cannot; an address of the event that does not parse does not match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "rules/condition.h"
#include "rules/text_condition.h"
#include "text/ip_set.h"

namespace gander::rules {

// Whether one entry is well formed. Fails with R024.
Result<void> check_address_entry(std::string_view entry);

class AddressCondition final : public Condition {
 public:
  // `entries` have been checked.
  AddressCondition(std::string_view element, TextSource source, const std::vector<std::string>& entries);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return element_; }
  std::string wanted() const override { return text_; }
  std::string_view looked_at(const model::Event& event) const override { return text_of(event, source_); }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string_view element_;
  TextSource source_;
  std::string text_;
  text::AddressList list_;
};

}  // namespace gander::rules
