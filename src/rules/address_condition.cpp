#include "rules/address_condition.h"

namespace gander::rules {

Result<void> check_address_entry(std::string_view entry) {
  const auto parsed = text::AddressEntry::parse(entry);
  if (parsed) return {};
  return fail("R024", "'" + std::string(entry) + "' " + std::string(text::describe(parsed.error())));
}

AddressCondition::AddressCondition(std::string_view element, TextSource source, const std::vector<std::string>& entries)
    : element_(element), source_(source) {
  for (const std::string& entry : entries) {
    if (!list_.add(entry)) continue;
    if (!text_.empty()) text_ += ", ";
    text_ += entry;
  }
}

bool AddressCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  const std::string_view address = text_of(event, source_);
  return address.data() && list_.matches(address);
}

bool AddressCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const AddressCondition*>(&other);
  return o && source_ == o->source_ && text_ == o->text_;
}

size_t AddressCondition::hash() const {
  return mix_hash(9000 + static_cast<size_t>(source_), text_hash(text_));
}

}  // namespace gander::rules
