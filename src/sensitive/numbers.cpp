// Payment cards, social security numbers, IBANs.
#include <array>
#include <cstdint>

#include "sensitive/chars.h"
#include "sensitive/check.h"

namespace gander::sensitive {
namespace {

constexpr size_t kMostDigits = 19;  // ISO/IEC 7812
constexpr size_t kMostGroups = 5;
constexpr size_t kContext = 64;  // bytes before a number in which a word may say what it is

// Digits in groups, with the same single separator between them.
struct Run {
  std::array<char, kMostDigits> digits{};
  size_t count = 0;
  std::array<uint8_t, kMostGroups> groups{};
  size_t group_count = 0;
  char separator = '\0';
  size_t end = 0;
};

size_t end_of_digits(std::string_view text, size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

constexpr bool separates(char c) {
  return c == ' ' || c == '-' || c == '.' || c == '+';
}

// False: more digits or groups than any of these numbers has.
bool read_run(std::string_view text, size_t at, Run& run) {
  for (;;) {
    const size_t end = end_of_digits(text, at);
    if (run.count + (end - at) > kMostDigits || run.group_count == kMostGroups) return false;
    for (size_t i = at; i < end; ++i) run.digits[run.count++] = text[i];
    run.groups[run.group_count++] = static_cast<uint8_t>(end - at);
    run.end = end;
    const char c = byte_at(text, end);
    if (!separates(c) || !is_digit(byte_at(text, end + 1))) return true;
    if (run.separator != '\0' && c != run.separator) return true;
    run.separator = c;
    at = end + 1;
  }
}

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0;) {
    int d = digits[i] - '0';
    if (twice) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
    twice = !twice;
  }
  return sum % 10 == 0;
}

// Issuer ranges (first six digits) and lengths, from the public lists of the card networks. `doubtful` lengths and
// issuers also need a word nearby: other numbers look like them (EAN-13, times in nanoseconds, record ids).
struct Issuer {
  int from;
  int to;
  uint8_t least;
  uint8_t most;
  bool doubtful;
  std::string_view what;
};
constexpr Issuer kIssuers[] = {
    {400000, 499999, 16, 16, false, "Visa card"},
    {400000, 499999, 13, 13, true, "Visa card"},
    {400000, 499999, 19, 19, true, "Visa card"},
    {510000, 559999, 16, 16, false, "Mastercard"},
    {222100, 272099, 16, 16, false, "Mastercard"},
    {340000, 349999, 15, 15, false, "American Express card"},
    {370000, 379999, 15, 15, false, "American Express card"},
    {601100, 601199, 16, 16, false, "Discover card"},
    {644000, 659999, 16, 16, false, "Discover card"},
    {300000, 305999, 14, 14, false, "Diners Club card"},
    {309500, 309599, 14, 14, false, "Diners Club card"},
    {360000, 369999, 14, 14, false, "Diners Club card"},
    {380000, 399999, 14, 14, false, "Diners Club card"},
    {352800, 358999, 16, 16, false, "JCB card"},
    {620000, 629999, 16, 16, false, "UnionPay card"},
    {620000, 629999, 17, 19, true, "UnionPay card"},
    {220000, 220499, 16, 16, false, "Mir card"},
    {979200, 979299, 16, 16, false, "Troy card"},
    {500000, 509999, 12, 19, true, "Maestro card"},
    {560000, 589999, 12, 19, true, "Maestro card"},
    {600000, 601099, 16, 16, true, "RuPay card"},
    {630000, 639999, 12, 19, true, "Maestro card"},
    {660000, 699999, 12, 19, true, "Maestro card"},
};

bool usual_groups(const Run& run) {
  const auto are = [&](std::initializer_list<int> groups) {
    size_t i = 0;
    if (groups.size() != run.group_count) return false;
    for (const int g : groups) {
      if (run.groups[i++] != g) return false;
    }
    return true;
  };
  return run.group_count == 1 || are({4, 4, 4, 4}) || are({4, 6, 5}) || are({4, 6, 4}) || are({4, 4, 4, 4, 3}) ||
         are({4, 4, 4, 4, 2}) || are({6, 13}) || are({4, 4, 5});
}

// Text in front of `at`, on its line, as far as words may matter.
std::string_view words_before(std::string_view text, size_t at) {
  const size_t from = at > kContext ? at - kContext : 0;
  std::string_view words = text.substr(from, at - from);
  const size_t newline = words.rfind('\n');
  return newline == std::string_view::npos ? words : words.substr(newline + 1);
}

bool names_card(std::string_view words) {
  static constexpr std::string_view kWords[] = {"card", "visa", "pan=", "pan:", "pan\"", "maestro", "ccnum", "cc_num"};
  for (const std::string_view w : kWords) {
    if (holds_word(words, w)) return true;
  }
  return false;
}

// A number by itself: no part of a longer word, decimal fraction, UUID or telephone number.
bool stands_alone(std::string_view text, size_t begin, size_t end) {
  const char before = byte_before(text, begin);
  const char earlier = begin >= 2 ? text[begin - 2] : '\0';
  if (is_letter(before) && !(begin >= 3 && text[begin - 3] == '%')) return false;
  if (static_cast<unsigned char>(before) >= 0x80) return false;
  if (before == '.' && is_digit(earlier)) return false;
  if (before == '.' && byte_at(text, begin - 2) != ' ') return false;
  if ((before == '-' || before == '_') && is_alnum(earlier)) return false;
  if (before == '+') return false;
  const char after = byte_at(text, end);
  const char later = byte_at(text, end + 1);
  if (is_alnum(after) || after == '_' || static_cast<unsigned char>(after) >= 0x80) return false;
  if ((after == '-' || after == '+') && is_alnum(later)) return false;
  return !(after == '.' && is_digit(later));
}

// A piece of a table of numbers, perhaps hexadecimal ones: groups before or behind, apart by a blank.
bool among_numbers(std::string_view text, size_t begin, const Run& run) {
  if (run.separator != ' ') return false;
  if (byte_before(text, begin) == ' ' && begin >= 2 && is_alnum(text[begin - 2])) {
    size_t at = begin - 1;
    bool digit = false;
    while (at > 0 && is_alnum(text[at - 1]) && begin - at < 8) digit = is_digit(text[--at]) || digit;
    if (digit) return true;
  }
  if (byte_at(text, run.end) != ' ' || !is_digit(byte_at(text, run.end + 1))) return false;
  size_t end = run.end + 1;
  while (is_alnum(byte_at(text, end))) ++end;
  return end - run.end - 1 >= 3 && byte_at(text, end) != '/';
}

const Issuer* issuer_of(std::string_view digits) {
  int prefix = 0;
  for (size_t i = 0; i < 6; ++i) prefix = prefix * 10 + (digits[i] - '0');
  for (const Issuer& issuer : kIssuers) {
    if (prefix >= issuer.from && prefix <= issuer.to && digits.size() >= issuer.least && digits.size() <= issuer.most) {
      return &issuer;
    }
  }
  return nullptr;
}

void as_card(std::string_view text, size_t begin, const Run& run, Look& look) {
  const std::string_view digits(run.digits.data(), run.count);
  if (run.count < 12 || digits[0] == '0' || !usual_groups(run)) return;
  const Issuer* const issuer = issuer_of(digits);
  if (!issuer || digits.find_first_not_of(digits[0]) == std::string_view::npos) return;
  if (!stands_alone(text, begin, run.end)) return;
  const bool named = names_card(words_before(text, begin));
  const bool bare = run.group_count == 1 && !named;
  if (!luhn(digits)) {
    look.near_miss = bare && !issuer->doubtful;
    return;
  }
  if (!named && (issuer->doubtful || among_numbers(text, begin, run))) return;
  look.hit = Hit{Kind::Card, issuer->what, begin, run.end, 4, 4, bare};
}

bool names_ssn(std::string_view words) {
  static constexpr std::string_view kWords[] = {"ssn",     "social security", "social_security", "socialsecurity",
                                                "soc sec", "social-security", "soc. sec"};
  for (const std::string_view w : kWords) {
    for (size_t at = 0; at + w.size() <= words.size(); ++at) {
      if (!same_word(words.substr(at, w.size()), w)) continue;
      // A word by itself: "sessname" and "lessn" name nothing.
      if (w == "ssn" && (is_letter(byte_before(words, at)) || is_lower(byte_at(words, at + 3)))) continue;
      return true;
    }
  }
  return false;
}

// Ranges of the Social Security Administration: no area 000, 666 or 900-999, no group 00, no serial 0000; two numbers
// were printed in advertisements and are void.
bool valid_ssn(std::string_view d) {
  const int area = (d[0] - '0') * 100 + (d[1] - '0') * 10 + (d[2] - '0');
  if (area == 0 || area == 666 || area >= 900) return false;
  if (d.substr(3, 2) == "00" || d.substr(5) == "0000") return false;
  if (d == "078051120" || d == "219099999") return false;
  return d.find_first_not_of(d[0]) != std::string_view::npos;
}

std::optional<Hit> as_ssn(std::string_view text, size_t begin, const Run& run) {
  if (run.count != 9 || !valid_ssn({run.digits.data(), run.count})) return std::nullopt;
  const bool in_three = run.group_count == 3 && run.groups[0] == 3 && run.groups[1] == 2;
  if (!in_three && run.group_count != 1) return std::nullopt;
  if (!stands_alone(text, begin, run.end)) return std::nullopt;
  const bool dashed = in_three && run.separator == '-';
  if (!dashed && !names_ssn(words_before(text, begin))) return std::nullopt;
  if (byte_before(text, begin) == '/' || byte_at(text, run.end) == '/') return std::nullopt;
  return Hit{Kind::Ssn, "US social security number", begin, run.end, 0, 4};
}

// Lengths of the IBAN registry (ISO 13616).
struct Country {
  char code[3];
  uint8_t length;
};
constexpr Country kCountries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22},
    {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32},
    {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19},
    {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31},
    {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23},
    {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};

size_t iban_length(char first, char second) {
  for (const Country& c : kCountries) {
    if (c.code[0] == first && c.code[1] == second) return c.length;
  }
  return 0;
}

bool mod97_holds(std::string_view iban) {
  unsigned rest = 0;
  for (size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    rest = is_digit(c) ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                       : (rest * 100 + static_cast<unsigned>(c - 'A') + 10) % 97;
  }
  return rest == 1;
}

}  // namespace

Look look_at_digits(std::string_view text, size_t at, KindSet kinds) noexcept {
  // An escaped blank (%20) is two digits that belong to nothing.
  if (byte_before(text, at) == '%' && is_digit(byte_at(text, at + 1))) at += 2;
  Look look;
  look.next = end_of_digits(text, at);
  const size_t first = look.next - at;
  const bool more = separates(byte_at(text, look.next)) && is_digit(byte_at(text, look.next + 1));
  const bool whole = first == 9 || (first >= 12 && first <= kMostDigits);
  const bool grouped = more && (first == 3 || first == 4 || first == 6);
  if (!whole && !grouped) return look;
  Run run;
  if (!read_run(text, at, run)) {
    // Too long with what follows: perhaps a number with others behind it.
    run = {};
    const std::string_view alone = text.substr(0, look.next);
    if (!read_run(alone, at, run)) return look;
  }
  if (kinds.has(Kind::Card)) as_card(text, at, run, look);
  if (!look.hit && kinds.has(Kind::Card) && run.separator == ' ' && run.group_count == kMostGroups) {
    // Four groups and an expiry date or check number behind them.
    Run four;
    if (read_run(text.substr(0, at + 19), at, four) && four.count == 16) as_card(text, at, four, look);
  }
  if (!look.hit && kinds.has(Kind::Ssn)) look.hit = as_ssn(text, at, run);
  if (look.hit) look.next = look.hit->end;
  return look;
}

std::optional<Hit> look_at_iban(std::string_view text, size_t at) noexcept {
  const size_t length = iban_length(text[at], text[at + 1]);
  if (length == 0) return std::nullopt;
  const char before = byte_before(text, at);
  if (is_alnum(before) && !(at >= 3 && text[at - 3] == '%')) return std::nullopt;
  std::array<char, 34> iban{};
  size_t count = 0;
  size_t end = at;
  char separator = '\0';
  while (count < length && end < text.size()) {
    const char c = text[end];
    if (is_digit(c) || is_upper(c)) {
      iban[count++] = c;
    } else if (count % 4 == 0 && (c == ' ' || c == '-' || c == '+') && (separator == '\0' || separator == c)) {
      if (separator == '\0' && count != 4) return std::nullopt;
      separator = c;
      // One between groups, no more.
      if (!is_alnum(byte_at(text, end + 1))) return std::nullopt;
    } else {
      return std::nullopt;
    }
    ++end;
  }
  if (count != length || is_alnum(byte_at(text, end))) return std::nullopt;
  const std::string_view found(iban.data(), count);
  if (found.substr(2, 2) < "02" || found.substr(2, 2) > "98") return std::nullopt;
  if (!mod97_holds(found) || found.find_first_not_of('0', 4) == std::string_view::npos) return std::nullopt;
  return Hit{Kind::Iban, "IBAN", at, end, 4, 4};
}

}  // namespace gander::sensitive
