// ListCondition: <list>: a field looked up in a compiled list.
//
// Owns:    the pattern of its value; borrows the list from the catalogue, which must outlive it.
// Threads: immutable.
// Cost:    one hash look-up, or one a dot of an address.
// Fails:   cannot; failure_note() says that the list could not be opened.
// OSSEC:   4.3 gives address_match_key_value its opposite meaning, and answers yes to it, to not_match_key and to
//          address_match_key when the list cannot be opened; mended, see OnMissingList.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/compat.h"
#include "rules/cdb_list.h"
#include "rules/condition.h"
#include "rules/text_condition.h"

namespace gander::rules {

enum class Lookup { Key, NotKey, KeyValue, AddressKey, NotAddressKey, AddressKeyValue };

std::optional<Lookup> lookup_from(std::string_view word);  // any case
std::string_view lookup_word(Lookup lookup);
std::optional<TextSource> list_field_from(std::string_view word);  // any case

// What look-ups that ask for absence say of a list that cannot be opened (mended): an alerting rule goes on to alert, a
// rule that silences does not silence. Look-ups that ask for presence say no.
enum class OnMissingList { AbsenceHolds, AbsenceFails };

struct ListQuestion {
  std::string name;                            // as in the rule
  const ListCatalogue::Entry* list = nullptr;  // null: not declared, never holds
  TextSource field = TextSource::SrcIp;
  Lookup lookup = Lookup::Key;
  std::optional<text::Pattern> value;
  OnMissingList on_missing = OnMissingList::AbsenceHolds;
  model::Compat compat = model::Compat::Mended;
};

class ListCondition final : public Condition {
 public:
  explicit ListCondition(ListQuestion question);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return "list"; }
  std::string wanted() const override;
  std::string_view looked_at(const model::Event& event) const override { return text_of(event, question_.field); }
  bool may_have_notes() const override { return question_.list && question_.list->open_errno != 0; }
  std::string failure_note(const model::Event& event) const override;
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  bool holds_without_list() const;
  bool value_matches(std::optional<std::string_view> value, text::MatchContext& context) const;

  ListQuestion question_;
};

}  // namespace gander::rules
