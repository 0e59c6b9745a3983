// Header recognition, and decoding with the decoders that come with Gander.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "decode/decoder_set.h"
#include "decode/header.h"
#include "sample_lines.h"

namespace {

using namespace gander;

void read_header(benchmark::State& state) {
  model::Event event;
  for (auto _ : state) {
    for (const std::string_view line : bench::sample_lines()) {
      event.reset();
      decode::read_header(line, "stdin", "larder", event);
      benchmark::DoNotOptimize(event.log.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(bench::sample_lines().size()));
}
BENCHMARK(read_header);

std::vector<decode::DecoderFile> shipped_decoders() {
  std::vector<decode::DecoderFile> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(GANDER_SOURCE_DIR "/decoders", error)) {
    if (entry.path().extension() == ".xml") files.push_back({entry.path().filename(), entry.path(), false, false});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

void decode_line(benchmark::State& state) {
  Diagnostics diagnostics;
  const decode::DecoderSet decoders = decode::DecoderSet::load(shipped_decoders(), {}, diagnostics);
  if (diagnostics.has_errors()) {
    state.SkipWithError("the decoders do not load");
    return;
  }
  decode::DecodeScratch scratch;
  model::Event event;
  const std::string_view line = bench::sample_lines()[static_cast<size_t>(state.range(0))];
  for (auto _ : state) {
    event.reset();
    decode::read_header(line, "stdin", "larder", event);
    decoders.decode(event, scratch);
    benchmark::DoNotOptimize(event.decoder);
  }
  state.SetLabel(std::string(line.substr(0, 40)));
}
BENCHMARK(decode_line)->DenseRange(0, 9);

}  // namespace
