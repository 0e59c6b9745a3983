// Any bytes as lines of each log_format and as a command's output: records keep to their limits, and a record that is
// cut in two lives (memory and place) is the same as in one.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "collect/command_output.h"
#include "collect/place.h"
#include "collect/record_cutter.h"

namespace {

using namespace gander;

constexpr const char* kFormats[] = {"syslog",       "multi-line", "multi-line_indented", "audit",
                                    "modsec-audit", "mysql_log",  "mssql_log",           "postgresql_log",
                                    "nmapg",        "ossecalert", "djb-multilog",        "snort-full"};
constexpr size_t kLongest = 200;
// Words that a format puts around what was written.
constexpr size_t kWords = 100;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Cut {
  std::vector<std::string> texts;
  std::vector<uint64_t> at;
};

// Lines of `text`; with `restart`, a new cutter takes over at the place after each line.
Cut cut(const char* format, std::string_view text, model::Compat compat, bool restart) {
  collect::CutterOptions options;
  options.compat = compat;
  options.longest = kLongest;
  options.lines = 3;
  auto cutter = collect::make_cutter(format, options);
  Cut result;
  collect::CutList list;
  uint64_t last = 0;
  const auto take = [&] {
    for (const auto& c : list.records) {
      require(c.at >= last || compat == model::Compat::Ossec43);
      last = c.at;
      require(compat == model::Compat::Ossec43 || c.text.size() <= 4 * kLongest + kWords + text.size());
      result.texts.emplace_back(c.text);
      result.at.push_back(c.at);
    }
    list.clear();
  };
  for (size_t at = 0; at < text.size();) {
    const size_t lf = text.find('\n', at);
    if (lf == std::string_view::npos) break;
    cutter->line(text.substr(at, lf - at), at, list);
    take();
    at = lf + 1;
    const auto open = cutter->open_at();
    require(!open || *open < at);
    if (!restart) continue;
    const std::string memory = cutter->memory();
    cutter = collect::make_cutter(format, options);
    // What an open record remembers was there before it began: only formats without open records keep a memory.
    cutter->recall(memory);
    for (size_t again = open.value_or(at); again < at;) {
      const size_t end = text.find('\n', again);
      cutter->line(text.substr(again, end - again), again, list);
      again = end + 1;
    }
    require(list.records.empty());
    list.clear();
  }
  cutter->finish(list);
  take();
  require(!cutter->open_at());
  return result;
}

void run_command(std::string_view text, collect::CommandOutput::Kind kind) {
  std::vector<std::string> whole;
  for (const size_t piece : {text.size() + 1, size_t{1}, size_t{7}}) {
    collect::CommandOutput output(kind, "x", model::Compat::Mended, kLongest);
    collect::CutList list;
    for (size_t at = 0; at < text.size(); at += piece) output.add(text.substr(at, piece), list);
    output.end(collect::CommandOutput::Ended::Well, list);
    std::vector<std::string> texts;
    for (const auto& c : list.records) {
      require(c.text.size() <= kLongest + kWords);
      texts.emplace_back(c.text);
    }
    if (piece > text.size()) whole = texts;
    require(texts == whole);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size > 4096) return 0;
  for (const char* const format : kFormats) {
    const Cut whole = cut(format, text, model::Compat::Mended, false);
    const Cut parts = cut(format, text, model::Compat::Mended, true);
    require(whole.texts == parts.texts && whole.at == parts.at);
    cut(format, text, model::Compat::Ossec43, false);
  }
  run_command(text, collect::CommandOutput::Kind::Lines);
  run_command(text, collect::CommandOutput::Kind::Full);
  if (const auto place = collect::FilePlace::decode(text))
    require(collect::FilePlace::decode(place->encode()) == place);
  return 0;
}
