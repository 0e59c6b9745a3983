// Decoder: one <decoder> element, checked and compiled. Internal to this folder.
//
// Owns:    its patterns and texts; children are owned by the set.
// Threads: immutable after loading.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decoder_set.h"
#include "decode/gate.h"
#include "model/event.h"
#include "text/pattern.h"

namespace gander::decode {

class SonicWall;

// Where a search begins.
enum class Offset { None, AfterParent, AfterPrematch, AfterRegex };

enum class Plugin { None, Pf, Symantec, SonicWall, OssecAlert };

// A pattern that asks its gate first.
class GatedPattern {
 public:
  GatedPattern(text::Dialect dialect, text::Pattern pattern)
      : gate_(dialect, pattern.text()), pattern_(std::move(pattern)) {}

  bool matches(text::Subject s, text::MatchContext& context) const noexcept {
    return gate_.passes(s.bytes) && pattern_.matches(s, context);
  }
  bool search(text::Subject s, text::MatchContext& context, text::Match& out) const noexcept {
    return gate_.passes(s.bytes) && pattern_.search(s, context, out);
  }
  const Gate& gate() const { return gate_; }
  const text::Pattern& pattern() const { return pattern_; }

 private:
  Gate gate_;
  text::Pattern pattern_;
};

// One name in <order>.
struct OrderItem {
  std::optional<model::Field> field;  // nullopt: a dynamic field
  std::string name;                   // of a dynamic field: its own name, else the label in logtest
};

struct Decoder {
  model::DecoderInfo info;
  std::string own_name;
  SourcePos at;
  bool use_own_name = false;

  std::optional<GatedPattern> program_name;
  std::optional<GatedPattern> prematch;
  std::optional<GatedPattern> regex;  // <regex> or <pcre2>
  Offset prematch_offset = Offset::None;
  Offset regex_offset = Offset::None;
  std::vector<OrderItem> order;
  Plugin plugin = Plugin::None;
  std::shared_ptr<const SonicWall> sonicwall;  // of Plugin::SonicWall

  bool has_next = false;  // the next child in the list belongs to its family
  std::vector<Decoder*> children;
};

// What logtest calls a field.
std::string_view label_of(model::Field field);

}  // namespace gander::decode
