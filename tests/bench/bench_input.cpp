// From bytes to lines, and from lines to times.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/time.h"
#include "collect/line_cutter.h"
#include "decode/timestamp.h"
#include "sample_lines.h"

namespace {

using namespace gander;

void cut_lines(benchmark::State& state, model::Compat compat) {
  std::string text;
  while (text.size() < 1 << 20) {
    for (const std::string_view line : bench::sample_lines()) text.append(line).push_back('\n');
  }
  std::vector<collect::Line> lines;
  for (auto _ : state) {
    collect::LineCutter cutter(compat, 1 << 20);
    lines.clear();
    benchmark::DoNotOptimize(cutter.cut(text, collect::MoreToCome::No, lines));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK_CAPTURE(cut_lines, mended, model::Compat::Mended);
BENCHMARK_CAPTURE(cut_lines, ossec43, model::Compat::Ossec43);

void find_timestamp(benchmark::State& state) {
  const std::string_view line = bench::sample_lines()[static_cast<size_t>(state.range(0))];
  for (auto _ : state) benchmark::DoNotOptimize(decode::find_timestamp(line));
  state.SetLabel(std::string(line.substr(0, 40)));
}
BENCHMARK(find_timestamp)->DenseRange(0, 9);

void timestamp_reader(benchmark::State& state, const char* zone) {
  decode::TimestampReader reader(
      {.zone = *base::TimeZone::named(zone), .reference = base::from_unix(1'774'000'000), .year = {}});
  for (auto _ : state) {
    for (const std::string_view line : bench::sample_lines()) benchmark::DoNotOptimize(reader.read(line));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::sample_lines().size()));
}
BENCHMARK_CAPTURE(timestamp_reader, utc, "UTC");
BENCHMARK_CAPTURE(timestamp_reader, rome, "Europe/Rome");

}  // namespace
