// Draft: one <decoder> element read, its parts not yet checked against each other. Internal to this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decode/decoder.h"
#include "decode/load_context.h"

namespace gander::decode {

// The contents of an element, repeated ones joined.
struct DraftText {
  std::string text;
  const config::XmlElement* element = nullptr;  // the first one
};

struct DraftOffset {
  Offset value = Offset::None;
  const config::XmlAttribute* attribute = nullptr;
};

struct Draft {
  const config::XmlElement* element = nullptr;
  std::string name;

  std::optional<DraftText> parent;
  std::optional<DraftText> program_name;
  std::optional<DraftText> program_name_pcre2;
  std::optional<DraftText> prematch;
  std::optional<DraftText> prematch_pcre2;
  std::optional<DraftText> regex;
  std::optional<DraftText> pcre2;
  DraftOffset prematch_offset;
  DraftOffset regex_offset;

  std::vector<OrderItem> order;
  const config::XmlElement* order_element = nullptr;
  const config::XmlElement* fts_element = nullptr;
  const config::XmlElement* plugin_element = nullptr;
  uint32_t fts = 0;
  std::string fts_comment;
  model::Category category = model::Category::Syslog;
  Plugin plugin = Plugin::None;
  bool use_own_name = false;
  bool accumulate = false;

  bool has_program_name() const { return program_name || program_name_pcre2; }
  bool has_prematch() const { return prematch || prematch_pcre2; }
  bool has_regex() const { return regex || pcre2; }
};

// Nullopt after an error, which is in the diagnostics.
std::optional<Draft> read_draft(const LoadContext& context, const config::XmlElement& element);

}  // namespace gander::decode
