#include "text/pcre2_program.h"

#include <algorithm>

namespace gander::text {
namespace {

constexpr uint32_t kUsualGroups = 64;
constexpr size_t kMostCaptures = 64;
constexpr size_t kFirstStack = size_t{32} * 1024;

std::string error_text(int code) {
  PCRE2_UCHAR buffer[256];
  const int n = pcre2_get_error_message(code, buffer, sizeof buffer);
  return n > 0 ? std::string(reinterpret_cast<const char*>(buffer), static_cast<size_t>(n)) : "bad pattern";
}

bool is_limit(int rc) {
  return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT ||
         rc == PCRE2_ERROR_JIT_STACKLIMIT || rc == PCRE2_ERROR_NOMEMORY;
}

bool is_utf_error(int rc) {
  return rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21;
}

void fill(std::string_view subject, pcre2_match_data* data, int rc, Match& out) {
  const PCRE2_SIZE* const at = pcre2_get_ovector_pointer(data);
  const uint32_t pairs = rc == 0 ? pcre2_get_ovector_count(data) : static_cast<uint32_t>(rc);
  out.begin = at[0];
  out.end = at[1];
  for (size_t i = 1; i < pairs && out.captures.size() < kMostCaptures; ++i) {
    if (at[2 * i] == PCRE2_UNSET) continue;
    out.captures.push_back(subject.substr(at[2 * i], at[2 * i + 1] - at[2 * i]));
  }
}

}  // namespace

pcre2_match_data* MatchContext::Impl::data_for(uint32_t groups) noexcept {
  if (pcre2_get_ovector_count(data.get()) <= groups) {
    if (pcre2_match_data* const larger = pcre2_match_data_create(groups + 1, nullptr)) data.reset(larger);
  }
  return data.get();
}

MatchContext::MatchContext() : MatchContext(Limits{}) {}

MatchContext::MatchContext(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->data.reset(pcre2_match_data_create(kUsualGroups + 1, nullptr));
  impl_->context.reset(pcre2_match_context_create(nullptr));
  if (!impl_->data || !impl_->context) throw std::bad_alloc();
  pcre2_set_match_limit(impl_->context.get(), limits.match);
  pcre2_set_depth_limit(impl_->context.get(), limits.depth);
  if (limits.jit_stack > 0) {
    impl_->stack.reset(pcre2_jit_stack_create(std::min(kFirstStack, limits.jit_stack), limits.jit_stack, nullptr));
    pcre2_jit_stack_assign(impl_->context.get(), nullptr, impl_->stack.get());
  }
}

MatchContext::MatchContext(MatchContext&&) noexcept = default;
MatchContext& MatchContext::operator=(MatchContext&&) noexcept = default;
MatchContext::~MatchContext() = default;

tl::expected<Pcre2Program, PatternError> Pcre2Program::compile(const std::string& text, CharacterMode mode) {
  uint32_t options = PCRE2_CASELESS;
  // \C would let a search stop inside a character, where the rest is not valid UTF-8.
  if (mode == CharacterMode::Utf) options |= PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C;
  if (mode == CharacterMode::DamagedUtf) options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  int code = 0;
  PCRE2_SIZE offset = 0;
  Pcre2Program program;
  program.code_.reset(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &offset, nullptr));
  if (!program.code_) return tl::unexpected(PatternError{6, error_text(code), std::min(offset, text.size())});
  uint32_t used = 0;
  pcre2_pattern_info(program.code_.get(), PCRE2_INFO_ALLOPTIONS, &used);
  pcre2_pattern_info(program.code_.get(), PCRE2_INFO_CAPTURECOUNT, &program.groups_);
  program.needs_utf_ = (used & PCRE2_UTF) != 0 && mode != CharacterMode::DamagedUtf;
  return program;
}

void Pcre2Program::jit() noexcept {
  jit_ = pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE) == 0;
}

int Pcre2Program::run(std::string_view subject, SubjectCheck check, MatchContext::Impl& impl,
                      pcre2_match_data* data) const noexcept {
  const auto* const text = reinterpret_cast<PCRE2_SPTR>(subject.data() ? subject.data() : "");
  if (jit_ && check == SubjectCheck::KnownValid)
    return pcre2_jit_match(code_.get(), text, subject.size(), 0, 0, data, impl.context.get());
  // A damaged text has to pass PCRE2's own check, which finds its valid pieces.
  const uint32_t options = check == SubjectCheck::KnownValid && needs_utf_ ? PCRE2_NO_UTF_CHECK : 0;
  return pcre2_match(code_.get(), text, subject.size(), 0, options, data, impl.context.get());
}

Pcre2Program::Outcome Pcre2Program::search(std::string_view subject, SubjectCheck check, MatchContext& context,
                                           Match* out) const noexcept {
  MatchContext::Impl& impl = context.impl();
  pcre2_match_data* const data = out ? impl.data_for(groups_) : impl.data.get();
  const int rc = run(subject, check, impl, data);
  if (rc >= 0) {
    if (out) fill(subject, data, rc, *out);
    return Outcome::Match;
  }
  if (is_limit(rc)) context.count_limit_hit();
  return is_utf_error(rc) ? Outcome::NotUtf : Outcome::NoMatch;
}

}  // namespace gander::text
