#include "rootcheck/policy.h"

#include <map>

#include "rootcheck/signatures.h"

namespace gander::rootcheck {
namespace {

constexpr std::string_view kArrow = " -> ";
constexpr size_t kMostReference = 255;

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const size_t comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) out.emplace_back(item);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

class Parser {
 public:
  Parser(const std::string& file, model::Compat compat, Diagnostics& findings)
      : file_(file), compat_(compat), findings_(findings) {}

  Policy parse(std::string_view text) {
    for (const NumberedLine& line : lines_of(text)) {
      const char first = line.text.front();
      if (first == '$') {
        variable(line);
      } else if (first == '[') {
        header(line);
      } else {
        test(line);
      }
      if (abandoned_) break;
    }
    finish_entry();
    return std::move(policy_);
  }

 private:
  void wrong(ErrorCode code, std::string message, const NumberedLine& line, size_t offset, std::string hint, int number,
             const char* what) {
    findings_.error(
        code, std::move(message), {file_, line.number, line.column + static_cast<int>(offset)}, std::move(hint),
        {"(" + std::to_string(number) + "): ERROR: Invalid rk " + what + ": '" + std::string(line.text) + "'."});
    // 4.3 goes on behind a variable only.
    if (compat_ == model::Compat::Ossec43 && number != 1254) abandoned_ = true;
    usable_ = usable_ && number == 1254;
  }

  void variable(const NumberedLine& line) {
    const size_t equals = line.text.find('=');
    const size_t end = line.text.find(';');
    const bool good =
        equals != std::string_view::npos && end != std::string_view::npos && equals > 1 && end > equals + 1;
    if (!good) return wrong("I031", "this line defines no variable", line, 0, "$name=value;", 1254, "variable");
    variables_.emplace(trimmed(line.text.substr(0, equals)), trimmed(line.text.substr(equals + 1, end - equals - 1)));
  }

  // "[NAME] [CONDITION] [REFERENCE]"; NAME may hold brackets.
  void header(const NumberedLine& line) {
    finish_entry();
    usable_ = true;
    in_entry_ = true;
    entry_ = {};
    entry_.line = line.number;
    const auto refuse = [&](const char* why, size_t offset) {
      wrong("I032", why, line, offset, "[NAME] [any|all|any required|all required] [REFERENCE]", 1251,
            "configuration name");
    };
    const std::string_view text = compat_ == model::Compat::Ossec43 ? line.text : trimmed(line.text);
    constexpr std::string_view kBetween = "] [";
    const size_t second = text.rfind(kBetween);
    const size_t first =
        second == std::string_view::npos || second == 0 ? std::string_view::npos : text.rfind(kBetween, second - 1);
    if (!text.ends_with(']') || first == std::string_view::npos || first == 0) {
      return refuse("this line is no head of an entry", 0);
    }
    entry_.name = text.substr(1, first - 1);
    const std::string_view condition = text.substr(first + kBetween.size(), second - first - kBetween.size());
    entry_.reference = text.substr(second + kBetween.size());
    entry_.reference.pop_back();
    if (compat_ == model::Compat::Ossec43) entry_.reference.resize(std::min(entry_.reference.size(), kMostReference));
    entry_.required = condition.ends_with(" required");
    const std::string_view word = entry_.required ? condition.substr(0, condition.size() - 9) : condition;
    if (word != "any" && word != "all") return refuse("there is no such condition", first + kBetween.size());
    entry_.condition = word == "all" ? PolicyEntry::Condition::All : PolicyEntry::Condition::Any;
    if (entry_.name.empty()) refuse("the entry has no name", 0);
  }

  void test(const NumberedLine& line) {
    const auto refuse = [&](std::string why, size_t offset, ErrorCode code = "I033") {
      wrong(code, std::move(why), line, offset, "f:FILE; d:DIRECTORY -> NAME; p:NAME; r:KEY;", 1252,
            "configuration value");
    };
    if (!in_entry_) return refuse("a test stands before the first head of an entry", 0);
    std::string_view text = line.text;
    size_t offset = 0;
    if (text.starts_with('!')) {  // accepted there, and without effect
      text.remove_prefix(1);
      offset = 1;
    }
    const size_t end = text.find(';');
    if (end == std::string_view::npos) return refuse("the test does not end in ';'", offset + text.size() - 1);
    text = text.substr(0, end);
    if (text.size() < 3 || text[1] != ':') return refuse("this line is no test", 0);
    PolicyTest t;
    t.line = line.number;
    switch (text[0]) {
      case 'f':
        t.kind = PolicyTest::Kind::File;
        break;
      case 'd':
        t.kind = PolicyTest::Kind::Directory;
        break;
      case 'p':
        t.kind = PolicyTest::Kind::Process;
        break;
      case 'r':
        t.kind = PolicyTest::Kind::Registry;
        break;
      default:
        return refuse(std::string("there is no test of type '") + text[0] + "'", offset);
    }
    text.remove_prefix(2);
    offset += 2;
    if (text.starts_with('!')) {
      t.negated = true;
      text.remove_prefix(1);
      ++offset;
    }
    std::string why;
    size_t wrong_at = 0;
    if (!target_of(text, t, why, wrong_at)) {
      return refuse(std::move(why), offset + wrong_at, why.find("compile") == std::string::npos ? "I033" : "I034");
    }
    entry_.tests.push_back(std::move(t));
  }

  // "TARGET[ -> …]"
  bool target_of(std::string_view text, PolicyTest& t, std::string& why, size_t& wrong_at) {
    if (t.kind == PolicyTest::Kind::Process) return pattern_of(text, t, why);
    const size_t arrow = text.find(kArrow);
    std::string_view target = trimmed(text.substr(0, arrow));
    if (target.starts_with('$')) {
      const auto known = variables_.find(target);
      if (known == variables_.end()) {
        why = "there is no variable '" + std::string(target) + "'";
        return false;
      }
      target = known->second;
    }
    // Keys of a registry hold commas.
    t.targets =
        t.kind == PolicyTest::Kind::Registry ? std::vector<std::string>{std::string(target)} : split_list(target);
    if (t.targets.empty()) {
      why = "the test names nothing to look at";
      return false;
    }
    if (arrow == std::string_view::npos) {
      if (t.kind != PolicyTest::Kind::Directory) return true;
      why = "a test of a directory needs a name";
      wrong_at = text.size() - 1;
      return false;
    }
    wrong_at = arrow + kArrow.size();
    std::string_view rest = text.substr(wrong_at);
    if (t.kind == PolicyTest::Kind::File) return pattern_of(rest, t, why);
    if (t.kind == PolicyTest::Kind::Registry) return true;  // for Windows; never true here
    const size_t second = rest.find(kArrow);
    if (!name_of(rest.substr(0, second), t, why)) return false;
    if (second == std::string_view::npos) return true;
    wrong_at += second + kArrow.size();
    return pattern_of(rest.substr(second + kArrow.size()), t, why);
  }

  bool pattern_of(std::string_view text, PolicyTest& t, std::string& why) {
    t.pattern = LinePattern::parse(text, compat_, why);
    return t.pattern.has_value();
  }

  bool name_of(std::string_view text, PolicyTest& t, std::string& why) {
    const bool regex = text.starts_with("r:");
    if (regex) text.remove_prefix(2);
    auto pattern = text::Pattern::compile(regex ? text::Dialect::OsRegex : text::Dialect::OsMatch, text,
                                          text::OnInvalidUtf8::SearchBytes);
    if (!pattern) {
      why = "the pattern '" + std::string(text) + "' does not compile: " + pattern.error().message;
      return false;
    }
    t.name.emplace(std::move(*pattern));
    return true;
  }

  void finish_entry() {
    if (in_entry_ && usable_ && !entry_.tests.empty()) policy_.entries.push_back(std::move(entry_));
    in_entry_ = false;
  }

  const std::string& file_;
  model::Compat compat_;
  Diagnostics& findings_;
  std::map<std::string, std::string, std::less<>> variables_;
  Policy policy_;
  PolicyEntry entry_;
  bool in_entry_ = false;
  bool usable_ = true;
  bool abandoned_ = false;
};

}  // namespace

Policy Policy::parse(std::string_view text, const std::string& file, model::Compat compat, Diagnostics& findings) {
  return Parser(file, compat, findings).parse(text);
}

}  // namespace gander::rootcheck
