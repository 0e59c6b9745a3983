// word_match: see pattern.h.
#include "text/literal_form.h"
#include "text/pattern.h"

namespace gander::text {

bool word_match(std::string_view pattern, std::string_view subject) noexcept {
  if (pattern.empty()) return false;
  const auto caseless_at = [&](std::string_view word, size_t at) {
    for (size_t i = 0; i < word.size(); ++i) {
      if (ascii_lower(subject[at + i]) != ascii_lower(word[i])) return false;
    }
    return true;
  };
  for (;;) {
    const size_t bar = pattern.find('|');
    std::string_view word = pattern.substr(0, bar);
    if (word.empty()) return true;
    const bool anchored = word.front() == '^';
    if (anchored) word.remove_prefix(1);
    if (word.size() <= subject.size() && (anchored || !subject.empty())) {
      const size_t last = anchored ? 0 : subject.size() - word.size();
      for (size_t at = 0; at <= last; ++at) {
        if (caseless_at(word, at)) return true;
      }
    }
    if (bar == std::string_view::npos) return false;
    pattern.remove_prefix(bar + 1);
  }
}

}  // namespace gander::text
