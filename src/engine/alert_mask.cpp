#include "engine/alert_mask.h"

#include <algorithm>
#include <string>

#include "rules/sensitive_condition.h"

namespace gander::engine {
namespace {

struct Secret {
  std::string text;
  std::string masked;
};
// Shorter ones would tear holes into texts that have nothing to do with them.
constexpr size_t kShortest = 6;

// Finds by itself what `text` holds, and what was found in the whole log: a field alone may not say what it is.
std::string masked_field(std::string_view text, const sensitive::Detector& detector,
                         const std::vector<Secret>& secrets) {
  std::string out = sensitive::masked_text(text, detector);
  for (const Secret& secret : secrets) {
    for (size_t at = out.find(secret.text); at != std::string::npos;
         at = out.find(secret.text, at + secret.masked.size())) {
      out.replace(at, secret.text.size(), secret.masked);
    }
  }
  return out;
}

void collect(std::string_view text, const sensitive::Detector& detector, std::vector<Secret>& secrets) {
  for (const sensitive::Finding& f : detector.scan(text)) {
    if (f.length < kShortest) continue;
    std::string found(text.substr(f.offset, f.length));
    const bool known = std::any_of(secrets.begin(), secrets.end(), [&](const Secret& s) { return s.text == found; });
    if (!known) secrets.push_back({std::move(found), f.masked});
  }
}

}  // namespace

AlertMask::AlertMask(const rules::RuleTree& tree, sensitive::KindSet always)
    : always_(always), asks_(tree.rules.size(), false) {
  note(tree.roots, false);
}

void AlertMask::note(const std::vector<std::unique_ptr<rules::RuleNode>>& family, bool above) {
  for (const auto& node : family) {
    const rules::Rule& rule = *node->rule;
    const bool asks = above || std::any_of(rule.conditions.begin(), rule.conditions.end(), [](const auto& condition) {
                        return condition->element() == rules::SensitiveCondition::kElement;
                      });
    if (asks) asks_[rule.index] = true;
    note(node->children, asks);
  }
}

void AlertMask::mask(const rules::Rule& rule, model::Event& event, std::vector<std::string_view>& lines,
                     base::Arena& arena) const {
  const sensitive::Detector& detector = asks_[rule.index] ? all_ : always_;
  for (std::string_view& line : lines) {
    if (detector.any(line)) line = arena.copy(sensitive::masked_text(line, detector));
  }
  std::vector<Secret> secrets;
  collect(event.full_log, detector, secrets);
  if (event.plain_url.data() != nullptr) collect(event.plain_url, detector, secrets);
  const auto cover = [&](std::string_view& text) {
    if (text.data() == nullptr || (secrets.empty() && !detector.any(text))) return;
    const std::string masked = masked_field(text, detector, secrets);
    if (masked != text) text = event.keep(masked);
  };
  cover(event.log);
  cover(event.full_log);
  cover(event.plain_url);
  for (std::string_view& field : event.fields) cover(field);
  for (model::NamedField& field : event.named) cover(field.value);
}

}  // namespace gander::engine
