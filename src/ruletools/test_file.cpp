#include "ruletools/test_file.h"

#include <charconv>
#include <string_view>

#include "base/file.h"

namespace gander::ruletools {
namespace {

// Lines of .ini and .tsv files are so far apart that none counts for another.
constexpr int64_t kStart = 1767225600;  // 2026-01-01 00:00:00 UTC
constexpr int64_t kFarApart = int64_t{10} * 86400;
// A longer one becomes several events under --compat ossec-4.3.
constexpr size_t kLongestOssecLine = 6134;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\f\v";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string without_double_percent(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    if (text[i] == '%' && i + 1 < text.size() && text[i + 1] == '%') ++i;
  }
  return out;
}

// The lines of a text, with their numbers; without the last, empty one.
template <class Take>
void each_line(std::string_view text, const Take& take) {
  for (int number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(number, line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

std::optional<std::string> text_of(const std::string& path, Diagnostics& diagnostics) {
  Result<std::string> text = base::read_file(path);
  if (text) return std::move(*text);
  diagnostics.error(text.error().code, text.error().message, {path, 0, 0});
  return std::nullopt;
}

class IniReader {
 public:
  IniReader(TestFile& file, model::Compat compat, Diagnostics& diagnostics)
      : file_(file), compat_(compat), diagnostics_(diagnostics) {}

  void line(int number, std::string_view raw) {
    if (raw.starts_with('[') && trimmed(raw).ends_with(']')) {
      finish();
      section_ = trimmed(raw).substr(1, trimmed(raw).size() - 2);
      section_line_ = number;
      return;
    }
    const size_t sign = raw.find('=');
    const std::string_view first = trimmed(raw);
    if (sign == std::string_view::npos || first.starts_with('#') || first.starts_with(';')) return;
    const std::string_view key = trimmed(raw.substr(0, sign));
    const std::string_view value = trimmed(raw.substr(sign + 1));
    if (key.starts_with("log ")) return add(number, key, value);
    if (key == "rule") common_.rule = value;
    if (key == "alert") common_.level = value;
    if (key == "decoder") common_.decoder = value;
  }

  void finish() {
    if (!logs_.empty() && !(common_.rule && common_.level && common_.decoder)) {
      diagnostics_.error("K001", "section [" + section_ + "] lacks one of rule, alert and decoder",
                         {file_.path, section_line_, 1}, "write rule = ID, alert = LEVEL and decoder = NAME");
      logs_.clear();
    }
    for (TestStep& step : logs_) {
      const bool refused = step.expected.refused;
      step.expected = common_;
      step.expected.refused = refused;
      step.time = base::from_unix(kStart + static_cast<int64_t>(file_.steps.size()) * kFarApart);
      file_.steps.push_back(std::move(step));
    }
    logs_.clear();
    common_ = {};
  }

 private:
  void add(int number, std::string_view key, std::string_view value) {
    TestStep step;
    step.at = {file_.path, number, 1};
    step.name = "[" + section_ + "] " + std::string(key);
    step.line = without_double_percent(value);
    step.expected.refused = key.ends_with("fail");
    if (!step.expected.refused && !key.ends_with("pass")) {
      diagnostics_.error("K001", "'" + std::string(key) + "' says neither pass nor fail", step.at,
                         "write log N pass = LINE");
      return;
    }
    if (compat_ == model::Compat::Ossec43 && step.line.size() > kLongestOssecLine) {
      ++file_.left_out;
      return;
    }
    logs_.push_back(std::move(step));
  }

  TestFile& file_;
  model::Compat compat_;
  Diagnostics& diagnostics_;
  std::string section_;
  int section_line_ = 1;
  Expectation common_;
  std::vector<TestStep> logs_;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  constexpr std::string_view kBlank = " \t\r\n";
  for (size_t begin = text.find_first_not_of(kBlank); begin != std::string_view::npos;) {
    const size_t end = text.find_first_of(kBlank, begin);
    words.emplace_back(text.substr(begin, end - begin));
    begin = end == std::string_view::npos ? end : text.find_first_not_of(kBlank, end);
  }
  return words;
}

// One time for each line; false when the file does not fit.
bool read_clock(const std::string& path, TestFile& file, Diagnostics& diagnostics) {
  const std::optional<std::string> text = text_of(path, diagnostics);
  if (!text) return false;
  const std::vector<std::string> times = words_of(*text);
  if (times.size() != file.steps.size()) {
    diagnostics.error(
        "K003", std::to_string(times.size()) + " times for " + std::to_string(file.steps.size()) + " lines of log",
        {path, 0, 0});
    return false;
  }
  for (size_t i = 0; i < times.size(); ++i) {
    int64_t seconds = 0;
    const char* const last = times[i].data() + times[i].size();
    const auto [end, error] = std::from_chars(times[i].data(), last, seconds);
    if (error != std::errc() || end != last) {
      diagnostics.error("K003", "'" + times[i] + "' is no number of seconds since 1970",
                        {path, static_cast<int>(i) + 1, 1});
      return false;
    }
    file.steps[i].time = base::from_unix(seconds);
  }
  return true;
}

}  // namespace

TestFile read_ini_tests(const std::string& path, model::Compat compat, Diagnostics& diagnostics) {
  TestFile file;
  file.path = path;
  const std::optional<std::string> text = text_of(path, diagnostics);
  if (!text) return file;
  IniReader reader(file, compat, diagnostics);
  each_line(*text, [&](int number, std::string_view line) { reader.line(number, line); });
  reader.finish();
  return file;
}

TestFile read_field_tests(const std::string& path, Diagnostics& diagnostics) {
  TestFile file;
  file.kind = TestFile::Kind::Fields;
  file.path = path;
  const std::optional<std::string> text = text_of(path, diagnostics);
  if (!text) return file;
  each_line(*text, [&](int number, std::string_view line) {
    if (line.empty() || line.starts_with('#')) return;
    TestStep step;
    step.at = {path, number, 1};
    std::map<std::string, std::string> fields;
    size_t column = 0;
    for (bool more = true; more; ++column) {
      const size_t tab = line.find('\t');
      const std::string_view cell = line.substr(0, tab);
      more = tab != std::string_view::npos;
      if (more) line.remove_prefix(tab + 1);
      if (column == 0) step.line = cell;
      if (column == 1) step.expected.decoder = cell;
      if (column < 2 || cell.empty()) continue;
      const size_t sign = cell.find('=');
      if (sign == std::string_view::npos) {
        diagnostics.error("K002", "'" + std::string(cell) + "' is not field=value", step.at);
        continue;
      }
      fields[std::string(cell.substr(0, sign))] = cell.substr(sign + 1);
    }
    if (!step.expected.decoder) {
      diagnostics.error("K002", "no tab and decoder behind the line of log", step.at,
                        "write LINE<tab>DECODER<tab>field=value…");
      return;
    }
    step.expected.fields = std::move(fields);
    step.time = base::from_unix(kStart + static_cast<int64_t>(file.steps.size()) * kFarApart);
    file.steps.push_back(std::move(step));
  });
  return file;
}

TestFile read_sequence_test(const std::string& folder, model::Compat compat, Diagnostics& diagnostics) {
  TestFile file;
  file.kind = TestFile::Kind::Sequence;
  file.path = folder;
  const std::string input = base::join(folder, "input.log");
  const std::optional<std::string> log = text_of(input, diagnostics);
  if (!log) return file;
  std::string answers = base::join(folder, "expected");
  if (compat == model::Compat::Ossec43 && base::exists(answers + ".ossec-4.3")) answers += ".ossec-4.3";
  const std::optional<std::string> wanted = text_of(answers, diagnostics);
  if (!wanted) return file;
  const std::vector<std::string> rules = words_of(*wanted);
  each_line(*log, [&](int number, std::string_view line) {
    if (line.empty()) return;
    TestStep step;
    step.at = {input, number, 1};
    step.line = line;
    step.time = base::from_unix(kStart + static_cast<int64_t>(file.steps.size()));
    if (file.steps.size() < rules.size()) step.expected.rule = rules[file.steps.size()];
    file.steps.push_back(std::move(step));
  });
  if (rules.size() != file.steps.size()) {
    diagnostics.error(
        "K003", std::to_string(rules.size()) + " answers for " + std::to_string(file.steps.size()) + " lines of log",
        {answers, 0, 0}, "one rule id a line, - for none");
    file.steps.clear();
    return file;
  }
  const std::string clock = base::join(folder, "clock");
  if (base::exists(clock) && !read_clock(clock, file, diagnostics)) file.steps.clear();
  return file;
}

}  // namespace gander::ruletools
