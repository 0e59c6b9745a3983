// Decoders written in a test, and one event at a time through them (tests only).
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decoder_set.h"
#include "decode/header.h"

namespace gander::decode::testing {

// A file with `text` below the test's own folder, gone at the end.
class TextFile {
 public:
  explicit TextFile(std::string_view text) {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-decode-XXXXXX").string();
    const char* const made = ::mkdtemp(pattern.data());
    EXPECT_NE(made, nullptr);
    folder_ = pattern;
    std::ofstream(path(), std::ios::binary) << text;
  }
  ~TextFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  std::string path() const { return folder_ + "/decoder.xml"; }

 private:
  std::string folder_;
};

// Everything that decoding says of an event, as text to compare.
inline std::string summary(const model::Event& event, const std::vector<FilledField>& filled) {
  const auto show = [](std::string_view v) { return v.data() ? "'" + std::string(v) + "'" : std::string("-"); };
  std::string out = "decoder " + (event.decoder ? "'" + event.decoder->name + "'" : std::string("-")) + " category " +
                    std::string(model::category_word(event.category));
  for (size_t i = 0; i < model::kFieldCount; ++i) out += " " + show(event.fields[i]);
  for (const auto& named : event.named) out += " " + std::string(named.name) + "=" + show(named.value);
  for (const auto& f : filled) out += " [" + std::string(f.label) + "=" + show(f.value) + "]";
  out += " log " + show(event.log) + " location " + show(event.location) + " host " + show(event.hostname);
  out += " decided " + std::to_string(event.decided_elsewhere) + " " + std::to_string(event.decided_rule);
  for (const std::string& note : event.notes) out += " note " + note;
  return out;
}

struct Decoders {
  explicit Decoders(std::string_view text, model::Compat compat = model::Compat::Mended, int order_size = 256) {
    const TextFile file(text);
    DecoderOptions options;
    options.compat = compat;
    options.order_size = order_size;
    set = DecoderSet::load({{"decoder.xml", file.path(), false, false}}, options, diagnostics);
  }

  void decode(std::string_view line, std::string_view location = "stdin") {
    line_ = line;
    location_ = location;
    filled.clear();
    run(event, filled, &DecoderSet::decode);
  }

  // The last line again, through the slow reference.
  void expect_slow_agrees() {
    model::Event other;
    std::vector<FilledField> other_filled;
    run(other, other_filled, &DecoderSet::decode_slow);
    EXPECT_EQ(event.decoder, other.decoder);
    EXPECT_EQ(summary(event, filled), summary(other, other_filled)) << line_;
  }

  std::string name() const { return event.decoder ? event.decoder->name : "-"; }
  std::string field(model::Field f) const { return event.has(f) ? std::string(event.field(f)) : "-"; }
  std::string named(std::string_view name) const {
    for (const auto& n : event.named) {
      if (n.name == name) return std::string(n.value);
    }
    return "-";
  }
  std::string rendered() const {
    std::string out;
    for (const Diagnostic& d : diagnostics.entries()) out += render(d, Colour::Off);
    return out;
  }

  DecoderSet set;
  Diagnostics diagnostics;
  model::Event event;
  std::vector<FilledField> filled;
  std::function<bool(int)> knows_rule = [](int id) { return id == 5; };

 private:
  template <class Decode>
  void run(model::Event& into, std::vector<FilledField>& fields, Decode how) {
    into.reset();
    read_header(line_, location_, "own", into);
    scratch_.filled = &fields;
    scratch_.knows_rule = &knows_rule;
    (set.*how)(into, scratch_);
  }

  DecodeScratch scratch_;
  std::string line_;
  std::string location_;
};

}  // namespace gander::decode::testing
