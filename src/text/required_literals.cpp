#include "text/required_literals.h"

#include <algorithm>
#include <optional>

#include "text/literal_form.h"

namespace gander::text {
namespace {

using Words = std::vector<std::string>;  // one of them must occur; empty: nothing known

constexpr size_t kMostWords = 256;
constexpr size_t kMostRuns = 16;
constexpr size_t kDeepest = 100;  // nested groups

size_t shortest(const Words& words) {
  size_t least = std::string::npos;
  for (const std::string& word : words) least = std::min(least, word.size());
  return words.empty() ? 0 : least;
}

bool better(const Words& a, const Words& b) {
  const size_t size_a = std::min<size_t>(shortest(a), 8);
  const size_t size_b = std::min<size_t>(shortest(b), 8);
  return size_a != size_b ? size_a > size_b : !a.empty() && a.size() < b.size();
}

// What is known of a group: words of which one must occur, and all texts that it can match when those are few.
struct Found {
  Words words;
  std::optional<Words> exact;
};

// What is known of the alternative that is being read: the texts that can stand at its end (one of them does), and the
// best words so far.
struct Sequence {
  Words runs{""};
  bool whole = true;  // the runs are all that was read
  Words best;

  void add(char c) {
    for (std::string& run : runs) run.push_back(c);
  }
  // One of the texts follows. False when there would be too many runs.
  bool add(const Words& texts) {
    if (texts.empty() || runs.size() * texts.size() > kMostRuns) return false;
    Words longer;
    for (const std::string& run : runs) {
      for (const std::string& text : texts) longer.push_back(run + text);
    }
    runs = std::move(longer);
    return true;
  }
  void end_run() {
    if (shortest(runs) >= kShortestRequired) offer(runs);
    runs.assign(1, "");
    whole = false;
  }
  void offer(Words words) {
    if (better(words, best)) best = std::move(words);
  }
};

// Reads PCRE2's notation as far as it is simple; whatever is not makes the whole pattern "not known".
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Words read() {
    if (text_.starts_with("(?i)")) at_ = 4;
    Words words = alternatives(0).words;
    if (at_ != text_.size()) known_ = false;
    return known_ ? words : Words();
  }

 private:
  enum class Repeat { Once, OneOrMore, NoneOrOne, MaybeNone };

  bool done() const { return at_ >= text_.size(); }
  bool next_is(std::string_view s) const { return !done() && text_.substr(at_).starts_with(s); }
  bool next_is(char c) const { return !done() && text_[at_] == c; }
  bool skip(std::string_view s) {
    if (!next_is(s)) return false;
    at_ += s.size();
    return true;
  }

  Found alternatives(size_t depth) {
    if (depth > kDeepest) known_ = false;
    Found all{{}, Words()};
    bool each = true;
    while (known_) {
      Found one = sequence(depth);
      each = each && !one.words.empty();
      all.words.insert(all.words.end(), one.words.begin(), one.words.end());
      if (all.words.size() > kMostWords) each = false;
      if (all.exact && one.exact && all.exact->size() + one.exact->size() <= kMostRuns) {
        all.exact->insert(all.exact->end(), one.exact->begin(), one.exact->end());
      } else {
        all.exact.reset();
      }
      if (!skip("|")) break;
    }
    if (!each) all.words.clear();
    return all;
  }

  Found sequence(size_t depth) {
    Sequence s;
    while (known_ && !done() && !next_is('|') && !next_is(')')) item(s, depth);
    Found found;
    if (s.whole) found.exact = s.runs;
    s.end_run();
    found.words = std::move(s.best);
    return found;
  }

  void item(Sequence& s, size_t depth) {
    const char c = text_[at_];
    if (c == '(') return group(s, depth);
    if (c == '[') {
      skip_class();
      return opaque(s);
    }
    ++at_;
    if (c == '\\') return escape(s);
    if (c == '^' || c == '$' || c == '.' || static_cast<unsigned char>(c) >= 0x80) return opaque(s);
    if (c == '*' || c == '+' || c == '?' || c == '{') {
      known_ = false;  // a quantifier behind a quantifier
      return;
    }
    literal(s, c);
  }

  void literal(Sequence& s, char c) {
    const std::string text(1, ascii_lower(c));
    const Repeat repeat = quantifier();
    if (repeat == Repeat::NoneOrOne && s.add({"", text})) return;
    if (repeat == Repeat::NoneOrOne || repeat == Repeat::MaybeNone) return s.end_run();
    s.add(text.front());
    if (repeat == Repeat::OneOrMore) s.end_run();
  }

  void opaque(Sequence& s) {
    quantifier();
    s.end_run();
  }

  void escape(Sequence& s) {
    if (done()) {
      known_ = false;
      return;
    }
    const char c = text_[at_++];
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!word && static_cast<unsigned char>(c) < 0x80) return literal(s, c);
    if (c == 't') return literal(s, '\t');
    if ((c == 'b' || c == 'B') && quantifier() == Repeat::Once) return;
    if (std::string_view("dDsSwWbBAzZhHvVnrR").find(c) != std::string_view::npos) return opaque(s);
    known_ = false;
  }

  // Steps into a group that holds what it matches; false for other things in parentheses.
  bool open_group() {
    for (const std::string_view plain : {"(?:", "(?s:", "(?>"}) {
      if (skip(plain)) return true;
    }
    for (const auto& [open, close] : {std::pair{"(?<", '>'}, {"(?P<", '>'}, {"(?'", '\''}}) {
      if (!next_is(open) || next_is("(?<=") || next_is("(?<!")) continue;
      const size_t end = text_.find(close, at_ + std::string_view(open).size());
      if (end == std::string_view::npos) return false;
      at_ = end + 1;
      return true;
    }
    return !next_is("(?") && !next_is("(*") && skip("(");
  }

  void group(Sequence& s, size_t depth) {
    bool assertion = false;
    for (const std::string_view open : {"(?!", "(?=", "(?<!", "(?<="}) assertion = assertion || skip(open);
    if (!assertion && !open_group()) {
      known_ = false;
      return;
    }
    Found found = alternatives(depth + 1);
    if (!skip(")")) {
      known_ = false;
      return;
    }
    const Repeat repeat = quantifier();
    if (assertion) return s.end_run();
    if (found.exact && repeat == Repeat::NoneOrOne) found.exact->emplace_back();
    if (found.exact && (repeat == Repeat::Once || repeat == Repeat::NoneOrOne) && s.add(*found.exact)) return;
    s.end_run();
    if (repeat == Repeat::Once || repeat == Repeat::OneOrMore) s.offer(std::move(found.words));
  }

  // `[:name:]` inside a class; other brackets there are characters or, where PCRE2's reading is intricate, not known.
  void skip_posix_class() {
    const size_t end = text_.find_first_not_of("^abcdefghijklmnopqrstuvwxyz", at_ + 2);
    if (end == std::string_view::npos || text_[end] != text_[at_ + 1] || end + 1 >= text_.size() ||
        text_[end + 1] != ']') {
      known_ = false;
      return;
    }
    at_ = end + 2;
  }

  void skip_class() {
    ++at_;
    skip("^");
    skip("]");
    while (known_ && !done() && text_[at_] != ']') {
      if (next_is("[:") || next_is("[.") || next_is("[=")) {
        skip_posix_class();
        continue;
      }
      if (next_is("\\Q") || next_is("\\E") || next_is("\\c")) known_ = false;
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    if (!skip("]")) known_ = false;
  }

  Repeat quantifier() {
    Repeat repeat = Repeat::Once;
    if (done() || std::string_view("+*?{").find(text_[at_]) == std::string_view::npos) return repeat;
    if (skip("+")) {
      repeat = Repeat::OneOrMore;
    } else if (skip("?")) {
      repeat = Repeat::NoneOrOne;
    } else if (skip("*")) {
      repeat = Repeat::MaybeNone;
    } else if (next_is("{")) {
      repeat = counted();
    } else {
      return repeat;
    }
    if (!skip("?")) skip("+");
    return repeat;
  }

  // `{n}`, `{n,}`, `{n,m}`. Other braces are characters in some versions of PCRE2 and counts in others.
  Repeat counted() {
    const size_t end = text_.find('}', at_);
    const std::string_view inside =
        end == std::string_view::npos ? std::string_view() : text_.substr(at_ + 1, end - at_ - 1);
    const bool digits = !inside.empty() && inside.find_first_not_of("0123456789,") == std::string_view::npos;
    if (!digits || inside.front() == ',' || std::count(inside.begin(), inside.end(), ',') > 1) {
      known_ = false;
      return Repeat::MaybeNone;
    }
    at_ = end + 1;
    return inside.substr(0, inside.find(',')).find_first_not_of('0') == std::string_view::npos ? Repeat::MaybeNone
                                                                                               : Repeat::OneOrMore;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool known_ = true;
};

}  // namespace

std::vector<std::string> required_literals(std::string_view pcre2) {
  Words words = Reader(pcre2).read();
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool has_folding_letter(std::string_view lower) noexcept {
  return lower.find_first_of("ks") != std::string_view::npos;
}

bool holds_folding_letter(std::string_view utf8) noexcept {
  return utf8.find("\xE2\x84\xAA") != std::string_view::npos || utf8.find("\xC5\xBF") != std::string_view::npos;
}

}  // namespace gander::text
