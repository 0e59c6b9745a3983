#include "config/internal_options.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

#include "base/file.h"
#include "config/values.h"

namespace gander::config {
namespace {

struct Setting {
  std::string value;
  SourcePos at;
};

constexpr std::string_view kReadByAnalysis[] = {"analysisd.default_timeframe",
                                                "analysisd.stats_maxdiff",
                                                "analysisd.stats_mindiff",
                                                "analysisd.stats_percent_diff",
                                                "analysisd.fts_list_size",
                                                "analysisd.fts_min_size_for_str",
                                                "analysisd.log_fw",
                                                "analysisd.decoder_order_size",
                                                "analysisd.sid_prev_matched_max"};

using Settings = std::map<std::string, Setting, std::less<>>;

class Loader {
 public:
  Loader(const LoadOptions& options, Diagnostics& diagnostics) : options_(options), diagnostics_(diagnostics) {}

  // The first line of a file that sets an option counts.
  Settings read(const std::string& path);
  // A usable value, or nothing (a wrong one is reported).
  std::optional<int> check(const InternalOption& option, const Setting& setting);
  void report_unknown(const Settings& settings);

 private:
  void read_line(std::string_view text, const SourcePos& at, Settings& out);
  std::string line(int number, const std::string& text) const {
    return options_.program + "(" + std::to_string(number) + "): ERROR: " + text;
  }
  // Whether the programs of this scope look at the option.
  bool is_read(std::string_view name) const {
    return options_.scope == Scope::Everything ||
           std::find(std::begin(kReadByAnalysis), std::end(kReadByAnalysis), name) != std::end(kReadByAnalysis);
  }

  const LoadOptions& options_;
  Diagnostics& diagnostics_;
};

Settings Loader::read(const std::string& path) {
  Settings out;
  const Result<std::string> content = base::read_file(path);
  if (!content) return out;
  int number = 0;
  for (std::string_view rest = *content; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!text.empty() && text.back() == '\r' && options_.compat == model::Compat::Mended) text.remove_suffix(1);
    read_line(text, {path, ++number, 1}, out);
  }
  return out;
}

void Loader::read_line(std::string_view text, const SourcePos& at, Settings& out) {
  if (text.empty() || text.front() == '#' || text.front() == ' ') return;
  const size_t dot = text.find('.');
  const size_t equals = text.find('=');
  if (dot == std::string_view::npos || equals == std::string_view::npos || dot > equals) {
    diagnostics_.warning("C113", "this line sets no option", at, "section.name=value",
                         {line(1119, "Invalid line on file '" + at.file + "': " + std::string(text) + ".")});
    return;
  }
  SourcePos value_at = at;
  value_at.column = static_cast<int>(equals) + 2;
  out.emplace(text.substr(0, equals), Setting{std::string(text.substr(equals + 1)), std::move(value_at)});
}

std::optional<int> Loader::check(const InternalOption& option, const Setting& setting) {
  const auto number = parse_number(setting.value);
  if (number && !setting.value.empty() && *number >= option.least && *number <= option.most) return number;
  const std::string name(option.name);
  const std::string hint = "allowed: " + std::to_string(option.least) + "-" + std::to_string(option.most);
  const std::string message = name + " cannot be '" + setting.value + "'";
  if (is_read(name)) {
    diagnostics_.error("C028", message, setting.at, hint,
                       {line(2302, "Invalid definition for " + name + ": '" + setting.value + "'.")});
  }
  return std::nullopt;
}

void Loader::report_unknown(const Settings& settings) {
  if (options_.scope == Scope::Analysis) return;
  std::vector<std::string> known;
  for (const InternalOption& option : internal_option_table()) known.emplace_back(option.name);
  for (const auto& [name, setting] : settings) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    SourcePos at = setting.at;
    at.column = 1;
    diagnostics_.warning("C113", "there is no internal option '" + name + "'", std::move(at),
                         nearest_hint(name, known));
  }
}

}  // namespace

InternalOptions::InternalOptions() {
  for (const InternalOption& option : internal_option_table()) values_.emplace(option.name, option.fallback);
}

InternalOptions InternalOptions::load(const std::string& etc, const LoadOptions& options, Diagnostics& diagnostics) {
  Loader loader(options, diagnostics);
  const Settings local = loader.read(base::join(etc, "local_internal_options.conf"));
  const Settings shipped = loader.read(base::join(etc, "internal_options.conf"));
  InternalOptions out;
  for (const InternalOption& option : internal_option_table()) {
    auto found = local.find(option.name);
    if (found != local.end()) out.local_.emplace(option.name);
    if (found == local.end()) {
      found = shipped.find(option.name);
      if (found == shipped.end()) continue;
    }
    const auto value = loader.check(option, found->second);
    if (value) out.values_.insert_or_assign(std::string(option.name), *value);
  }
  loader.report_unknown(local);
  loader.report_unknown(shipped);
  return out;
}

int InternalOptions::get(std::string_view name) const {
  const auto found = values_.find(name);
  assert(found != values_.end());
  return found == values_.end() ? 0 : found->second;
}

}  // namespace gander::config
