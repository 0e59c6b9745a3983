// `gander regex` and `ossec-regex`: which patterns match the lines of standard input.

#include <iostream>
#include <string>

#include "cli/commands.h"
#include "text/pattern.h"

namespace gander::cli {
namespace {

// OSSEC's tool reports two engines a dialect; both give the same answers since 4.x.
int compare_both(const text::Pattern& regex, const text::Pattern& match) {
  text::MatchContext context;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.size() < 2) continue;
    const text::Subject subject = text::Subject::of(line);
    if (regex.matches(subject, context)) {
      std::cout << "+OSRegex_Execute: " << line << "\n+OS_Regex       : " << line << "\n";
    }
    if (match.matches(subject, context)) {
      std::cout << "+OSMatch_Compile: " << line << "\n+OS_Match2      : " << line << "\n";
    }
    std::cout.flush();
  }
  return 0;
}

int show_captures(const text::Pattern& pattern) {
  text::MatchContext context;
  text::Match match;
  bool any = false;
  for (std::string line; std::getline(std::cin, line);) {
    if (!pattern.search(text::Subject::of(line), context, match)) continue;
    any = true;
    std::cout << line << "\n";
    for (size_t i = 0; i < match.captures.size(); ++i) {
      std::cout << "  capture " << i + 1 << ": '" << match.captures[i] << "'\n";
    }
    std::cout.flush();
  }
  return any ? 0 : 1;
}

}  // namespace

int run(const RegexArguments& arguments) {
  using text::Dialect;
  const auto compile = [&](Dialect dialect) {
    return text::Pattern::compile(dialect, arguments.pattern, text::OnInvalidUtf8::NoMatch);
  };
  if (!arguments.dialect.empty()) {
    const auto pattern = compile(arguments.dialect == "pcre2"      ? Dialect::Pcre2
                                 : arguments.dialect == "os_match" ? Dialect::OsMatch
                                                                   : Dialect::OsRegex);
    if (!pattern) {
      std::cerr << "gander: the pattern does not compile: " << pattern.error().message << " at byte "
                << pattern.error().offset << "\n";
      return 2;
    }
    return show_captures(*pattern);
  }
  const auto regex = compile(Dialect::OsRegex);
  if (!regex) {
    std::cout << "pattern does not compile with OSRegex_Compile\n";
    return 255;
  }
  const auto match = compile(Dialect::OsMatch);
  if (!match) {
    std::cout << "pattern does not compile with OSMatch_Compile\n";
    return 255;
  }
  return compare_both(*regex, *match);
}

}  // namespace gander::cli
