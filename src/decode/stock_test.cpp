// The decoders that OSSEC ships load unchanged and decode the larger logs as OSSEC 4.3 recorded it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "decode/decoder_set.h"
#include "decode/header.h"
#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = GANDER_SHARED_DIR;

DecoderSet load(const std::string& version, model::Compat compat, Diagnostics& diagnostics) {
  DecoderOptions options;
  options.compat = compat;
  const std::string path = (kShared / "upstream" / version / "etc" / "decoder.xml").string();
  return DecoderSet::load({{"etc/decoder.xml", path, false, true}}, options, diagnostics);
}

class Stock : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!fs::exists(kShared / "upstream")) GTEST_SKIP() << "no given data beside the checkout: " << kShared;
  }
};

TEST_P(Stock, DecodersLoad) {
  for (const model::Compat compat : {model::Compat::Ossec43, model::Compat::Mended}) {
    Diagnostics diagnostics;
    const DecoderSet set = load(GetParam(), compat, diagnostics);
    for (const Diagnostic& d : diagnostics.entries()) ADD_FAILURE() << render(d, Colour::Off);
    EXPECT_GT(set.size(), 200u);
  }
}

// Phases 1 and 2 as the test tool prints them.
std::string phases(const DecoderSet& set, const model::Event& event, const std::vector<FilledField>& filled) {
  const auto item = [](std::string_view label, std::string_view value) {
    return "       " + std::string(label) + ": '" + (value.data() ? std::string(value) : "(null)") + "'\n";
  };
  std::string out = "**Phase 1: Completed pre-decoding.\n" + item("full event", event.full_log) +
                    item("hostname", event.hostname) + item("program_name", event.program_name) +
                    item("log", event.log);
  if (set.has_list_for(event)) {
    out += "\n**Phase 2: Completed decoding.\n";
    for (const FilledField& f : filled) out += item(f.label, f.value);
    if (!event.decoder) out += "       No decoder matched.\n";
  }
  return out + item("decoder", event.decoder ? std::string_view(event.decoder->name) : std::string_view());
}

// The recorded output from each phase 1 to its line `decoder: …`.
std::vector<std::string> recorded_phases(const fs::path& path) {
  std::vector<std::string> out;
  std::ifstream in(path);
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "**Phase 1: Completed pre-decoding.") {
      out.emplace_back();
      inside = true;
    }
    if (inside) out.back() += line + "\n";
    if (line.starts_with("       decoder: '")) inside = false;
  }
  return out;
}

TEST_P(Stock, LogsAreDecodedAsRecorded) {
  const std::string version = GetParam();
  Diagnostics diagnostics;
  const DecoderSet set = load(version, model::Compat::Ossec43, diagnostics);
  DecodeScratch scratch;
  model::Event event;
  std::vector<FilledField> filled;
  scratch.filled = &filled;
  for (const auto& folder : fs::directory_iterator(kShared / "corpus")) {
    const std::vector<std::string> recorded = recorded_phases(folder.path() / ("expected." + version + ".logtest"));
    std::ifstream in(folder.path() / "input.log");
    size_t events = 0;
    size_t different = 0;
    for (std::string line; std::getline(in, line);) {
      if (line.size() < 2) continue;
      ASSERT_LT(events, recorded.size());
      event.reset();
      filled.clear();
      read_header(line, "stdin", "testhost", event);
      set.decode(event, scratch);
      const std::string now = phases(set, event, filled);
      if (now != recorded[events] && ++different < 5) {
        EXPECT_EQ(now, recorded[events]) << folder.path();
      }
      ++events;
    }
    EXPECT_EQ(events, recorded.size()) << folder.path();
    EXPECT_EQ(different, 0u) << folder.path();
  }
}

// The quick walk against the slow one, on every 20th line and on lines damaged in some way.
TEST_P(Stock, SlowWalkAgrees) {
  Diagnostics diagnostics;
  const DecoderSet set = load(GetParam(), model::Compat::Mended, diagnostics);
  DecodeScratch scratch;
  model::Event quick;
  model::Event slow;
  std::vector<FilledField> none;
  const auto compare = [&](const std::string& line) {
    for (model::Event* event : {&quick, &slow}) {
      event->reset();
      read_header(line, "stdin", "testhost", *event);
    }
    set.decode(quick, scratch);
    set.decode_slow(slow, scratch);
    EXPECT_EQ(testing::summary(quick, none), testing::summary(slow, none)) << line;
  };
  for (const auto& folder : fs::directory_iterator(kShared / "corpus")) {
    std::ifstream in(folder.path() / "input.log");
    size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      if (++number % 40 != 0) continue;
      compare(line);
      if (line.size() > 30) {
        compare(line.substr(number % 30));
        line[20 + number % (line.size() - 20)] = '\xE9';
        compare(line);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, Stock, ::testing::Values("2.8", "4.3"));

}  // namespace
}  // namespace gander::decode
