#include "text/pcre2_program.h"

namespace gander::text {
namespace {

constexpr uint32_t kGroups = 64;  // captures kept

std::string error_text(int code) {
  PCRE2_UCHAR buffer[256];
  const int n = pcre2_get_error_message(code, buffer, sizeof buffer);
  return n > 0 ? std::string(reinterpret_cast<const char*>(buffer), static_cast<size_t>(n)) : "bad pattern";
}

bool is_limit(int rc) {
  return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT ||
         rc == PCRE2_ERROR_JIT_STACKLIMIT;
}

void fill(std::string_view subject, pcre2_match_data* data, int rc, Match& out) {
  const PCRE2_SIZE* const at = pcre2_get_ovector_pointer(data);
  const uint32_t pairs = rc == 0 ? pcre2_get_ovector_count(data) : static_cast<uint32_t>(rc);
  out.begin = at[0];
  out.end = at[1];
  out.captures.clear();
  for (uint32_t i = 1; i < pairs; ++i) {
    if (at[2 * i] != PCRE2_UNSET) out.captures.push_back(subject.substr(at[2 * i], at[2 * i + 1] - at[2 * i]));
  }
}

}  // namespace

MatchContext::MatchContext() : MatchContext(Limits{}) {}

MatchContext::MatchContext(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->data.reset(pcre2_match_data_create(kGroups + 1, nullptr));
  impl_->context.reset(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(impl_->context.get(), limits.match);
  pcre2_set_depth_limit(impl_->context.get(), limits.depth);
  if (limits.jit_stack > 0) {
    impl_->stack.reset(pcre2_jit_stack_create(32 * 1024, limits.jit_stack, nullptr));
    pcre2_jit_stack_assign(impl_->context.get(), nullptr, impl_->stack.get());
  }
}

MatchContext::MatchContext(MatchContext&&) noexcept = default;
MatchContext& MatchContext::operator=(MatchContext&&) noexcept = default;
MatchContext::~MatchContext() = default;

tl::expected<Pcre2Program, PatternError> Pcre2Program::compile(const std::string& text, CharacterMode mode) {
  uint32_t options = PCRE2_CASELESS;
  if (mode == CharacterMode::Utf) options |= PCRE2_UTF | PCRE2_NO_UTF_CHECK;
  int code = 0;
  PCRE2_SIZE offset = 0;
  Pcre2Program program;
  program.code_.reset(
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), options, &code, &offset, nullptr));
  if (!program.code_) return tl::unexpected(PatternError{6, error_text(code), offset});
  program.jit_ = pcre2_jit_compile(program.code_.get(), PCRE2_JIT_COMPLETE) == 0;
  return program;
}

bool Pcre2Program::search(std::string_view subject, MatchContext& context, Match* out) const noexcept {
  MatchContext::Impl& impl = context.impl();
  const auto* const text = reinterpret_cast<PCRE2_SPTR>(subject.data() ? subject.data() : "");
  const int rc =
      jit_ ? pcre2_jit_match(code_.get(), text, subject.size(), 0, 0, impl.data.get(), impl.context.get())
           : pcre2_match(code_.get(), text, subject.size(), 0, PCRE2_NO_UTF_CHECK, impl.data.get(), impl.context.get());
  if (rc >= 0) {
    if (out) fill(subject, impl.data.get(), rc, *out);
    return true;
  }
  if (is_limit(rc)) context.count_limit_hit();
  return false;
}

}  // namespace gander::text
