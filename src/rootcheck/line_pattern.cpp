#include "rootcheck/line_pattern.h"

#include <strings.h>

#include <algorithm>

namespace gander::rootcheck {
namespace {

constexpr std::string_view kAnd = " && ";

bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// Where the first part ends; npos: nowhere.
size_t end_of_part(std::string_view text, model::Compat compat) {
  const size_t at = text.find(kAnd);
  if (compat == model::Compat::Ossec43 && at != text.find(' ')) return std::string_view::npos;
  return at;
}

}  // namespace

std::optional<LinePattern> LinePattern::parse(std::string_view text, model::Compat compat, std::string& why) {
  LinePattern out;
  out.exact_ = compat == model::Compat::Ossec43;
  for (bool more = true; more;) {
    const size_t end = end_of_part(text, compat);
    more = end != std::string_view::npos;
    std::string_view piece = text.substr(0, end);
    if (more) text.remove_prefix(end + kAnd.size());
    Part part;
    if (piece.starts_with('!')) {
      part.negated = true;
      piece.remove_prefix(1);
    }
    constexpr std::pair<std::string_view, Operator> kOperators[] = {
        {"r:", Operator::Regex}, {"=:", Operator::Equal}, {">:", Operator::Greater}, {"<:", Operator::Less}};
    for (const auto& [word, op] : kOperators) {
      if (!piece.starts_with(word)) continue;
      part.op = op;
      piece.remove_prefix(word.size());
      break;
    }
    part.text = piece;
    if (part.text.empty()) {
      why = "a part of the pattern is empty";
      return std::nullopt;
    }
    if (part.op == Operator::Regex) {
      auto regex = text::Pattern::compile(text::Dialect::OsRegex, part.text, text::OnInvalidUtf8::SearchBytes);
      if (!regex) {
        why = "the pattern '" + part.text + "' does not compile: " + regex.error().message;
        return std::nullopt;
      }
      part.regex.emplace(std::move(*regex));
    }
    out.parts_.push_back(std::move(part));
  }
  return out;
}

bool LinePattern::part_matches(const Part& part, std::string_view line, text::MatchContext& context) const {
  switch (part.op) {
    case Operator::Equal:
      return equal_without_case(part.text, line);
    case Operator::Regex:
      return part.regex->matches(text::Subject::of(line), context);
    case Operator::Greater:
      return exact_ ? line < part.text : line > part.text;
    case Operator::Less:
      return exact_ ? line > part.text : line < part.text;
  }
  return false;
}

bool LinePattern::matches(std::string_view line, text::MatchContext& context) const {
  return std::all_of(parts_.begin(), parts_.end(),
                     [&](const Part& p) { return part_matches(p, line, context) != p.negated; });
}

bool LinePattern::all_negated() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& p) { return p.negated; });
}

}  // namespace gander::rootcheck
