#include "text/pattern.h"

#include "text/literal_form.h"
#include "text/pcre2_program.h"
#include "text/translate.h"

namespace gander::text {
namespace {

constexpr size_t kLongest = 2048;  // bytes of an os_match or os_regex pattern

}  // namespace

struct Pattern::Impl {
  Dialect dialect = Dialect::OsMatch;
  OnInvalidUtf8 on_invalid = OnInvalidUtf8::NoMatch;
  std::string text;
  std::string translated;
  bool always = false;  // the empty os_match pattern
  std::optional<LiteralForm> literal;
  std::optional<Pcre2Program> utf;    // os_match, os_regex
  std::optional<Pcre2Program> bytes;  // PCRE2 elements; of the others ASCII texts only
  std::vector<std::string> required;

  const Pcre2Program* program_for(Encoding encoding) const {
    if (dialect == Dialect::Pcre2) return &*bytes;
    if (encoding == Encoding::Ascii) return bytes ? &*bytes : &*utf;
    if (encoding == Encoding::Utf8) return &*utf;
    return on_invalid == OnInvalidUtf8::SearchBytes && bytes ? &*bytes : nullptr;
  }
};

Pattern::Pattern(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, PatternError> Pattern::compile(Dialect dialect, std::string_view text, OnInvalidUtf8 on_invalid) {
  auto impl = std::make_unique<Impl>();
  impl->dialect = dialect;
  impl->on_invalid = on_invalid;
  impl->text = text;
  if (dialect != Dialect::Pcre2 && text.size() > kLongest) {
    return tl::unexpected(PatternError{3, "longer than 2048 bytes", kLongest});
  }
  if (dialect == Dialect::OsMatch && text.empty()) {
    impl->always = true;
    return Pattern(std::move(impl));
  }
  if (dialect == Dialect::Pcre2 && text.empty()) return tl::unexpected(PatternError{10, "empty pattern", 0});
  if (dialect == Dialect::OsRegex && text.empty()) return tl::unexpected(PatternError{6, "empty pattern", 0});
  impl->literal = LiteralForm::of(dialect, text);
  if (dialect == Dialect::OsMatch) {
    impl->translated = translate_os_match(text);
  } else if (dialect == Dialect::OsRegex) {
    auto translated = translate_os_regex(text);
    if (!translated) return tl::unexpected(translated.error());
    impl->translated = std::move(*translated);
  } else {
    impl->translated = text;
  }
  const bool ascii = encoding_of(text) == Encoding::Ascii;
  // A text of bytes is searched for as bytes; in a UTF-8 text those that are no ASCII have no case.
  if (ascii || dialect == Dialect::Pcre2 || on_invalid == OnInvalidUtf8::SearchBytes) {
    auto program = Pcre2Program::compile(impl->translated, CharacterMode::Bytes);
    if (!program) return tl::unexpected(program.error());
    impl->bytes = std::move(*program);
  }
  if (dialect != Dialect::Pcre2) {
    auto program = Pcre2Program::compile(impl->translated, CharacterMode::Utf);
    if (!program) return tl::unexpected(program.error());
    impl->utf = std::move(*program);
  }
  return Pattern(std::move(impl));
}

bool Pattern::matches(Subject subject, MatchContext& context) const noexcept {
  if (impl_->always) return true;
  if (impl_->literal) {
    size_t begin = 0;
    size_t end = 0;
    return impl_->literal->search(subject.bytes, begin, end);
  }
  const Pcre2Program* const program = impl_->program_for(subject.encoding);
  return program && program->search(subject.bytes, context, nullptr);
}

bool Pattern::search(Subject subject, MatchContext& context, Match& out) const noexcept {
  out.captures.clear();
  if (impl_->always) {
    out.begin = out.end = 0;
    return true;
  }
  if (impl_->literal) return impl_->literal->search(subject.bytes, out.begin, out.end);
  const Pcre2Program* const program = impl_->program_for(subject.encoding);
  return program && program->search(subject.bytes, context, &out);
}

bool Pattern::search_slow(Subject subject, MatchContext& context, Match& out) const noexcept {
  return search(subject, context, out);
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
std::string Pattern::translated() const {
  return impl_->translated;
}

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
