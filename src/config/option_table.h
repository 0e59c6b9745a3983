// Tables that bind options to the fields of a section's struct, and the one loop that reads a section by its table.
//
// Threads: functions of their arguments.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "config/option.h"
#include "config/section_reader.h"

namespace gander::config {

template <class S>
struct Option {
  OptionInfo info;
  void (*store)(S&, const Value&, SectionReader&);
};

template <class M>
struct MemberOf;
template <class S, class T>
struct MemberOf<T S::*> {
  using Owner = S;
};

// Stores the value in a field, by the field's type.
template <auto Member>
void keep(typename MemberOf<decltype(Member)>::Owner& section, const Value& value, SectionReader&) {
  auto& field = section.*Member;
  using Field = std::remove_reference_t<decltype(field)>;
  if constexpr (std::is_same_v<Field, bool>) {
    field = value.yes;
  } else if constexpr (std::is_same_v<Field, int> || std::is_same_v<Field, std::optional<int>>) {
    field = value.number;
  } else if constexpr (std::is_same_v<Field, std::vector<std::string>>) {
    field.emplace_back(value.text);
  } else {
    field = std::string(value.text);
  }
}

template <class S>
void ignore_value(S&, const Value&, SectionReader&) {}

template <class S>
std::vector<OptionInfo> infos(std::span<const Option<S>> table) {
  std::vector<OptionInfo> out;
  for (const Option<S>& option : table) out.push_back(option.info);
  return out;
}

template <class S>
const Option<S>* find_option(std::span<const Option<S>> table, std::string_view name) {
  for (const Option<S>& option : table) {
    const bool same =
        option.info.name_case == NameCase::Any ? same_name(option.info.name, name) : option.info.name == name;
    if (same) return &option;
  }
  return nullptr;
}

// What a section does with elements that its table does not have.
enum class Unknown { Report, Skip };

// False when the section had an error of its own: what it lacks is then no further finding.
template <class S, size_t N>
bool read_options(const Option<S> (&options)[N], const XmlElement& section, S& target, SectionReader& reader,
                  Unknown unknown = Unknown::Report) {
  const std::span<const Option<S>> table(options);
  const size_t errors = reader.errors();
  for (const XmlElement& child : section.children) {
    const Option<S>* const option = find_option(table, child.name);
    if (option != nullptr && reader.left_out(option->info)) {
      reader.left_out_element(option->info, child);
      continue;
    }
    if (option == nullptr) {
      std::vector<std::string> known;
      for (const Option<S>& o : table) known.emplace_back(o.info.name);
      if (unknown == Unknown::Report) reader.unknown_element(child, section.name, known);
      continue;
    }
    if (!reader.reads(option->info)) continue;
    if (option->info.attributes == Attributes::None) reader.unused_attributes(child, {});
    Value value{child, child.content};
    if (reader.check(option->info, value)) option->store(target, value, reader);
  }
  return reader.errors() == errors;
}

}  // namespace gander::config
