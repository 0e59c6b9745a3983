// Patterns of each dialect over the sample lines.
#include <benchmark/benchmark.h>

#include "sample_lines.h"
#include "text/pattern.h"

namespace {

using namespace gander;

void search(benchmark::State& state, text::Dialect dialect, const char* pattern) {
  const auto compiled = text::Pattern::compile(dialect, pattern, text::OnInvalidUtf8::SearchBytes);
  if (!compiled) {
    state.SkipWithError("the pattern does not compile");
    return;
  }
  text::MatchContext context;
  text::Match match;
  for (auto _ : state) {
    for (const std::string_view line : bench::sample_lines()) {
      benchmark::DoNotOptimize(compiled->search(text::Subject::of(line), context, match));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::sample_lines().size()));
}

BENCHMARK_CAPTURE(search, os_match_literal, text::Dialect::OsMatch, "Failed password");
BENCHMARK_CAPTURE(search, os_match_choice, text::Dialect::OsMatch,
                  "illegal user|invalid user|authentication failure|denied");
BENCHMARK_CAPTURE(search, os_regex_anchored, text::Dialect::OsRegex, "^\\S+ \\d+ \\S+ \\S+ sshd");
BENCHMARK_CAPTURE(search, os_regex_capture, text::Dialect::OsRegex, "for (\\S+) from (\\S+) port (\\d+)");
BENCHMARK_CAPTURE(search, pcre2_capture, text::Dialect::Pcre2, "for (?:invalid user )?(\\S+) from ([0-9a-fA-F.:]+)");

void encoding_of(benchmark::State& state) {
  for (auto _ : state) {
    for (const std::string_view line : bench::sample_lines()) benchmark::DoNotOptimize(text::encoding_of(line));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::sample_lines().size()));
}
BENCHMARK(encoding_of);

}  // namespace
