// Searching with a Pattern: the fast way, and the slow one that it is held against.
#include "text/pattern_impl.h"
#include "text/required_literals.h"

namespace gander::text {

struct Pattern::Impl::Slow {
  std::optional<LazyProgram> first;
  std::optional<LazyProgram> damaged;  // for texts of which the first says that they are not UTF-8
};

Pattern::Impl::Impl() = default;
Pattern::Impl::~Impl() = default;

const LazyProgram* Pattern::Impl::program_for(Encoding encoding) const noexcept {
  if (encoding == Encoding::Invalid) {
    if (on_invalid == OnInvalidUtf8::SearchBytes) return own_utf ? &*damaged : &*bytes;
    return dialect == Dialect::Pcre2 && !own_utf ? &*bytes : nullptr;
  }
  if (dialect == Dialect::Pcre2) return &*bytes;
  return encoding == Encoding::Ascii && ascii ? &*bytes : &*utf;
}

bool Pattern::Impl::words_suffice(Subject subject) const noexcept {
  return subject.encoding != Encoding::Utf8 || dialect == Dialect::Pcre2 || !words_fold ||
         !holds_folding_letter(subject.bytes);
}

bool Pattern::Impl::may_match(Subject subject) const noexcept {
  for (const LiteralFinder& word : prefilter) {
    if (word.find(subject.bytes) != LiteralFinder::npos) return true;
  }
  return prefilter.empty() || !words_suffice(subject);
}

bool Pattern::Impl::run(Subject subject, MatchContext& context, Match* out) const noexcept {
  const LazyProgram* const lazy = program_for(subject.encoding);
  if (!lazy) return false;
  if (straight && lazy == &*bytes) return straight->search(subject.bytes, out);
  if (!may_match(subject)) return false;
  const Pcre2Program* const program = lazy->get();
  return program &&
         program->search(subject.bytes, SubjectCheck::KnownValid, context, out) == Pcre2Program::Outcome::Match;
}

bool Pattern::matches(Subject subject, MatchContext& context) const noexcept {
  const Impl& impl = *impl_;
  if (impl.always) return true;
  if (impl.literal) {
    size_t begin = 0;
    size_t end = 0;
    return impl.literal->search(subject.bytes, begin, end);
  }
  if (impl.choice && impl.words_suffice(subject)) {
    return impl.program_for(subject.encoding) && impl.choice->matches(subject.bytes);
  }
  return impl.run(subject, context, nullptr);
}

bool Pattern::search(Subject subject, MatchContext& context, Match& out) const noexcept {
  const Impl& impl = *impl_;
  out.captures.clear();
  if (impl.always) {
    out.begin = out.end = 0;
    return true;
  }
  if (impl.literal) return impl.literal->search(subject.bytes, out.begin, out.end);
  if (impl.choice && impl.words_suffice(subject)) {
    return impl.program_for(subject.encoding) && impl.choice->search(subject.bytes, out.begin, out.end);
  }
  return impl.run(subject, context, &out);
}

std::unique_ptr<const Pattern::Impl::Slow> Pattern::Impl::make_slow() const {
  auto made = std::make_unique<Slow>();
  if (always || literal) {
    made->first.emplace(literal ? literal->as_pcre2() : std::string(), CharacterMode::Bytes, RunBy::Interpreter);
  } else if (dialect == Dialect::Pcre2) {
    // With recursion PCRE2's interpreter and its JIT can disagree; OSSEC 4.3 uses the JIT.
    made->first.emplace(translated, CharacterMode::Bytes, RunBy::Jit);
    if (own_utf && on_invalid == OnInvalidUtf8::SearchBytes)
      made->damaged.emplace(translated, CharacterMode::DamagedUtf, RunBy::Interpreter);
  } else {
    made->first.emplace(utf->text(), CharacterMode::Utf, RunBy::Interpreter);
    if (on_invalid == OnInvalidUtf8::SearchBytes)
      made->damaged.emplace(translated, CharacterMode::Bytes, RunBy::Interpreter);
  }
  return made;
}

bool Pattern::search_slow(Subject subject, MatchContext& context, Match& out) const noexcept {
  const Impl& impl = *impl_;
  out.captures.clear();
  std::call_once(impl.slow_once, [&] { impl.slow = impl.make_slow(); });
  for (const auto* const lazy : {&impl.slow->first, &impl.slow->damaged}) {
    const Pcre2Program* const program = *lazy ? (*lazy)->get() : nullptr;
    if (!program) continue;
    const auto outcome = program->search(subject.bytes, SubjectCheck::CheckUtf, context, &out);
    if (outcome != Pcre2Program::Outcome::NotUtf) return outcome == Pcre2Program::Outcome::Match;
  }
  return false;
}

}  // namespace gander::text
