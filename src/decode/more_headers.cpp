#include "decode/more_headers.h"

#include <algorithm>
#include <array>

namespace gander::decode {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_host(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c) || std::string_view("()-./@_").find(c) != std::string_view::npos;
}

// What may follow a date: the surer the date, the looser the rest may be.
enum class Rest { Any, TwoWordsOrPid, PidOnly, None };

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  char peek(size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  size_t place() const { return at_; }
  void back_to(size_t place) { at_ = place; }

  bool take(std::string_view literal) {
    if (!rest().starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }
  // `9`: a digit, `_`: a digit or a blank, `A`: a letter, everything else itself.
  bool shape(std::string_view form) {
    for (size_t i = 0; i < form.size(); ++i) {
      const char c = peek(i);
      const bool good = form[i] == '9'   ? is_digit(c)
                        : form[i] == '_' ? is_digit(c) || c == ' '
                        : form[i] == 'A' ? is_lower(c) || is_upper(c)
                                         : c == form[i];
      if (!good) return false;
    }
    at_ += form.size();
    return true;
  }
  size_t digits() {
    const size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ - begin;
  }
  void blanks() {
    while (peek() == ' ') ++at_;
  }
  template <typename Test>
  std::string_view word(Test test) {
    const size_t begin = at_;
    while (at_ < text_.size() && test(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

void fraction(Reader& in) {
  const size_t place = in.place();
  if (!in.take(".") && !in.take(",")) return;
  if (in.digits() == 0) in.back_to(place);
}

// The date and the blank behind it.
Rest read_date(Reader& in) {
  const size_t begin = in.place();
  if (in.shape("9999-99-99T99:99:99")) {
    fraction(in);
    if (!in.take("Z") && !in.shape("+99:99") && !in.shape("-99:99") && !in.shape("+9999")) in.shape("-9999");
    if (in.take(" ")) return Rest::TwoWordsOrPid;
  }
  in.back_to(begin);
  if (in.shape("9999-99-99 99:99:99")) {
    fraction(in);
    if (!in.shape(" +99:99") && !in.shape(" +9999") && !in.shape(" -99:99")) in.shape(" -9999");
    if (in.take(" ")) return Rest::PidOnly;
  }
  in.back_to(begin);
  if (in.shape("AAA AAA _9 99:99:99 9999 ")) return Rest::PidOnly;
  in.back_to(begin);
  if (in.shape("AAA _9 9999 99:99:99") || in.shape("AAA _9 99:99:99")) {
    fraction(in);
    if (in.take(" ")) return Rest::Any;
  }
  in.back_to(begin);
  return Rest::None;
}

// auth.info, local0.warn, and the same in <> as BSD writes it.
bool skip_facility(Reader& in) {
  constexpr std::array<std::string_view, 11> kLevels = {"emerg", "panic",   "alert",  "crit", "err",  "error",
                                                        "warn",  "warning", "notice", "info", "debug"};
  const size_t begin = in.place();
  const bool bracket = in.take("<");
  const std::string_view word = in.word([](char c) { return is_lower(c) || is_digit(c) || c == '.'; });
  const size_t dot = word.find('.');
  const bool named = dot != std::string_view::npos && dot > 0 &&
                     (std::find(kLevels.begin(), kLevels.end(), word.substr(dot + 1)) != kLevels.end() ||
                      (bracket && is_digit(word[dot - 1])));
  if (named && (!bracket || in.take(">")) && in.take(" ")) return true;
  in.back_to(begin);
  return false;
}

struct Program {
  std::string_view name;
  bool pid = false;
};

// `prog[12]: `, `prog[12] ` behind a sure date, `prog: `.
bool read_program(Reader& in, Rest rest, Program& out) {
  const size_t begin = in.place();
  out.name = in.word(is_host);
  if (!out.name.empty() && in.take(": ")) return true;
  if (!out.name.empty() && in.take("[") && in.digits() > 0 &&
      (in.take("]: ") || (rest != Rest::None && in.take("] ")))) {
    out.pid = true;
    return true;
  }
  in.back_to(begin);
  return false;
}

// A log level in front of a text is no host.
bool looks_like_level(std::string_view word) {
  return std::all_of(word.begin(), word.end(), is_upper);
}

bool read_host_and_program(Reader& in, Rest rest, model::Event& event) {
  in.blanks();
  bool facility = skip_facility(in);
  Program program;
  std::string_view host;
  const size_t begin = in.place();
  bool good = read_program(in, rest, program) && (program.pid || facility || rest == Rest::Any);
  if (!good) {
    in.back_to(begin);
    host = in.word(is_host);
    if (host.empty() || !in.take(" ") || looks_like_level(host)) return false;
    facility = skip_facility(in) || facility;
    const bool sure = facility || rest == Rest::Any || rest == Rest::TwoWordsOrPid;
    good = read_program(in, rest, program) && (program.pid || sure);
  }
  if (!good) return false;
  if (!host.empty()) event.hostname = host;
  event.program_name = program.name;
  event.log = in.rest();
  return true;
}

// `-`, or `[id a="b"]…` with \" \\ \] inside the values.
bool skip_structured_data(Reader& in) {
  if (in.take("-")) return true;
  if (in.peek() != '[') return false;
  while (in.take("[")) {
    bool quoted = false;
    for (;; in.back_to(in.place() + 1)) {
      const char c = in.peek();
      if (c == '\0') return false;
      if (quoted && c == '\\') in.back_to(in.place() + 1);
      if (c == '"') quoted = !quoted;
      if (c == ']' && !quoted) break;
    }
    in.take("]");
  }
  return true;
}

// Behind `<PRI>1 `: time, host, program, process, message id, structured data.
bool read_rfc5424(Reader& in, model::Event& event) {
  const auto visible = [](char c) { return c != ' '; };
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    part = in.word(visible);
    if (part.empty() || !in.take(" ")) return false;
  }
  if (!skip_structured_data(in) || parts[2] == "-") return false;
  if (!in.take(" ") && !in.rest().empty()) return false;
  in.take("\xEF\xBB\xBF");
  if (parts[1] != "-") event.hostname = parts[1];
  event.program_name = parts[2];
  event.log = in.rest();
  return true;
}

}  // namespace

bool read_more_headers(std::string_view s, model::Event& event) {
  Reader in(s);
  const char first = in.peek();
  if (first == '[' || first == '{' || first == ' ' || first == '"') return false;
  bool priority = false;
  if (in.take("<")) {
    if (in.digits() == 0 || !in.take(">")) return false;
    priority = true;
    if (in.shape("1 9999-") || in.shape("1 - ")) {
      in.back_to(s.find('>') + 3);
      return read_rfc5424(in, event);
    }
  }
  Rest rest = read_date(in);
  if (priority && rest == Rest::None) rest = Rest::Any;
  return read_host_and_program(in, rest, event);
}

}  // namespace gander::decode
