#include <algorithm>
#include <cctype>
#include <optional>

#include "decode/beginnings.h"

namespace gander::decode {
namespace {

constexpr size_t kMostWays = 48;
constexpr int kMostDepth = 16;

// One way in which a part of a pattern can begin. `open`: what stands behind the known places is not known.
struct Way {
  Beginning at;
  bool open = false;
};
using Ways = std::vector<Way>;

const Ways kNothing{Way{}};
const Ways kAnything{Way{{}, true}};

bool is_open(const Way& way) {
  return way.open || way.at.size() >= kBeginningSize;
}

Ways concat(const Ways& first, const Ways& second) {
  Ways out;
  for (const Way& a : first) {
    if (is_open(a)) {
      out.push_back(a);
      continue;
    }
    for (const Way& b : second) {
      Way& both = out.emplace_back(a);
      both.at.insert(both.at.end(), b.at.begin(), b.at.end());
      both.open = b.open;
      if (both.at.size() > kBeginningSize) both.at.resize(kBeginningSize);
    }
  }
  if (out.size() <= kMostWays) return out;
  out = first;
  for (Way& way : out) way.open = true;
  return out;
}

Ways either(Ways a, const Ways& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a.size() <= kMostWays ? a : kAnything;
}

ByteSet letter_set(char c) {
  ByteSet set;
  set.set(static_cast<size_t>(std::tolower(c)));
  set.set(static_cast<size_t>(std::toupper(c)));
  return set;
}

ByteSet set_of(int (*is)(int)) {
  ByteSet set;
  for (int c = 0; c < 128; ++c) set[static_cast<size_t>(c)] = is(c) != 0;
  return set;
}

int is_word(int c) {
  return std::isalnum(c) != 0 || c == '_' ? 1 : 0;
}

// The classes that a letter behind a backslash stands for.
std::optional<ByteSet> class_of(char letter) {
  static const ByteSet digits = set_of(std::isdigit);
  static const ByteSet words = set_of(is_word);
  static const ByteSet spaces = set_of(std::isspace);
  switch (letter) {
    case 'd':
      return digits;
    case 'D':
      return ~digits;
    case 'w':
      return words;
    case 'W':
      return ~words;
    case 's':
      return spaces;
    case 'S':
      return ~spaces;
    default:
      return std::nullopt;
  }
}

std::optional<char> control_of(char letter) {
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    default:
      return std::nullopt;
  }
}

// Reads a pattern from left to right. After failed() nothing that it gave counts.
class Reader {
 public:
  explicit Reader(std::string_view pattern) : pattern_(pattern) {}

  // Every alternative has to begin with '^'.
  Ways whole() {
    Ways out;
    do {
      if (!take('^')) return fail();
      out = out.empty() ? sequence(0) : either(std::move(out), sequence(0));
    } while (take('|'));
    return at_ == pattern_.size() ? out : fail();
  }
  bool failed() const { return failed_; }

 private:
  Ways fail() {
    failed_ = true;
    at_ = pattern_.size();
    return kAnything;
  }
  bool ended() const { return at_ >= pattern_.size(); }
  char peek(size_t ahead = 0) const { return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0'; }
  bool take(char c) {
    if (ended() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  Ways alternatives(int depth) {
    if (depth > kMostDepth) return fail();
    Ways out = sequence(depth);
    while (take('|')) out = either(std::move(out), sequence(depth));
    return out;
  }

  Ways sequence(int depth) {
    Ways out = kNothing;
    while (!failed_ && !ended() && peek() != '|' && peek() != ')') {
      if (std::all_of(out.begin(), out.end(), is_open)) {
        skip_sequence();
        break;
      }
      const Ways one = atom(depth);
      out = concat(out, quantified(one));
    }
    return out;
  }

  // To the end of the alternative, of which enough is known.
  void skip_sequence() {
    int depth = 0;
    for (; !ended(); ++at_) {
      const char c = peek();
      if (c == '\\') {
        if (peek(1) == 'Q') fail();
        ++at_;
      } else if (c == '[') {
        skip_bracket();
      } else if (c == '(') {
        ++depth;
      } else if ((c == '|' || c == ')') && depth == 0) {
        return;
      } else if (c == ')') {
        --depth;
      }
    }
  }

  // To the ']' of a class.
  void skip_bracket() {
    ++at_;
    take('^');
    take(']');
    while (!ended() && peek() != ']') {
      if (peek() == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) fail();
      at_ += peek() == '\\' ? 2 : 1;
    }
  }

  Ways atom(int depth) {
    const char c = pattern_[at_++];
    switch (c) {
      case '(':
        return group(depth);
      case '[':
        return bracket();
      case '\\':
        return escape();
      case '.':
        return one_of(~ByteSet());
      case '$':
        return kAnything;
      case '^':
      case '*':
      case '+':
      case '?':
        return fail();
      default:
        if (static_cast<unsigned char>(c) >= 0x80) return fail();
        return one_of(letter_set(c));
    }
  }

  static Ways one_of(const ByteSet& set) { return {Way{{set}, false}}; }

  Ways group(int depth) {
    const bool looks_around = take("?=") || take("?!") || take("?<=") || take("?<!");
    if (!looks_around && !take("?:") && !take("?>") && (peek() == '?' || peek() == '*')) return fail();
    const Ways inside = alternatives(depth + 1);
    if (!take(')')) return fail();
    return looks_around ? kNothing : inside;
  }

  Ways escape() {
    if (ended()) return fail();
    const char c = pattern_[at_++];
    if (const auto set = class_of(c)) return one_of(*set);
    if (const auto control = control_of(c)) return one_of(letter_set(*control));
    if (c == 'b' || c == 'B') return kNothing;
    if (c == 'x') return hexadecimal() ? one_of(letter_set(static_cast<char>(*code_))) : fail();
    if (std::ispunct(static_cast<unsigned char>(c)) || c == ' ') return one_of(letter_set(c));
    return fail();
  }

  // Two digits behind \x.
  bool hexadecimal() {
    if (std::isxdigit(static_cast<unsigned char>(peek())) == 0 ||
        std::isxdigit(static_cast<unsigned char>(peek(1))) == 0) {
      return false;
    }
    const auto value = [](char c) { return std::isdigit(c) != 0 ? c - '0' : std::tolower(c) - 'a' + 10; };
    code_ = value(peek()) * 16 + value(peek(1));
    at_ += 2;
    return *code_ < 0x80;
  }

  // Behind '['.
  Ways bracket() {
    const bool negated = take('^');
    ByteSet set;
    bool first = true;
    while (!ended() && (first || peek() != ']')) {
      first = false;
      if (peek() == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) return fail();
      if (!member(set)) return fail();
    }
    if (!take(']')) return fail();
    return one_of(negated ? ~set : set);
  }

  // A class, a character or a range of them.
  bool member(ByteSet& set) {
    if (peek() == '\\') {
      if (const auto known = class_of(peek(1))) {
        set |= *known;
        at_ += 2;
        return peek() != '-' || peek(1) == ']';
      }
    }
    const auto low = bracket_character();
    if (!low) return false;
    if (peek() != '-' || peek(1) == ']') {
      set |= letter_set(*low);
      return true;
    }
    ++at_;
    const auto high = bracket_character();
    if (!high || *high < *low) return false;
    for (int c = *low; c <= *high; ++c) set |= letter_set(static_cast<char>(c));
    return true;
  }

  std::optional<char> bracket_character() {
    if (ended()) return std::nullopt;
    const char c = pattern_[at_++];
    if (static_cast<unsigned char>(c) >= 0x80) return std::nullopt;
    if (c != '\\') return c;
    if (ended()) return std::nullopt;
    const char escaped = pattern_[at_++];
    if (const auto control = control_of(escaped)) return control;
    if (escaped == 'x') return hexadecimal() ? std::optional<char>(static_cast<char>(*code_)) : std::nullopt;
    if (std::ispunct(static_cast<unsigned char>(escaped)) || escaped == ' ') return escaped;
    return std::nullopt;
  }

  Ways quantified(const Ways& one) {
    Ways out = one;
    if (take('*')) {
      out = kAnything;
    } else if (take('+')) {
      out = concat(one, kAnything);
    } else if (take('?')) {
      out = either(one, kNothing);
    } else if (peek() == '{' && (std::isdigit(static_cast<unsigned char>(peek(1))) != 0 || peek(1) == ',')) {
      out = counted(one);
    } else {
      return out;
    }
    if (!take('+')) take('?');
    return out;
  }

  // {n}, {n,} or {n,m}.
  Ways counted(const Ways& one) {
    const size_t end = pattern_.find('}', at_);
    if (end == std::string_view::npos) return fail();
    const std::string_view inside = pattern_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    const size_t digits = std::min(inside.find_first_not_of("0123456789"), inside.size());
    if (digits == 0 || digits > 4 || inside.substr(digits).find_first_not_of("0123456789,") != std::string_view::npos) {
      return fail();
    }
    size_t least = 0;
    for (const char c : inside.substr(0, digits)) least = least * 10 + static_cast<size_t>(c - '0');
    Ways out = kNothing;
    for (size_t i = 0; i < std::min(least, kBeginningSize); ++i) out = concat(out, one);
    return digits == inside.size() ? out : concat(out, kAnything);
  }

  std::string_view pattern_;
  size_t at_ = 0;
  bool failed_ = false;
  std::optional<int> code_;
};

}  // namespace

std::vector<Beginning> pcre2_beginnings(std::string_view pattern) {
  Reader reader(pattern);
  Ways ways = reader.whole();
  std::vector<Beginning> out;
  if (reader.failed()) return out;
  for (Way& way : ways) {
    if (way.at.empty()) return {};
    out.push_back(std::move(way.at));
  }
  return out;
}

}  // namespace gander::decode
