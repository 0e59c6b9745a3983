#include "text/pattern.h"

#include "base/utf8.h"
#include "text/pattern_impl.h"
#include "text/required_literals.h"
#include "text/translate.h"

namespace gander::text {
namespace {

constexpr size_t kLongest = 2048;      // bytes of an os_match or os_regex pattern
constexpr size_t kMostPrefilters = 3;  // words worth looking for before a search by PCRE2

// Bytes that are no UTF-8 cannot occur in a text that is; PCRE2 must not see them in UTF mode.
std::string without_invalid_bytes(const std::string& translated) {
  std::string out;
  for (size_t i = 0; i < translated.size();) {
    const size_t length = base::utf8_at(translated, i).length;
    out.append(length == 0 ? "(?!)" : translated.substr(i, length));
    i += length == 0 ? 1 : length;
  }
  return out;
}

// PCRE2 looks for the letter with which a pattern begins as fast as for a word, and behind `^` it looks at once.
bool begins_with_letter(std::string_view translated) {
  if (translated.starts_with('^')) translated.remove_prefix(1);
  return !translated.empty() && std::string_view("[(.\\").find(translated.front()) == std::string_view::npos;
}

// Place in an os_regex of what became the byte at `offset` of its translation.
size_t offset_in_os_regex(std::string_view pattern, size_t offset) {
  for (size_t length = 1; length <= pattern.size(); ++length) {
    const auto translated = translate_os_regex(pattern.substr(0, length));
    if (translated && translated->size() > offset) return length - 1;
  }
  return pattern.size();
}

std::optional<PatternError> size_error(Dialect dialect, std::string_view text) {
  if (dialect == Dialect::Pcre2) {
    if (text.empty()) return PatternError{10, "the pattern is empty", 0};
    return std::nullopt;
  }
  if (text.size() > kLongest) return PatternError{3, "the pattern is longer than 2048 bytes", kLongest};
  if (text.empty() && dialect == Dialect::OsRegex) return PatternError{6, "the pattern is empty", 0};
  return std::nullopt;
}

}  // namespace

Pattern::Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, PatternError> Pattern::compile(Dialect dialect, std::string_view text, OnInvalidUtf8 on_invalid) {
  if (auto error = size_error(dialect, text)) return tl::unexpected(std::move(*error));
  auto impl = std::make_unique<Impl>();
  impl->dialect = dialect;
  impl->on_invalid = on_invalid;
  impl->text = text;
  if (auto error = impl->build()) return tl::unexpected(std::move(*error));
  return Pattern(std::move(impl));
}

std::optional<PatternError> Pattern::Impl::build() {
  if (dialect == Dialect::OsMatch) {
    translated = translate_os_match(text);
  } else if (dialect == Dialect::OsRegex) {
    auto result = translate_os_regex(text);
    if (!result) return result.error();
    translated = std::move(*result);
  } else {
    translated = text;
  }
  ascii = encoding_of(text) == Encoding::Ascii;
  always = text.empty();
  literal = LiteralForm::of(dialect, text);
  if (!always && !literal) choice = LiteralChoice::of(dialect, text);
  if (!always && !literal && !choice && (ascii || dialect == Dialect::Pcre2)) straight = StraightForm::of(translated);
  if (auto error = build_programs()) {
    if (dialect == Dialect::OsRegex) error->offset = offset_in_os_regex(text, error->offset);
    return error;
  }
  build_prefilter();
  return std::nullopt;
}

std::optional<PatternError> Pattern::Impl::build_programs() {
  if (always || literal) return std::nullopt;
  if (dialect == Dialect::Pcre2) {
    bytes.emplace(translated, CharacterMode::Bytes, RunBy::Jit);
    if (choice || straight) return std::nullopt;
    if (auto error = bytes->check()) return error;
    if (!bytes->needs_utf()) return std::nullopt;
    own_utf = true;
    // The JIT of PCRE2 10.42 loses characters above 0x7f here: `\S` finds none.
    damaged.emplace(translated, CharacterMode::DamagedUtf, RunBy::Interpreter);
    return damaged->check();
  }
  utf.emplace(ascii ? translated : without_invalid_bytes(translated), CharacterMode::Utf, RunBy::Jit);
  if (ascii || on_invalid == OnInvalidUtf8::SearchBytes) bytes.emplace(translated, CharacterMode::Bytes, RunBy::Jit);
  if (choice || straight) return std::nullopt;
  return ascii ? bytes->check() : utf->check();
}

void Pattern::Impl::build_prefilter() {
  if (always) return;
  if (literal) {
    required = literal->required();
  } else if (choice) {
    required = choice->required();
  } else {
    required = text::required_literals(translated);
    // PCRE2 texts are left to PCRE2: their quantifiers are greedy and its own first look is cheap.
    const bool pays =
        dialect == Dialect::OsRegex && required.size() <= kMostPrefilters && !begins_with_letter(translated);
    for (const std::string& word : required) {
      if (pays) prefilter.emplace_back(word);
    }
  }
  words_fold = choice && choice->folds();
  for (const LiteralFinder& word : prefilter) words_fold = words_fold || has_folding_letter(word.lower());
}

Dialect Pattern::dialect() const {
  return impl_->dialect;
}
const std::string& Pattern::text() const {
  return impl_->text;
}
bool Pattern::is_literal() const {
  return impl_->literal.has_value();
}
const std::vector<std::string>& Pattern::required_literals() const {
  return impl_->required;
}
bool Pattern::literals_decide() const {
  return impl_->choice && impl_->choice->unanchored() && !impl_->required.empty();
}
std::string Pattern::translated() const {
  return impl_->translated;
}

}  // namespace gander::text
