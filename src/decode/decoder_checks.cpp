#include "decode/decoder_checks.h"

#include <utility>

#include "decode/pattern_groups.h"
#include "decode/sonicwall.h"

namespace gander::decode {
namespace {

using text::Dialect;

class Maker {
 public:
  Maker(const LoadContext& context, Draft draft) : context_(context), draft_(std::move(draft)) {}

  std::unique_ptr<Decoder> make() {
    if (!parts_fit() || !regex_offset_fits() || !prematch_offset_fits()) return nullptr;
    decoder_ = std::make_unique<Decoder>();
    if (!compile_all() || !plugin_fits()) return nullptr;
    fill();
    return std::move(decoder_);
  }

 private:
  bool parts_fit() const;
  bool regex_offset_fits();
  bool prematch_offset_fits() const;
  bool compile_all();
  bool plugin_fits() const;
  void fill();

  bool refuse_offset(const DraftOffset& offset, const std::string& message, const std::string& word) const;
  bool compile(const std::optional<DraftText>& own, Dialect dialect, const std::optional<DraftText>& pcre2,
               std::optional<GatedPattern>& out) const;
  bool captures_fit(const std::optional<DraftText>& regex, const text::Pattern& pattern) const;

  Span name() const { return context_.name_of(*draft_.element); }
  text::OnInvalidUtf8 on_invalid() const {
    return context_.options.compat == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch
                                                             : text::OnInvalidUtf8::SearchBytes;
  }

  const LoadContext& context_;
  Draft draft_;
  std::unique_ptr<Decoder> decoder_;
};

bool Maker::parts_fit() const {
  const Draft& d = draft_;
  if (!d.has_prematch() && !d.parent && !d.has_program_name()) {
    context_.refuse("D014", "decoder '" + d.name + "' has nothing to be chosen by", name(),
                    "give it a <prematch>, a <program_name> or a <parent>",
                    {ossec_error(2108, "No 'prematch' found in decoder: '" + d.name + "'."), ossec_2107(d.name)});
    return false;
  }
  const bool needs_regex = d.order_element || d.fts_element;
  if (needs_regex && !d.has_regex()) {
    const config::XmlElement& e = d.order_element ? *d.order_element : *d.fts_element;
    context_.refuse("D015", "decoder '" + d.name + "' has <" + e.name + "> but no <regex> or <pcre2>",
                    context_.name_of(e), {}, {ossec_2107(d.name)});
    return false;
  }
  if (d.has_regex() && !d.order_element) {
    const DraftText& regex = d.regex ? *d.regex : *d.pcre2;
    context_.refuse("D015", "decoder '" + d.name + "' has <" + regex.element->name + "> but no <order>",
                    context_.name_of(*regex.element), {}, {ossec_2107(d.name)});
    return false;
  }
  return true;
}

bool Maker::refuse_offset(const DraftOffset& offset, const std::string& message, const std::string& word) const {
  context_.refuse("D016", "offset " + word + ", but decoder '" + draft_.name + "' has no " + message,
                  context_.name_of(*offset.attribute), {}, {ossec_2120(word), ossec_2107(draft_.name)});
  return false;
}

bool Maker::regex_offset_fits() {
  DraftOffset& offset = draft_.regex_offset;
  switch (offset.value) {
    case Offset::None:
      return true;
    case Offset::AfterParent:
      return draft_.parent ? true : refuse_offset(offset, "parent", "after_parent");
    case Offset::AfterPrematch:
      // Without a parent the decoder's own prematch is where a parent's match would end.
      if (!draft_.parent) offset.value = Offset::AfterParent;
      return !draft_.parent || draft_.has_prematch() ? true : refuse_offset(offset, "prematch", "after_prematch");
    case Offset::AfterRegex:
      return draft_.parent ? true : refuse_offset(offset, "parent", "after_regex");
  }
  return true;
}

bool Maker::prematch_offset_fits() const {
  const DraftOffset& offset = draft_.prematch_offset;
  if (offset.value == Offset::None) return true;
  if (offset.value != Offset::AfterParent) {
    context_.refuse("D017", "the prematch of decoder '" + draft_.name + "' can only begin after_parent",
                    context_.name_of(*offset.attribute), "allowed: after_parent", {ossec_2107(draft_.name)});
    return false;
  }
  return draft_.parent ? true : refuse_offset(offset, "parent", "after_parent");
}

// The PCRE2 form counts only when the other is absent.
bool Maker::compile(const std::optional<DraftText>& own, Dialect dialect, const std::optional<DraftText>& pcre2,
                    std::optional<GatedPattern>& out) const {
  if (!own && !pcre2) return true;
  const DraftText& source = own ? *own : *pcre2;
  const Dialect used = own ? dialect : Dialect::Pcre2;
  auto pattern = text::Pattern::compile(used, source.text, on_invalid());
  if (!pattern) {
    context_.refuse("D018",
                    "the <" + source.element->name + "> of decoder '" + draft_.name +
                        "' does not compile: " + pattern.error().message,
                    context_.content_of(*source.element),
                    "byte " + std::to_string(pattern.error().offset + 1) + " of the pattern",
                    {ossec_error(1450, "Syntax error on regex: '" + source.text +
                                           "': " + std::to_string(pattern.error().ossec_code) + ".")});
    return false;
  }
  out.emplace(used, std::move(*pattern));
  return true;
}

bool Maker::captures_fit(const std::optional<DraftText>& regex, const text::Pattern& pattern) const {
  if (regex && pattern.is_literal()) {
    context_.refuse("D019", "the <regex> of decoder '" + draft_.name + "' is a plain text without groups",
                    context_.content_of(*regex->element), "put what <order> names into ( )",
                    {ossec_error(1451, "Missing sub_strings on regex: '" + regex->text + "'.")});
    return false;
  }
  const int most = context_.options.order_size;
  if (context_.options.compat != model::Compat::Ossec43 || count_groups(pattern) <= most) return true;
  const DraftText& source = draft_.regex ? *draft_.regex : *draft_.pcre2;
  context_.refuse("D026",
                  "the <" + source.element->name + "> of decoder '" + draft_.name + "' has " +
                      std::to_string(count_groups(pattern)) + " groups",
                  context_.content_of(*source.element),
                  "at most " + std::to_string(most) + " (analysisd.decoder_order_size)",
                  {"ossec-analysisd: ERROR: Regex has too many groups."}, Closing::No);
  return false;
}

bool Maker::compile_all() {
  const Draft& d = draft_;
  if (!compile(d.prematch, Dialect::OsRegex, d.prematch_pcre2, decoder_->prematch)) return false;
  if (!compile(d.program_name, Dialect::OsMatch, d.program_name_pcre2, decoder_->program_name)) return false;
  if (!compile(d.regex, Dialect::OsRegex, d.pcre2, decoder_->regex)) return false;
  return !decoder_->regex || captures_fit(d.regex, decoder_->regex->pattern());
}

bool Maker::plugin_fits() const {
  const Draft& d = draft_;
  if (d.plugin == Plugin::None || (!d.has_regex() && !d.order_element)) return true;
  context_.refuse("D020", "decoder '" + d.name + "' has a plug-in and <order>", context_.name_of(*d.plugin_element),
                  "a plug-in fills the fields itself",
                  {ossec_error(2111, "Additional data to plugin decoder: '" + d.name + "'.")});
  return false;
}

void Maker::fill() {
  Decoder& out = *decoder_;
  out.own_name = draft_.name;
  out.use_own_name = draft_.use_own_name;
  out.prematch_offset = draft_.prematch_offset.value;
  out.regex_offset = draft_.regex_offset.value;
  out.order = std::move(draft_.order);
  out.plugin = draft_.plugin;
  if (out.plugin == Plugin::SonicWall) out.sonicwall = SonicWall::make(on_invalid());
  out.info.name = draft_.name;
  out.at = context_.document.at(*draft_.element);
  if (draft_.parent) out.info.parent = draft_.parent->text;
  out.info.category = draft_.category;
  out.info.fts = draft_.fts;
  out.info.fts_comment = draft_.fts_comment;
  out.info.accumulate = draft_.accumulate;
  out.info.has_order = draft_.order_element != nullptr;
  for (const OrderItem& item : out.order) out.info.field_names.push_back(item.name);
}

}  // namespace

std::unique_ptr<Decoder> make_decoder(const LoadContext& context, Draft draft) {
  return Maker(context, std::move(draft)).make();
}

}  // namespace gander::decode
