#include "decode/header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "decode/more_headers.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace gander::decode {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_control(char c) {
  const auto b = static_cast<unsigned char>(c);
  return b < 0x20 || b == 0x7f;
}

constexpr std::array<bool, 256> make_host_characters() {
  std::array<bool, 256> table{};
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<size_t>(c)] = true;
  for (const char c : {'(', ')', '-', '.', '/', '@', '_'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kHostCharacter = make_host_characters();

// A text with the byte asked for, or 0 behind its end (which no header position asks for).
class Positions {
 public:
  Positions(std::string_view text, bool umlaut) : text_(text), umlaut_(umlaut) {}

  char operator[](size_t i) const {
    if (umlaut_) {
      // "Mär": looked at as "Ma" and what follows the two bytes of the ä.
      if (i == 1) return 'a';
      if (i >= 2) ++i;
    }
    return i < text_.size() ? text_[i] : '\0';
  }
  bool has(char c, std::initializer_list<size_t> places) const {
    for (const size_t i : places) {
      if ((*this)[i] != c) return false;
    }
    return true;
  }
  bool digits(std::initializer_list<size_t> places) const {
    for (const size_t i : places) {
      if (!is_digit((*this)[i])) return false;
    }
    return true;
  }

 private:
  std::string_view text_;
  bool umlaut_;
};

// Bytes of the date of a syslog-like header (forms A1 to A6); 0 when there is none.
size_t syslog_date(const Positions& h, size_t n) {
  if (n >= 17 && h.has(' ', {3, 6, 15}) && h.has(':', {9, 12})) return 16;
  if (n >= 24 && h.has('-', {4, 7}) && h[10] == ' ' && h.has(':', {13, 16}) && h[19] == ',') return 23;
  if (n >= 33 && h.has('-', {4, 7}) && h[10] == 'T' && h.has(':', {13, 16})) {
    if (h[22] == ':' && h[25] == ' ') return 26;
    if (h[19] == '.' || h[19] == ',') {
      for (size_t colon = 24; colon <= 29; ++colon) {
        if (h[colon] == ':') return colon + 3;
      }
    }
  }
  if (n >= 21 && is_digit(h[0]) && h.has(' ', {4, 8, 11, 20}) && h.has(':', {14, 17})) return 21;
  if (n >= 20 && is_digit(h[0]) && h.has(':', {4, 7, 13, 16}) && h[10] == '-') return 20;
  return 0;
}

size_t skip_host(std::string_view s, size_t i) {
  while (i < s.size() && kHostCharacter[static_cast<unsigned char>(s[i])]) ++i;
  return i;
}

char at(std::string_view s, size_t i) {
  return i < s.size() ? s[i] : '\0';
}

// A view that is set also when it is empty.
std::string_view part(std::string_view s, size_t begin, size_t end) {
  return s.substr(begin, end - begin);
}

struct Program {
  std::string_view name;  // null: none
  std::string_view log;
  bool done = false;  // Solaris ids are not looked for
};

// `auth|security:info su[12]: ` of AIX; `bar` is the position of the bar, `q` where the word began.
Program aix_program(std::string_view s, size_t q, size_t bar) {
  const Program none{{}, s.substr(q), true};
  const auto letters = [&](size_t i) {
    while (i < s.size() && ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || is_digit(s[i]))) ++i;
    return i;
  };
  size_t i = letters(bar + 1);
  if (at(s, i) != ':') return none;
  i = letters(i + 1);
  if (at(s, i) != ' ') return none;
  const size_t begin = i + 1;
  i = skip_host(s, begin);
  if (at(s, i) == ':' && at(s, i + 1) == ' ') return {part(s, begin, i), s.substr(i + 2)};
  if (at(s, i) == '[' && is_digit(at(s, i + 1))) {
    const size_t bracket = i;
    ++i;
    while (is_digit(at(s, i))) ++i;
    if (at(s, i) == ']' && at(s, i + 1) == ':' && at(s, i + 2) == ' ')
      return {part(s, begin, bracket), s.substr(i + 3)};
    return {part(s, begin, bracket), part(s, q, bracket), true};
  }
  return {s.substr(begin), s.substr(i), false};
}

Program find_program(std::string_view s, size_t q) {
  size_t i = skip_host(s, q);
  const Program none{{}, s.substr(q), true};
  if (at(s, i) == ':' && at(s, i + 1) == ' ') return {part(s, q, i), s.substr(i + 2)};
  if (at(s, i) == '[' && is_digit(at(s, i + 1))) {
    const size_t bracket = i;
    ++i;
    while (is_digit(at(s, i))) ++i;
    if (at(s, i) != ']') return none;
    if (at(s, i + 1) == ':' && at(s, i + 2) == ' ') return {part(s, q, bracket), s.substr(i + 3)};
    if (at(s, i + 1) == ' ') return {part(s, q, bracket), s.substr(i + 2)};
    return none;
  }
  if (at(s, i) == '|' && at(s, i + 1) >= 'a' && at(s, i + 1) <= 'z') return aix_program(s, q, i);
  return none;
}

// Behind the date: host name, program name and log text.
void read_syslog(std::string_view s, size_t skip, model::Event& event) {
  size_t p = std::min(skip, s.size());
  if (at(s, p) == ' ') ++p;
  const size_t i = skip_host(s, p);
  Program program;
  if (at(s, i) == ':' && at(s, i + 1) == ' ') {
    program = {part(s, p, i), s.substr(i + 2)};
  } else if (at(s, i) != ' ') {
    event.log = s.substr(p);
    return;
  } else {
    event.hostname = part(s, p, i);
    program = find_program(s, i + 1);
  }
  event.program_name = program.name;
  event.log = program.log;
  if (program.done || !event.log.starts_with("[ID ")) return;
  const size_t end = event.log.find("] ");
  if (end != std::string_view::npos) event.log.remove_prefix(end + 2);
}

// OS X ASL: `[Time …] [Host x] [Sender y] [Message z]`.
void read_asl(std::string_view s, model::Event& event) {
  event.log = s.substr(std::min<size_t>(25, s.size()));
  std::string_view rest = event.log;
  size_t log_end = std::string_view::npos;
  bool message = false;
  const char* const base = event.log.data();
  for (;;) {
    const size_t open = rest.find('[');
    if (open == std::string_view::npos) break;
    rest.remove_prefix(open + 1);
    const size_t close = rest.find(']');
    const auto value = [&](size_t key) { return rest.substr(key, close - key); };
    const auto cut = [&] {
      if (log_end == std::string_view::npos) log_end = static_cast<size_t>(rest.data() - base) + close;
    };
    if (rest.starts_with("Sender ") && !event.program_name.data()) {
      if (close == std::string_view::npos) break;
      event.program_name = value(7);
      cut();
      rest.remove_prefix(close + 1);
    } else if (rest.starts_with("Message ") && !message) {
      message = true;
      event.log = close == std::string_view::npos ? rest.substr(8) : value(8);
      if (close == std::string_view::npos) break;
      rest.remove_prefix(close + 1);
    } else if (rest.starts_with("Host ")) {
      if (close != std::string_view::npos) {
        event.hostname = value(5);
        cut();
      }
      break;
    }
  }
  if (!message && log_end != std::string_view::npos) event.log = event.log.substr(0, log_end);
}

// Headers of programs that write no syslog line (forms B1 to B6).
void read_other(std::string_view s, const Positions& h, model::Event& event) {
  const size_t n = s.size();
  const auto from = [&](size_t i) { event.log = s.substr(std::min(i, n)); };
  if (n >= 28 && h.has(' ', {3, 7, 10, 19, 24, 26}) && h.has(':', {13, 16})) return from(24);
  if (n >= 24 && h[2] == '/' && h[5] == '-' && h.has(':', {8, 11}) && h[14] == '.' && h[21] == ' ') return from(23);
  if (n >= 26 && h.has('/', {2, 5}) && h[10] == '-' && h.has(':', {13, 16}) && h[19] == '.' && h[26] == ' ')
    return from(28);
  if (n >= 27 && h[0] == '[' && h.has(' ', {4, 8, 11, 20}) && h.has(':', {14, 17}) && h[25] == ']') return from(27);
  if (n >= 26 && h.has('[', {0}) && h[1] == 'T' && h.has(' ', {5, 16}) && h.has('.', {10, 13}) && h[19] == ':') {
    return read_asl(s, event);
  }
  if (n >= 32 && h[0] == '1' && h.digits({1, 2, 3, 13}) && h[10] == '.' && h[14] == ' ' &&
      (h[21] == ' ' || h[22] == ' ')) {
    size_t i = 14;
    while (at(s, i) == ' ') ++i;
    from(i);
  }
}

// What kinds of bytes a text holds.
struct Seen {
  bool control = false;
  bool high = false;  // above 0x7f
};

void look_at(char c, Seen& seen) {
  seen.control = seen.control || is_control(c);
  seen.high = seen.high || static_cast<unsigned char>(c) >= 0x80;
}

#if defined(__SSE2__)
// Sixteen bytes at a time; the last sixteen may overlap those before them.
Seen seen_in(std::string_view text) {
  constexpr size_t kWidth = sizeof(__m128i);
  Seen seen;
  if (text.size() < kWidth) {
    for (const char c : text) look_at(c, seen);
    return seen;
  }
  __m128i high = _mm_setzero_si128();
  __m128i control = _mm_setzero_si128();
  const __m128i last_control = _mm_set1_epi8(0x1f);
  const __m128i del = _mm_set1_epi8(0x7f);
  for (size_t i = 0;; i = std::min(i + kWidth, text.size() - kWidth)) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    high = _mm_or_si128(high, bytes);
    control = _mm_or_si128(control, _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
    control = _mm_or_si128(control, _mm_cmpeq_epi8(bytes, del));
    if (i + kWidth == text.size()) break;
  }
  seen.high = _mm_movemask_epi8(high) != 0;
  seen.control = _mm_movemask_epi8(control) != 0;
  return seen;
}
#else
Seen seen_in(std::string_view text) {
  Seen seen;
  for (const char c : text) look_at(c, seen);
  return seen;
}
#endif

// Whether one of eight bytes is a control character.
bool has_control(uint64_t word) {
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  constexpr uint64_t kHigh = 0x80 * kOnes;
  const uint64_t low = (word - 0x20 * kOnes) & ~word & kHigh;
  const uint64_t del = word ^ (0x7f * kOnes);
  return (low | ((del - kOnes) & ~del & kHigh)) != 0;
}

// A copy in `out`, eight bytes at a time where they are clean.
std::string_view without_controls(std::string_view line, char* out) {
  size_t n = 0;
  for (size_t i = 0; i < line.size();) {
    uint64_t word = 0;
    if (i + sizeof word <= line.size()) {
      std::memcpy(&word, line.data() + i, sizeof word);
      if (!has_control(word)) {
        std::memcpy(out + n, &word, sizeof word);
        n += sizeof word;
        i += sizeof word;
        continue;
      }
    }
    for (const size_t end = std::min(i + sizeof word, line.size()); i < end; ++i) {
      out[n] = line[i];
      n += is_control(line[i]) ? 0 : 1;
    }
  }
  return {out, n};
}

// Lines that end in CR LF come with their CR.
std::string_view without_end(std::string_view line) {
  while (!line.empty() && is_control(line.back())) line.remove_suffix(1);
  return line;
}

// Full text and its encoding: the line without control characters.
void clean(std::string_view line, LineBytes lifetime, model::Event& event) {
  const Seen seen = seen_in(line);
  if (seen.control) {
    event.full_log = without_controls(line, event.arena.allocate(line.size()));
  } else {
    event.full_log = lifetime == LineBytes::Borrowed && line.data() ? line : event.keep(line);
  }
  event.log = event.full_log;
  event.encoding = seen.high ? text::encoding_of(event.full_log) : text::Encoding::Ascii;
}

// The output of a full_command: many lines in one message.
bool is_full_output(std::string_view line) {
  return line.starts_with("ossec: output: '") && line.find('\n') != std::string_view::npos;
}

// Rules go on seeing the lines joined, for their patterns were written for that.
void keep_lines(std::string_view line, model::Event& event) {
  char* const out = event.arena.allocate(line.size());
  const auto stays = [](char c) { return c == '\n' || c == '\t' || !is_control(c); };
  char* const end = std::copy_if(line.begin(), line.end(), out, stays);
  event.full_log = event.lines = {out, static_cast<size_t>(end - out)};
}

}  // namespace

void read_header(std::string_view line, std::string_view location, std::string_view own_host, model::Event& event,
                 model::Compat compat, LineBytes bytes) {
  const auto name = [&](std::string_view text) {
    return bytes == LineBytes::Borrowed && text.data() ? text : event.keep(text);
  };
  event.location = name(location);
  line = without_end(line);
  clean(line, bytes, event);
  const std::string_view s = event.full_log;
  const bool umlaut = s.size() > 2 && s[1] == '\xC3' && s[2] == '\xA4';
  const Positions h(s, umlaut);
  const size_t date = syslog_date(h, s.size());
  if (date > 0)
    read_syslog(s, date, event);
  else
    read_other(s, h, event);
  // Only a line that no form of OSSEC takes apart further.
  if (compat != model::Compat::Ossec43 && !event.program_name.data()) read_more_headers(s, event);
  event.log_encoding = event.encoding == text::Encoding::Ascii ? event.encoding : text::encoding_of(event.log);
  if (!location.empty() && location.front() == '(')
    event.hostname = event.location;
  else if (!event.hostname.data())
    event.hostname = name(own_host);
  // An Ascii message says that all its parts are.
  if (event.encoding == text::Encoding::Ascii && (text::encoding_of(event.location) != text::Encoding::Ascii ||
                                                  text::encoding_of(event.hostname) != text::Encoding::Ascii))
    event.encoding = text::Encoding::Utf8;
  if (compat != model::Compat::Ossec43 && is_full_output(line)) keep_lines(line, event);
}

}  // namespace gander::decode
