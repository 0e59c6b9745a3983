#include "ruletools/template_finder.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace gander::ruletools {
namespace {

struct Token {
  enum class Kind { Word, Number, Address, Path, Other };
  Kind kind = Kind::Other;
  std::string text;
  bool variable = false;
};
using Tokens = std::vector<Token>;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}
std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

size_t ipv4_length(std::string_view text) {
  size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return 0;
    const size_t begin = at;
    while (at < text.size() && is_digit(text[at]) && at - begin < 3) ++at;
    if (at == begin) return 0;
  }
  const bool goes_on =
      at < text.size() && (is_word(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1])));
  return goes_on ? 0 : at;
}

size_t ipv6_length(std::string_view text) {
  constexpr int kFewestColons = 2;
  size_t at = 0;
  int colons = 0;
  bool doubled = false;
  while (at < text.size() &&
         (std::isxdigit(static_cast<unsigned char>(text[at])) != 0 || text[at] == ':' || text[at] == '.')) {
    if (text[at] == ':') {
      ++colons;
      doubled = doubled || (at > 0 && text[at - 1] == ':');
    }
    ++at;
  }
  while (at > 0 && (text[at - 1] == '.' || (text[at - 1] == ':' && !text.substr(0, at).ends_with("::")))) {
    if (text[--at] == ':') --colons;
  }
  const bool goes_on = at < text.size() && is_word(text[at]);
  // 12:30:00 is a time: an address has "::" or eight parts.
  return colons >= kFewestColons && (doubled || colons == 7) && !goes_on ? at : 0;
}

Token next_token(std::string_view text, bool at_start_of_word) {
  using Kind = Token::Kind;
  if (at_start_of_word) {
    if (const size_t n = ipv4_length(text)) return {Kind::Address, std::string(text.substr(0, n)), true};
    if (const size_t n = ipv6_length(text)) return {Kind::Address, std::string(text.substr(0, n)), true};
    if (text.front() == '/') {
      const size_t end = std::min(text.find_first_of(" \t\"'<>()[],;"), text.size());
      return {Kind::Path, std::string(text.substr(0, end)), true};
    }
  }
  if (!is_word(text.front())) return {Kind::Other, std::string(1, text.front()), false};
  size_t end = 0;
  const auto joins = [&](char c) { return c == '.' || c == '-' || c == '@'; };
  while (end < text.size() &&
         (is_word(text[end]) || (joins(text[end]) && end + 1 < text.size() && is_word(text[end + 1]))))
    ++end;
  const std::string_view word = text.substr(0, end);
  const bool number = std::all_of(word.begin(), word.end(), is_digit);
  const bool made_up = std::any_of(word.begin(), word.end(), is_digit) || word.find('@') != std::string_view::npos;
  return {number ? Kind::Number : Kind::Word, std::string(word), number || made_up};
}

Tokens tokens_of(std::string_view message) {
  Tokens out;
  char quote = 0;
  while (!message.empty()) {
    const bool fresh = out.empty() || out.back().kind == Token::Kind::Other;
    Token token = next_token(message, fresh);
    message.remove_prefix(token.text.size());
    const bool other = token.kind == Token::Kind::Other;
    if (other && (token.text == "\"" || token.text == "'"))
      quote = quote == token.text[0] ? '\0' : quote ? quote : token.text[0];
    if (!other && (quote != 0 || (!out.empty() && out.back().text == "="))) token.variable = true;
    out.push_back(std::move(token));
  }
  return out;
}

// The word before `at`, over blanks, colons, quotes and the like.
std::string word_before(const Tokens& tokens, size_t at) {
  while (at-- > 0) {
    const Token& t = tokens[at];
    if (t.kind == Token::Kind::Other) {
      if (t.text.find_first_of(" :='\"[(") == std::string::npos) return {};
      continue;
    }
    return lower(t.text);
  }
  return {};
}

bool names_user(const std::string& word) {
  constexpr std::array<std::string_view, 4> kWords = {"user", "username", "for", "ruser"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// Words that name a user only with a sign behind them: "login=eve", "account: eve".
bool names_user_with_sign(const std::string& word) {
  constexpr std::array<std::string_view, 4> kWords = {"login", "account", "uname", "name"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool behind_sign(const Tokens& tokens, size_t at) {
  while (at > 0 && (tokens[at - 1].text == " " || tokens[at - 1].text == "\"" || tokens[at - 1].text == "'")) --at;
  return at > 0 && (tokens[at - 1].text == "=" || tokens[at - 1].text == ":");
}

// "for user x": the word `user` is no user.
bool is_user(const Tokens& tokens, size_t at) {
  static constexpr std::array<std::string_view, 6> kNone = {"user", "invalid", "illegal", "unknown", "the", "from"};
  if (tokens[at].kind != Token::Kind::Word && tokens[at].kind != Token::Kind::Number) return false;
  const std::string word = lower(tokens[at].text);
  if (std::find(kNone.begin(), kNone.end(), word) != kNone.end()) return false;
  const std::string before = word_before(tokens, at);
  return names_user(before) || (names_user_with_sign(before) && behind_sign(tokens, at));
}

bool same_shape(const Tokens& a, const Tokens& b) {
  if (a.size() != b.size()) return false;
  size_t words = 0;
  size_t equal = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const bool value =
        a[i].variable && b[i].variable && a[i].kind != Token::Kind::Other && b[i].kind != Token::Kind::Other;
    if (!value && a[i].kind != b[i].kind) return false;
    if (a[i].kind == Token::Kind::Other && a[i].text != b[i].text) return false;
    if (a[i].kind != Token::Kind::Word || a[i].variable || is_user(a, i)) continue;
    ++words;
    if (a[i].text == b[i].text) ++equal;
  }
  // Half of the words, and the first one: what is left over is no template.
  return equal * 2 >= words && (words == 0 || equal > 0);
}

class Writer {
 public:
  Writer(const Tokens& tokens, Template& out) : tokens_(tokens), out_(out) {}

  void write() {
    out_.pattern = out_.plain = "^";
    for (size_t i = 0; i < tokens_.size(); ++i) {
      const Token& t = tokens_[i];
      if (!t.variable) {
        constant(t.text);
        continue;
      }
      // Pieces that vary side by side are one.
      words("…");
      variable(i);
    }
    out_.pattern += '$';
    out_.plain += '$';
    while (out_.words.ends_with(' ')) out_.words.pop_back();
  }

 private:
  void constant(const std::string& text) {
    out_.pattern += escaped_pattern(text);
    out_.plain += escaped_pattern(text);
    words(text);
  }

  void words(const std::string& text) {
    const bool dots = text == "…" && out_.words.ends_with("…");
    if (!dots) out_.words += text;
  }

  bool take(const std::string& field) {
    if (std::find(out_.fields.begin(), out_.fields.end(), field) != out_.fields.end()) return false;
    out_.fields.push_back(field);
    return true;
  }

  void variable(size_t at) {
    const std::string before = word_before(tokens_, at);
    const std::string next = at + 1 < tokens_.size() ? tokens_[at + 1].text : "";
    const bool quoted =
        at > 0 && (tokens_[at - 1].text == "\"" || tokens_[at - 1].text == "'") && next == tokens_[at - 1].text;
    std::string text = quoted ? "[^" + escaped_pattern(next) + "]*" : "\\S+";
    std::string field;
    switch (tokens_[at].kind) {
      case Token::Kind::Address:
        text = "[0-9A-Fa-f.:]+";
        field = before == "to" || before == "dst" || before == "dest" ? "dstip" : "srcip";
        break;
      case Token::Kind::Number:
        text = "\\d+";
        if (before == "port" || before == "sport" || before == "spt" || behind_address(at)) field = "srcport";
        if (before == "dport" || before == "dpt") field = "dstport";
        if (is_user(tokens_, at)) {
          field = "user";
          text = quoted ? "[^" + escaped_pattern(next) + "]*" : "\\S+";
        }
        break;
      case Token::Kind::Path:
        field = "extra_data";
        break;
      default:
        field = is_user(tokens_, at) ? "user" : "extra_data";
    }
    out_.plain += text;
    out_.pattern += !field.empty() && take(field) ? "(" + text + ")" : text;
  }

  bool behind_address(size_t at) const {
    return at >= 2 && tokens_[at - 1].text == ":" && tokens_[at - 2].kind == Token::Kind::Address;
  }

  const Tokens& tokens_;
  Template& out_;
};

}  // namespace

std::string escaped_pattern(std::string_view text) {
  constexpr std::string_view kPlain = " _-:/,=@;'\"!%~";
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80 || kPlain.find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
  return out;
}

std::vector<Template> find_templates(const std::vector<std::string>& messages) {
  std::vector<Template> out;
  std::vector<Tokens> shapes;
  for (size_t i = 0; i < messages.size(); ++i) {
    const Tokens tokens = tokens_of(messages[i]);
    const auto known =
        std::find_if(shapes.begin(), shapes.end(), [&](const Tokens& s) { return same_shape(s, tokens); });
    if (known == shapes.end()) {
      shapes.push_back(tokens);
      out.push_back({{i}, {}, {}, {}, {}});
      continue;
    }
    for (size_t t = 0; t < tokens.size(); ++t) {
      Token& shape = (*known)[t];
      if (shape.kind != Token::Kind::Other && shape.text != tokens[t].text) shape.variable = true;
      if (shape.kind != tokens[t].kind) shape.kind = Token::Kind::Word;
    }
    out[static_cast<size_t>(known - shapes.begin())].lines.push_back(i);
  }
  for (size_t i = 0; i < out.size(); ++i) {
    for (size_t t = 0; t < shapes[i].size(); ++t) {
      if (is_user(shapes[i], t)) shapes[i][t].variable = true;
    }
    Writer(shapes[i], out[i]).write();
  }
  return out;
}

}  // namespace gander::ruletools
