#include "text/straight_form.h"

#include <algorithm>

#include "text/literal_form.h"

namespace gander::text {
namespace {

constexpr uint32_t kNoEnd = UINT32_MAX;
constexpr size_t kMostGroups = 16;  // of an alternative
constexpr size_t kMostRows = 32;

bool is_letter(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(unsigned char c) {
  return c >= '0' && c <= '9';
}

// The class that a backslash and `c` name, in PCRE2's own tables; empty when it names none.
const std::bitset<256>& escape_class(char c) {
  struct Classes {
    std::bitset<256> none, digits, words, spaces, no_digits, no_words, no_spaces;
    Classes() {
      for (size_t b = 0; b < 256; ++b) {
        const auto byte = static_cast<unsigned char>(b);
        digits[b] = is_digit(byte);
        words[b] = is_digit(byte) || is_letter(byte) || byte == '_';
        spaces[b] = byte == ' ' || (byte >= '\t' && byte <= '\r');
      }
      no_digits = ~digits;
      no_words = ~words;
      no_spaces = ~spaces;
    }
  };
  static const Classes kClasses;
  switch (c) {
    case 'd':
      return kClasses.digits;
    case 'w':
      return kClasses.words;
    case 's':
      return kClasses.spaces;
    case 'D':
      return kClasses.no_digits;
    case 'W':
      return kClasses.no_words;
    case 'S':
      return kClasses.no_spaces;
    default:
      return kClasses.none;
  }
}

}  // namespace

// Reads PCRE2's notation as far as it is straight; known_ turns false at everything else.
class StraightForm::Reader {
 public:
  Reader(std::string_view text, StraightForm& form) : text_(text), form_(form) {}

  bool read() {
    if (text_.starts_with("(?i)")) at_ = 4;
    do {
      form_.rows_.emplace_back();
      row();
    } while (known_ && skip("|"));
    return known_ && at_ == text_.size() && form_.rows_.size() <= kMostRows;
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  bool next_is(std::string_view s) const { return text_.substr(std::min(at_, text_.size())).starts_with(s); }
  bool skip(std::string_view s) {
    if (!next_is(s)) return false;
    at_ += s.size();
    return true;
  }
  std::vector<Step>& steps() { return form_.rows_.back().steps; }
  void add(Kind kind) { steps().push_back({kind, false, 0, 1, 1}); }

  void row() {
    form_.rows_.back().at_start = skip("^");
    std::vector<bool> open;  // groups; whether they capture
    size_t groups = 0;
    while (known_ && !done() && !(next_is("|") && open.empty())) {
      if (next_is("(?s:.)") || !(next_is("(") || next_is(")"))) {
        item();
      } else if (skip("(?:")) {
        open.push_back(false);
      } else if (next_is("(?") || next_is("(*")) {
        if (!skip("(?!\\n)$")) known_ = false;
        add(Kind::StrictEnd);
      } else if (skip("(")) {
        open.push_back(true);
        add(Kind::Open);
        known_ = known_ && ++groups <= kMostGroups;
      } else {
        ++at_;
        known_ = known_ && !open.empty() && !quantifier_follows();
        if (!known_) return;
        if (open.back()) add(Kind::Close);
        open.pop_back();
      }
    }
    known_ = known_ && open.empty();
  }

  bool quantifier_follows() const { return next_is("*") || next_is("+") || next_is("?") || next_is("{"); }

  void item() {
    const char c = text_[at_];
    if (c == '[') return char_class();
    if (skip("(?s:.)")) return quantified(~Bytes());
    ++at_;
    if (c == '.') return quantified(~Bytes().set('\n'));
    if (c == '\\') return escape();
    if (c == '$') return add(Kind::End);
    if (std::string_view("|*+?{^").find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80) {
      known_ = false;
      return;
    }
    literal(c);
  }

  void escape() {
    if (done()) return void(known_ = false);
    const char c = text_[at_++];
    const Bytes& set = escape_class(c);
    if (set.any()) return quantified(set);
    if (c == 't') return literal('\t');
    const auto byte = static_cast<unsigned char>(c);
    if (is_letter(byte) || is_digit(byte) || byte >= 0x80) return void(known_ = false);
    literal(c);
  }

  void literal(char c) {
    const char lower = ascii_lower(c);
    if (quantifier_follows()) {
      Bytes set;
      add_caseless(set, c);
      return quantified(set);
    }
    if (steps().empty() || steps().back().kind != Kind::Literal) {
      add(Kind::Literal);
      steps().back().number = static_cast<uint32_t>(form_.literals_.size());
      form_.literals_.emplace_back();
    }
    form_.literals_[steps().back().number].push_back(lower);
  }

  static void add_caseless(Bytes& set, char c) {
    const auto byte = static_cast<unsigned char>(c);
    set.set(byte);
    if (is_letter(byte)) set.set(byte ^ 0x20U);
  }

  void char_class() {
    ++at_;
    const bool negated = skip("^");
    Bytes set;
    if (skip("]")) set.set(']');
    while (known_ && !done() && text_[at_] != ']') class_member(set);
    if (!skip("]")) known_ = false;
    if (known_) quantified(negated ? ~set : set);
  }

  // A character of a class, or -1 for a class within it, which joins `set`.
  int class_character(Bytes& set) {
    const char c = text_[at_++];
    if (c == '[' || static_cast<unsigned char>(c) >= 0x80) return known_ = false, -1;
    if (c != '\\') return static_cast<unsigned char>(c);
    if (done()) return known_ = false, -1;
    const char escaped = text_[at_++];
    const Bytes& inner = escape_class(escaped);
    if (inner.any()) {
      set |= inner;
      return -1;
    }
    const auto byte = static_cast<unsigned char>(escaped);
    if (is_letter(byte) || is_digit(byte) || byte >= 0x80) return known_ = false, -1;
    return byte;
  }

  void class_member(Bytes& set) {
    const int first = class_character(set);
    if (!known_ || first < 0) {
      // `\w-x`: whether the dash makes a range there is nothing to rely on.
      if (next_is("-") && !next_is("-]")) known_ = false;
      return;
    }
    if (!next_is("-") || next_is("-]")) return add_caseless(set, static_cast<char>(first));
    ++at_;
    if (done()) return void(known_ = false);
    const int last = class_character(set);
    if (last < first) return void(known_ = false);
    for (int c = first; c <= last; ++c) add_caseless(set, static_cast<char>(c));
  }

  void quantified(const Bytes& set) {
    Step step{Kind::Class, false, 0, 1, 1};
    bool repeats = true;
    if (skip("+")) {
      step.most = kNoEnd;
    } else if (skip("*")) {
      step.least = 0;
      step.most = kNoEnd;
    } else if (skip("?")) {
      step.least = 0;
    } else if (next_is("{")) {
      counted(step);
    } else {
      repeats = false;
    }
    if (repeats && skip("?"))
      step.lazy = true;
    else if (repeats)
      skip("+");
    if (quantifier_follows()) known_ = false;
    step.number = static_cast<uint32_t>(form_.sets_.size());
    form_.sets_.push_back(set);
    steps().push_back(step);
  }

  // `{n}`, `{n,}` and `{n,m}`; what else stands in braces may be characters.
  void counted(Step& step) {
    ++at_;
    if (!number(step.least)) return void(known_ = false);
    step.most = step.least;
    if (skip(",")) {
      step.most = kNoEnd;
      if (!next_is("}") && !number(step.most)) return void(known_ = false);
    }
    if (!skip("}") || step.most < step.least || step.most == 0) known_ = false;
  }

  bool number(uint32_t& out) {
    const size_t begin = at_;
    out = 0;
    while (!done() && is_digit(static_cast<unsigned char>(text_[at_])) && at_ - begin < 4) {
      out = out * 10 + static_cast<uint32_t>(text_[at_++] - '0');
    }
    return at_ > begin && at_ - begin < 4;
  }

  std::string_view text_;
  StraightForm& form_;
  size_t at_ = 0;
  bool known_ = true;
};

std::optional<StraightForm> StraightForm::of(std::string_view pcre2) {
  StraightForm form;
  if (!Reader(pcre2, form).read()) return std::nullopt;
  for (Row& row : form.rows_) {
    if (!form.seal(row)) return std::nullopt;
  }
  return form;
}

bool StraightForm::seal(Row& row) {
  for (size_t i = 0; i < row.steps.size(); ++i) {
    if (!straight(row, i)) return false;
  }
  for (auto step = row.steps.begin(); step != row.steps.end(); ++step) {
    const auto marks = [](const Step& s) { return s.kind == Kind::Open || s.kind == Kind::Close; };
    step->lazy = step->lazy && std::all_of(step + 1, row.steps.end(), marks);
  }
  if (row.at_start) return true;
  const auto first =
      std::find_if(row.steps.begin(), row.steps.end(), [](const Step& s) { return s.kind != Kind::Open; });
  if (first == row.steps.end() || first->kind != Kind::Literal) return false;
  row.first.emplace(literals_[first->number]);
  return find_width(row);
}

// What stands before a class that repeats without end must have one width: see search_row().
bool StraightForm::find_width(Row& row) const {
  size_t width = 0;
  bool varies = false;
  for (const Step& step : row.steps) {
    if (step.kind == Kind::Literal) width += literals_[step.number].size();
    if (step.kind != Kind::Class) continue;
    if (step.most == kNoEnd) {
      row.width = width;
      return !varies;
    }
    varies = varies || step.least != step.most;
    width += step.least;
  }
  return true;
}

// Whether there is only one way to take this step: giving back what it took can never help what follows.
bool StraightForm::straight(const Row& row, size_t at) const {
  const Step& step = row.steps[at];
  if (step.kind == Kind::End || step.kind == Kind::StrictEnd) {
    return std::all_of(row.steps.begin() + static_cast<std::ptrdiff_t>(at) + 1, row.steps.end(),
                       [](const Step& s) { return s.kind == Kind::Close; });
  }
  if (step.kind != Kind::Class || step.least == step.most) return true;
  const Bytes& mine = sets_[step.number];
  bool last = true;
  for (size_t i = at + 1; i < row.steps.size(); ++i) {
    const Step& next = row.steps[i];
    if (next.kind == Kind::Open || next.kind == Kind::Close) continue;
    if (next.kind == Kind::StrictEnd) return true;
    if (next.kind == Kind::End) return !mine['\n'];
    if (next.kind == Kind::Literal) {
      const auto byte = static_cast<unsigned char>(literals_[next.number].front());
      return !mine[byte] && !(is_letter(byte) && mine[byte ^ 0x20U]);
    }
    if ((mine & sets_[next.number]).any()) return false;
    if (next.least > 0) return true;
    last = false;
  }
  return last || !step.lazy;
}

bool StraightForm::match_at(const Row& row, std::string_view text, size_t begin, Found& found,
                            size_t& run_end) const noexcept {
  size_t at = begin;
  std::array<uint8_t, kMostGroups> open;
  size_t depth = 0;
  found.begin = begin;
  found.group_count = 0;
  run_end = 0;
  for (const Step& step : row.steps) {
    switch (step.kind) {
      case Kind::Literal: {
        const std::string& literal = literals_[step.number];
        if (text.size() - at < literal.size() || !equal_caseless(text.substr(at, literal.size()), literal))
          return false;
        at += literal.size();
        break;
      }
      case Kind::Class: {
        const Bytes& set = sets_[step.number];
        const size_t room = text.size() - at;
        const size_t end = at + std::min<size_t>(room, step.lazy ? step.least : step.most);
        const size_t from = at;
        while (at < end && set[static_cast<unsigned char>(text[at])]) ++at;
        if (at - from < step.least) return false;
        if (run_end == 0 && step.most == kNoEnd) run_end = at;
        break;
      }
      case Kind::Open:
        open[depth++] = static_cast<uint8_t>(found.group_count);
        found.groups[2 * found.group_count++] = at;
        break;
      case Kind::Close:
        found.groups[2 * open[--depth] + 1] = at;
        break;
      case Kind::End:
        if (at != text.size() && !(at + 1 == text.size() && text[at] == '\n')) return false;
        break;
      case Kind::StrictEnd:
        if (at != text.size()) return false;
        break;
    }
  }
  found.end = at;
  return true;
}

// The leftmost match that begins before `limit`.
bool StraightForm::search_row(const Row& row, std::string_view text, size_t limit, Found& found) const noexcept {
  size_t run_end = 0;
  if (row.at_start) return limit > 0 && match_at(row, text, 0, found, run_end);
  for (size_t from = 0; from < limit;) {
    const size_t step = row.first->find(text.substr(from));
    if (step == LiteralFinder::npos || from + step >= limit) return false;
    const size_t begin = from + step;
    if (match_at(row, text, begin, found, run_end)) return true;
    from = begin + 1;
    // A later place whose first run begins within the run that was just passed gets no further.
    if (run_end > from + row.width) from = run_end - row.width;
  }
  return false;
}

void StraightForm::Found::give(std::string_view text, Match& out) const {
  out.begin = begin;
  out.end = end;
  out.captures.clear();
  for (size_t i = 0; i < group_count; ++i) {
    out.captures.push_back(text.substr(groups[2 * i], groups[2 * i + 1] - groups[2 * i]));
  }
}

bool StraightForm::search(std::string_view text, Match* out) const noexcept {
  if (out) out->captures.clear();
  Found found;
  size_t limit = text.size() + 1;
  for (const Row& row : rows_) {
    if (!search_row(row, text, limit, found)) continue;
    if (!out) return true;
    limit = found.begin;
    found.give(text, *out);
    if (limit == 0) return true;
  }
  return limit <= text.size();
}

}  // namespace gander::text
