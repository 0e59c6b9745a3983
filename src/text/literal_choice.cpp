#include "text/literal_choice.h"

#include <algorithm>

#include "text/literal_form.h"
#include "text/required_literals.h"
#include "text/translate.h"

namespace gander::text {
namespace {

// The plain text of one word of an os_regex without quantifiers; nullopt when it holds a class, a group or an anchor.
std::optional<std::string> plain_os_regex(std::string_view word) {
  std::string out;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\') {
      if (i + 1 == word.size()) return std::nullopt;
      const auto escaped = plain_escape(word[++i]);
      if (!escaped) return std::nullopt;
      out.push_back(*escaped);
    } else if (c == '(' || c == ')' || c == '^' || c == '$') {
      return std::nullopt;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

// The same of a PCRE2 text.
std::optional<std::string> plain_pcre2(std::string_view word) {
  std::string out;
  for (size_t i = 0; i < word.size(); ++i) {
    char c = word[i];
    if (c == '\\') {
      if (++i == word.size()) return std::nullopt;
      c = word[i];
      if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return std::nullopt;
    } else if (std::string_view("^$.[()*+?{").find(c) != std::string_view::npos) {
      return std::nullopt;
    }
    out.push_back(c);
  }
  return out;
}

// End of the first word: the place of the first bar that is not escaped.
size_t first_bar(Dialect dialect, std::string_view pattern) {
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '|') return i;
    if (dialect != Dialect::OsMatch && pattern[i] == '\\') ++i;
  }
  return std::string_view::npos;
}

bool is_escaped_end(std::string_view word) {
  size_t backslashes = 0;
  while (backslashes + 1 < word.size() && word[word.size() - 2 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

}  // namespace

bool LiteralChoice::add_word(std::string_view raw, Dialect dialect) {
  const bool at_start = raw.starts_with('^');
  if (at_start) raw.remove_prefix(1);
  const bool at_end = raw.ends_with('$') && !(dialect != Dialect::OsMatch && is_escaped_end(raw));
  if (at_end) raw.remove_suffix(1);
  if (dialect == Dialect::OsMatch) {
    if (raw.find_first_of("^$") != std::string_view::npos) return false;
    words_.push_back({LiteralFinder(raw), at_start, at_end});
    return true;
  }
  const auto plain = dialect == Dialect::OsRegex ? plain_os_regex(raw) : plain_pcre2(raw);
  if (!plain) return false;
  words_.push_back({LiteralFinder(*plain), at_start, at_end});
  return true;
}

std::optional<LiteralChoice> LiteralChoice::of(Dialect dialect, std::string_view pattern) {
  if (encoding_of(pattern) != Encoding::Ascii) return std::nullopt;
  // Looking two bytes back for a backslash crosses bars: `\\|+` is a quantified bar, which PCRE2 refuses.
  if (dialect == Dialect::OsRegex) {
    for (size_t i = 0; i < pattern.size(); ++i) {
      if (is_quantifier(pattern, i)) return std::nullopt;
    }
  }
  LiteralChoice choice(dialect);
  for (;;) {
    const size_t bar = first_bar(dialect, pattern);
    if (!choice.add_word(pattern.substr(0, bar), dialect)) return std::nullopt;
    if (bar == std::string_view::npos) return choice;
    pattern.remove_prefix(bar + 1);
  }
}

size_t LiteralChoice::find_at_end(const Word& word, std::string_view text) const noexcept {
  const std::string& literal = word.literal.lower();
  const auto ends_at = [&](size_t end) {
    if (literal.size() > end || (word.at_start && literal.size() != end)) return false;
    return equal_caseless(text.substr(end - literal.size(), literal.size()), literal);
  };
  if (!strict_end_ && text.ends_with('\n') && ends_at(text.size() - 1)) return text.size() - 1 - literal.size();
  return ends_at(text.size()) ? text.size() - literal.size() : LiteralFinder::npos;
}

size_t LiteralChoice::find(const Word& word, std::string_view text) const noexcept {
  if (word.at_end) return find_at_end(word, text);
  if (!word.at_start) return word.literal.find(text);
  const std::string& literal = word.literal.lower();
  return equal_caseless(text.substr(0, literal.size()), literal) ? 0 : LiteralFinder::npos;
}

bool LiteralChoice::matches(std::string_view text) const noexcept {
  for (const Word& word : words_) {
    if (find(word, text) != LiteralFinder::npos) return true;
  }
  return false;
}

bool LiteralChoice::search(std::string_view text, size_t& begin, size_t& end) const noexcept {
  begin = LiteralFinder::npos;
  for (const Word& word : words_) {
    const size_t at = find(word, text);
    if (at >= begin) continue;
    begin = at;
    end = at + word.literal.lower().size();
  }
  return begin != LiteralFinder::npos;
}

std::vector<std::string> LiteralChoice::required() const {
  std::vector<std::string> out;
  for (const Word& word : words_) {
    if (word.literal.lower().size() < kShortestRequired) return {};
    out.push_back(word.literal.lower());
  }
  return out;
}

bool LiteralChoice::unanchored() const {
  return std::none_of(words_.begin(), words_.end(), [](const Word& word) { return word.at_start || word.at_end; });
}

bool LiteralChoice::folds() const {
  for (const Word& word : words_) {
    if (has_folding_letter(word.literal.lower())) return true;
  }
  return false;
}

}  // namespace gander::text
