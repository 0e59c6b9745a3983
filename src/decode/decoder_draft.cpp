#include "decode/decoder_draft.h"

#include <algorithm>
#include <span>

#include "decode/decoder_lists.h"
#include "decode/decoder_reference.h"

namespace gander::decode {
namespace {

using config::XmlAttribute;
using config::XmlElement;

constexpr size_t kLongestText = 8192;  // joined contents of so many bytes are refused

class DraftReader {
 public:
  DraftReader(const LoadContext& context, const XmlElement& root) : context_(context), root_(root) {}

  std::optional<Draft> read() {
    if (!read_name()) return std::nullopt;
    for (const XmlElement& child : root_.children) {
      if (!read_child(child)) return std::nullopt;
    }
    return std::move(draft_);
  }

 private:
  bool read_name();
  bool read_child(const XmlElement& e);
  bool refuse_element(const XmlElement& e) const;
  void join(std::optional<DraftText>& text, const XmlElement& e);
  bool read_pattern(std::optional<DraftText>& text, DraftOffset& offset, const XmlElement& e, Closing closing);
  bool read_offset(DraftOffset& offset, const XmlElement& e, Closing closing);
  bool read_type(const XmlElement& e);
  bool read_plugin(const XmlElement& e);

  const LoadContext& context_;
  const XmlElement& root_;
  Draft draft_;
};

bool DraftReader::read_name() {
  const std::string invalid = "Invalid element in the configuration: '";
  if (!config::same_name(root_.name, "decoder")) {
    context_.refuse("D001", "<" + root_.name + "> stands where a <decoder> was expected", context_.name_of(root_),
                    "a decoder file holds <decoder name=\"…\"> elements only",
                    {ossec_error(1230, invalid + root_.name + "'.")});
    return false;
  }
  const std::vector<std::string> lines{ossec_error(1230, invalid + "decoder'.")};
  if (root_.attributes.empty()) {
    context_.refuse("D002", "a <decoder> has no name", context_.name_of(root_), "write <decoder name=\"…\">", lines);
    return false;
  }
  const XmlAttribute& first = root_.attributes.front();
  if (!config::same_name(first.name, "name")) {
    context_.refuse("D002", "the first attribute of a <decoder> is its name, not '" + first.name + "'",
                    context_.name_of(first), "write <decoder name=\"…\">", lines);
    return false;
  }
  if (root_.attributes.size() > 1) {
    const XmlAttribute& second = root_.attributes[1];
    context_.refuse("D002", "a <decoder> has no attribute '" + second.name + "'", context_.name_of(second),
                    "only name is allowed", lines);
    return false;
  }
  draft_.element = &root_;
  draft_.name = first.value;
  if (!root_.children.empty()) return true;
  context_.refuse("D003", "decoder '" + draft_.name + "' is empty", context_.name_of(root_), {},
                  {ossec_error(1231, "Invalid NULL element in the configuration.")});
  return false;
}

bool DraftReader::read_child(const XmlElement& e) {
  const auto is = [&](std::string_view name) { return config::same_name(e.name, name); };
  if (is("parent")) return join(draft_.parent, e), true;
  if (is("program_name")) return join(draft_.program_name, e), true;
  if (is("program_name_pcre2")) return join(draft_.program_name_pcre2, e), true;
  if (is("prematch")) return read_pattern(draft_.prematch, draft_.prematch_offset, e, Closing::No);
  if (is("prematch_pcre2")) return read_pattern(draft_.prematch_pcre2, draft_.prematch_offset, e, Closing::No);
  if (is("regex")) return read_pattern(draft_.regex, draft_.regex_offset, e, Closing::Yes);
  if (is("pcre2")) return read_pattern(draft_.pcre2, draft_.regex_offset, e, Closing::Yes);
  if (is("order")) {
    draft_.order_element = &e;
    return read_order(context_, e, draft_.name, draft_.order);
  }
  if (is("fts")) {
    draft_.fts_element = &e;
    return read_fts(context_, e, draft_.name, draft_.fts);
  }
  if (e.name == "type") return read_type(e);
  if (is("plugin_decoder")) return read_plugin(e);
  if (is("use_own_name")) {
    draft_.use_own_name = draft_.use_own_name || e.content == "true";
  } else if (is("accumulate")) {
    draft_.accumulate = true;
  } else if (is("ftscomment")) {
    draft_.fts_comment = e.content;
  } else {
    return refuse_element(e);
  }
  return true;
}

bool DraftReader::refuse_element(const XmlElement& e) const {
  std::vector<std::string> known;
  for (const ElementHelp& element : decoder_elements()) known.emplace_back(element.name);
  std::string hint = nearest_hint(e.name, known);
  if (config::same_name(e.name, "type")) hint = "write it in lower case: type";
  context_.refuse("D004", "a decoder has no element <" + e.name + ">", context_.name_of(e), hint,
                  {"ossec-analysisd: Invalid element '" + e.name + "' for decoder '" + root_.name + "'"});
  return false;
}

// Too long a text is dropped; what lacks then is found by the checks.
void DraftReader::join(std::optional<DraftText>& text, const XmlElement& e) {
  if (!text) {
    text = DraftText{e.content, &e};
    return;
  }
  if (text->text.size() + e.content.size() < kLongestText) {
    text->text += e.content;
    return;
  }
  text.reset();
  Span span = context_.name_of(e);
  const Severity severity = context_.options.compat == model::Compat::Ossec43 ? Severity::Warning : Severity::Error;
  context_.diagnostics.add(
      {severity,
       "D007",
       "the <" + e.name + "> elements of decoder '" + draft_.name + "' are together longer than 8191 bytes",
       std::move(span.at),
       span.length,
       {},
       {ossec_error(1104, "Maximum string size reached for: " + e.name + ".")}});
}

bool DraftReader::read_pattern(std::optional<DraftText>& text, DraftOffset& offset, const XmlElement& e,
                               Closing closing) {
  DraftOffset given;
  if (!read_offset(given, e, closing)) return false;
  if (given.attribute) {
    if (text) {
      context_.refuse(
          "D010", "only the first <" + e.name + "> of a decoder may have an offset", context_.name_of(*given.attribute),
          "the contents of all are joined to one pattern",
          {ossec_error(2109, "Duplicated offsets for same regex: '" + draft_.name + "'."), ossec_2107(draft_.name)},
          closing);
      return false;
    }
    offset = given;
  }
  join(text, e);
  return true;
}

// Only the first attribute is looked at.
bool DraftReader::read_offset(DraftOffset& offset, const XmlElement& e, Closing closing) {
  if (e.attributes.empty()) return true;
  const XmlAttribute& a = e.attributes.front();
  if (a.name != "offset") {
    context_.refuse(
        "D008", "<" + e.name + "> has no attribute '" + a.name + "'", context_.name_of(a), "allowed: offset",
        {ossec_error(2121, "Invalid decoder attribute: '" + a.name + "'"), ossec_2107(draft_.name)}, closing);
    return false;
  }
  offset.attribute = &a;
  if (a.value == "after_parent") {
    offset.value = Offset::AfterParent;
  } else if (a.value == "after_prematch") {
    offset.value = Offset::AfterPrematch;
  } else if (a.value == "after_regex") {
    offset.value = Offset::AfterRegex;
  } else {
    context_.refuse("D009", "'" + a.value + "' is no offset", context_.name_of(a),
                    "allowed: after_parent, after_prematch, after_regex",
                    {ossec_2120(a.value), ossec_2107(draft_.name)}, closing);
    return false;
  }
  return true;
}

bool DraftReader::read_type(const XmlElement& e) {
  const auto category = model::category_from(e.content);
  if (category) {
    draft_.category = *category;
    return true;
  }
  context_.refuse("D005", "'" + e.content + "' is no decoder type", context_.content_of(e),
                  "allowed: syslog, firewall, ids, web-log, squid, windows, host-information, ossec",
                  {"ossec-analysisd: Invalid decoder type '" + e.content + "'."});
  return false;
}

bool DraftReader::read_plugin(const XmlElement& e) {
  struct Name {
    std::string_view name;
    Plugin plugin;
  };
  static constexpr Name kNames[] = {{"PF_Decoder", Plugin::Pf},
                                    {"SymantecWS_Decoder", Plugin::Symantec},
                                    {"SonicWall_Decoder", Plugin::SonicWall},
                                    {"OSSECAlert_Decoder", Plugin::OssecAlert}};
  for (const Name& n : kNames) {
    if (n.name != e.content) continue;
    draft_.plugin = n.plugin;
    draft_.plugin_element = &e;
    return true;
  }
  context_.refuse("D006", "there is no plug-in decoder '" + e.content + "'", context_.content_of(e),
                  "allowed: PF_Decoder, SymantecWS_Decoder, SonicWall_Decoder, OSSECAlert_Decoder",
                  {ossec_error(2110, "Invalid decoder argument for " + e.name + ": '" + e.content + "'.")});
  return false;
}

}  // namespace

std::optional<Draft> read_draft(const LoadContext& context, const config::XmlElement& element) {
  return DraftReader(context, element).read();
}

}  // namespace gander::decode
