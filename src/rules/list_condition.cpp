#include "rules/list_condition.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "config/xml.h"

namespace gander::rules {
namespace {

struct LookupName {
  std::string_view word;
  Lookup lookup;
};
constexpr LookupName kLookups[] = {
    {"match_key", Lookup::Key},
    {"not_match_key", Lookup::NotKey},
    {"match_key_value", Lookup::KeyValue},
    {"address_match_key", Lookup::AddressKey},
    {"not_address_match_key", Lookup::NotAddressKey},
    {"address_match_key_value", Lookup::AddressKeyValue},
};

struct FieldName {
  std::string_view word;
  TextSource source;
};
constexpr FieldName kFields[] = {
    {"srcip", TextSource::SrcIp},     {"srcport", TextSource::SrcPort},   {"dstip", TextSource::DstIp},
    {"dstport", TextSource::DstPort}, {"user", TextSource::UserOfLists},  {"url", TextSource::Url},
    {"id", TextSource::Id},           {"hostname", TextSource::Hostname}, {"program_name", TextSource::ProgramName},
    {"status", TextSource::Status},   {"action", TextSource::Action},
};

// The whole text, else its longest beginning that ends in a dot and is a key.
std::optional<std::string_view> find_address(const CdbList& list, std::string_view address) {
  if (const auto value = list.find(address)) return value;
  for (size_t end = std::min(address.size(), list.longest_key()); end > 0; --end) {
    if (address[end - 1] != '.') continue;
    if (const auto value = list.find(address.substr(0, end))) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Lookup> lookup_from(std::string_view word) {
  for (const LookupName& l : kLookups) {
    if (config::same_name(l.word, word)) return l.lookup;
  }
  return std::nullopt;
}

std::string_view lookup_word(Lookup lookup) {
  for (const LookupName& l : kLookups) {
    if (l.lookup == lookup) return l.word;
  }
  return {};
}

std::optional<TextSource> list_field_from(std::string_view word) {
  for (const FieldName& f : kFields) {
    if (config::same_name(f.word, word)) return f.source;
  }
  return std::nullopt;
}

ListCondition::ListCondition(ListQuestion question) : question_(std::move(question)) {}

bool ListCondition::value_matches(std::optional<std::string_view> value, text::MatchContext& context) const {
  return value && question_.value && question_.value->matches(text::Subject::of(*value), context);
}

bool ListCondition::holds_without_list() const {
  const Lookup lookup = question_.lookup;
  if (question_.compat == model::Compat::Ossec43) {
    // A damaged list opens, and holds nothing; one that does not open is answered for as follows.
    if (lookup == Lookup::NotKey || lookup == Lookup::AddressKeyValue) return true;
    return question_.list->open_errno != 0 ? lookup == Lookup::AddressKey : lookup == Lookup::NotAddressKey;
  }
  const bool absence = lookup == Lookup::NotKey || lookup == Lookup::NotAddressKey;
  return absence && question_.on_missing == OnMissingList::AbsenceHolds;
}

bool ListCondition::holds(const model::Event& event, text::MatchContext& context) const noexcept {
  const std::string_view text = text_of(event, question_.field);
  if (!text.data() || !question_.list) return false;
  if (!question_.list->list) return holds_without_list();
  const CdbList& list = *question_.list->list;
  switch (question_.lookup) {
    case Lookup::Key:
      return list.find(text).has_value();
    case Lookup::NotKey:
      return !list.find(text);
    case Lookup::KeyValue:
      return value_matches(list.find(text), context);
    case Lookup::AddressKey:
      return find_address(list, text).has_value();
    case Lookup::NotAddressKey:
      return !find_address(list, text);
    case Lookup::AddressKeyValue:
      return value_matches(find_address(list, text), context) == (question_.compat == model::Compat::Mended);
  }
  return false;
}

std::string ListCondition::failure_note(const model::Event& event) const {
  if (!may_have_notes() || !text_of(event, question_.field).data()) return {};
  std::string name = question_.name;
  if (!name.ends_with(".cdb")) name += ".cdb";
  const int why = question_.list->open_errno;
  return "ossec-analysisd(1126): ERROR: Unable to open file '" + name + "' due to [(" + std::to_string(why) + ")-(" +
         std::strerror(why) + ")].";
}

std::string ListCondition::wanted() const {
  std::string out = std::string(lookup_word(question_.lookup)) + " in " + question_.name;
  if (question_.value) out += ", value " + question_.value->text();
  return out;
}

bool ListCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const ListCondition*>(&other);
  if (!o) return false;
  const ListQuestion& a = question_;
  const ListQuestion& b = o->question_;
  const auto pattern = [](const ListQuestion& q) { return q.value ? q.value->text() : std::string(); };
  return a.name == b.name && a.list == b.list && a.field == b.field && a.lookup == b.lookup &&
         a.value.has_value() == b.value.has_value() && pattern(a) == pattern(b) && a.on_missing == b.on_missing;
}

size_t ListCondition::hash() const {
  const size_t kind = mix_hash(8000 + static_cast<size_t>(question_.field), static_cast<size_t>(question_.lookup));
  return mix_hash(kind, text_hash(question_.name));
}

}  // namespace gander::rules
