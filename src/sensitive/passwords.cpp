// Passwords and other secrets in URLs (scheme://user:password@host) and as values of configuration.
#include <algorithm>

#include "sensitive/base64_text.h"
#include "sensitive/chars.h"
#include "sensitive/check.h"
#include "sensitive/placeholder.h"

namespace gander::sensitive {
namespace {

constexpr size_t kLongestAuthority = 512;
constexpr size_t kLongestName = 64;
constexpr size_t kLongestValue = 256;

bool ends_authority(char c) {
  return c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' ||
         static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == ')' || c == '|' || c == ',' || c == ';';
}

// --- names of settings

constexpr bool in_name(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

// What a name promises: a password that people think up, or a secret that machines make.
enum class Promise { Nothing, Password, Secret };

bool ends_with_word(std::string_view name, std::string_view word) {
  return name.size() >= word.size() && same_word(name.substr(name.size() - word.size()), word);
}

Promise promise_of(std::string_view name) {
  while (!name.empty() && (is_digit(name.back()) || name.back() == '_')) name.remove_suffix(1);
  static constexpr std::string_view kPasswords[] = {"password", "passwd", "passphrase", "passwort", "pwd", "passcode"};
  for (const std::string_view w : kPasswords) {
    if (ends_with_word(name, w)) return Promise::Password;
  }
  // "pass" by itself or as the last part of a name: not compass, bypass.
  if (ends_with_word(name, "pass")) {
    const char before = name.size() > 4 ? name[name.size() - 5] : '\0';
    if (!is_lower(before) || is_upper(name[name.size() - 4])) return Promise::Password;
    static constexpr std::string_view kTogether[] = {"dbpass",   "userpass",  "mypass",
                                                     "rootpass", "adminpass", "authpass"};
    for (const std::string_view w : kTogether) {
      if (ends_with_word(name, w)) return Promise::Password;
    }
  }
  static constexpr std::string_view kSecrets[] = {
      "secret",      "secret_key",     "secretkey",   "secret-key",    "access_key",   "accesskey",     "access-key",
      "api_key",     "apikey",         "api-key",     "auth_token",    "authtoken",    "auth-token",    "access_token",
      "accesstoken", "access-token",   "api_token",   "api-token",     "apitoken",     "auth_key",      "authkey",
      "private_key", "encryption_key", "signing_key", "refresh_token", "bearer_token", "session_token", "bot_token"};
  for (const std::string_view w : kSecrets) {
    if (ends_with_word(name, w)) return Promise::Secret;
  }
  return Promise::Nothing;
}

struct Value {
  size_t begin = 0;
  size_t end = 0;
  bool quoted = false;
  bool doubtful = false;  // written as code writes it
  bool element = false;   // <password>value</password>
};

size_t skip_blanks(std::string_view text, size_t at) {
  while (byte_at(text, at) == ' ' || byte_at(text, at) == '\t') ++at;
  return at;
}

// Behind the name: `="value"`, `: value`, `=> 'value'`, `>value<`, also when the quotes are escaped (JSON in JSON).
std::optional<Value> value_behind(std::string_view text, size_t name_begin, size_t name_end) {
  size_t at = name_end;
  Value value;
  if (byte_at(text, at) == '>' && byte_before(text, name_begin) == '<') {
    value.begin = at + 1;
    value.end = value.begin + std::min(text.substr(value.begin, kLongestValue).find('<'), kLongestValue + 1);
    value.quoted = true;
    value.element = true;
    if (byte_at(text, value.end + 1) != '/') return std::nullopt;
    return value;
  }
  if (byte_at(text, at) == '\\') ++at;
  if (byte_at(text, at) == '"' || byte_at(text, at) == '\'') ++at;
  if (byte_at(text, at) == ']') ++at;  // $config['password'] =
  const size_t name_closed = at;
  at = skip_blanks(text, at);
  const bool blank = at != name_closed;
  const char sign = byte_at(text, at);
  if (sign != '=' && sign != ':') return std::nullopt;
  ++at;
  if (byte_at(text, at) == '=' || byte_at(text, at) == ':' || byte_at(text, at) == '~') {
    if (!(sign == ':' && byte_at(text, at) == '=')) return std::nullopt;
    value.doubtful = true;
    ++at;
  } else if (sign == '=' && byte_at(text, at) == '>') {
    ++at;
  }
  at = skip_blanks(text, at);
  if (byte_at(text, at) == '\\' && byte_at(text, at + 1) == '"') ++at;
  const char quote = byte_at(text, at);
  if (quote == '"' || quote == '\'') {
    value.begin = at + 1;
    value.end = value.begin;
    while (value.end < text.size() && text[value.end] != quote && text[value.end] != '\n' &&
           value.end - value.begin <= kLongestValue) {
      ++value.end;
    }
    if (byte_at(text, value.end) != quote) return std::nullopt;
    if (value.end > value.begin && text[value.end - 1] == '\\') --value.end;
    value.quoted = true;
    return value;
  }
  value.begin = at;
  value.end = at;
  while (value.end < text.size() && value.end - value.begin <= kLongestValue &&
         static_cast<unsigned char>(text[value.end]) > ' ' && text[value.end] != '"' && text[value.end] != '\'' &&
         text[value.end] != '<' && text[value.end] != ',' && text[value.end] != ';' &&
         !(text[value.end] == '&' && sign == '=')) {
    ++value.end;
  }
  // `name : Type`, `name: Type;`, `name = other;`
  const char behind = byte_at(text, value.end);
  const bool closed = behind == ';' || behind == ',' || behind == ')';
  if (sign == ':' ? blank || closed : blank && closed) value.doubtful = true;
  return value;
}

struct Makeup {
  size_t uppers = 0;
  size_t lowers = 0;
  size_t digits = 0;
  size_t signs = 0;
  size_t others = 0;  // blanks, control characters, bytes outside ASCII
};

Makeup makeup_of(std::string_view value) {
  Makeup m;
  for (const char c : value) {
    if (is_upper(c))
      ++m.uppers;
    else if (is_lower(c))
      ++m.lowers;
    else if (is_digit(c))
      ++m.digits;
    else if (c > ' ' && c < '\x7F')
      ++m.signs;
    else
      ++m.others;
  }
  return m;
}

// Code and prose: calls, members, types, sentences.
bool looks_like_code(std::string_view value, bool quoted) {
  if (value.find('(') != std::string_view::npos || value.find("->") != std::string_view::npos ||
      value.find("::") != std::string_view::npos || value.find("==") != std::string_view::npos ||
      value.find("+=") != std::string_view::npos) {
    return true;
  }
  if (quoted) return value.find("://") != std::string_view::npos || value.ends_with(':') || value.find('%') == 0;
  if (value.find_first_of("{}[]()|\\") != std::string_view::npos) return true;
  static constexpr std::string_view kTypes[] = {"utf8", "uint", "varchar", "string", "int32", "int64", "char["};
  for (const std::string_view type : kTypes) {
    if (holds_word(value, type)) return true;
  }
  // A name, perhaps with members: `args.value2`. A password thought up is not one with a dot or underscore.
  const bool name = is_letter(value[0]) && std::all_of(value.begin(), value.end(), [](char c) {
                      return is_alnum(c) || c == '_' || c == '.' || c == '+' || c == '^';
                    });
  return name && value.find_first_of("._+^") != std::string_view::npos;
}

bool is_password(std::string_view value, bool quoted) {
  if (value.size() < 6 || value.size() > 128) return false;
  if (is_placeholder(value) || looks_like_code(value, quoted)) return false;
  const Makeup m = makeup_of(value);
  if (m.others > 0) return false;
  constexpr std::string_view kStrong = "!@#$^*+?~&%";
  const size_t strong = value.find_first_of(kStrong);
  // Version numbers and object ids have no letters, either.
  if (m.uppers + m.lowers == 0) return value.size() >= 8 && m.digits > 0 && strong != std::string_view::npos;
  // Words alone are translations and descriptions more often than passwords.
  return m.digits > 0 || (strong != std::string_view::npos && strong + 1 < value.size());
}

bool is_secret(std::string_view value) {
  if (value.size() < 20 || value.size() > kLongestValue) return false;
  if (is_placeholder(value) || is_placeholder_token(value)) return false;
  const bool letters = std::all_of(value.begin(), value.end(), [](char c) {
    return is_alnum(c) || c == '+' || c == '/' || c == '=' || c == '_' || c == '-' || c == '.' || c == '~';
  });
  if (!letters) return false;
  const Makeup m = makeup_of(value);
  if (m.digits < 2 || m.uppers + m.lowers < 2 || m.signs * 5 > value.size()) return false;
  return entropy(value) >= (m.uppers > 0 && m.lowers > 0 ? 3.7 : 3.2);
}

// Forty letters of base64 under a name of AWS.
bool is_aws_secret(std::string_view name, std::string_view value) {
  return value.size() == 40 &&
         (holds_word(name, "aws") || holds_word(name, "secretaccesskey") || holds_word(name, "secret_access_key"));
}

Look nothing(size_t next) {
  return {std::nullopt, next};
}

}  // namespace

std::optional<Hit> look_at_url(std::string_view text, size_t at) noexcept {
  if (!is_alnum(byte_before(text, at)) || text.substr(at, 3) != "://") return std::nullopt;
  const size_t begin = at + 3;
  size_t end = begin;
  size_t sign = 0;
  size_t colon = 0;
  while (end < text.size() && end - begin < kLongestAuthority && !ends_authority(text[end])) {
    if (text[end] == '@') sign = end;
    if (text[end] == ':' && colon == 0) colon = end;
    ++end;
  }
  if (sign == 0 || colon == 0 || colon >= sign) return std::nullopt;
  const std::string_view user = text.substr(begin, colon - begin);
  const std::string_view password = text.substr(colon + 1, sign - colon - 1);
  const std::string_view host = text.substr(sign + 1, end - sign - 1);
  if (password.size() < 3 || is_placeholder(password) || holds_word(host, "example")) return std::nullopt;
  if (user.empty() && password.find(':') != std::string_view::npos) return std::nullopt;
  if (same_word(user, password) || (!is_alnum(host[0]) && host[0] != '[')) return std::nullopt;
  if (password.find_first_of("{}[]()*") != std::string_view::npos) return std::nullopt;
  return Hit{Kind::Password, "password in a URL", colon + 1, sign, 0, 0};
}

Look look_at_name(std::string_view text, size_t at, KindSet kinds) noexcept {
  size_t begin = at;
  while (begin > 0 && in_name(text[begin - 1]) && at - begin < kLongestName) --begin;
  size_t end = at;
  while (end < text.size() && in_name(text[end]) && end - at < kLongestName) ++end;
  const std::string_view name = text.substr(begin, end - begin);
  const Promise promise = promise_of(name);
  if (promise == Promise::Nothing) return nothing(end);
  const std::optional<Value> value = value_behind(text, begin, end);
  if (!value || value->doubtful || value->end == value->begin || value->end - value->begin > kLongestValue)
    return nothing(end);
  std::string_view written = text.substr(value->begin, value->end - value->begin);
  if (!value->quoted) {
    while (!written.empty() && (written.back() == '.' || written.back() == ':')) written.remove_suffix(1);
    // `(password: abc1)` in a sentence, not in a parameter list.
    const bool in_brackets = byte_before(text, begin) == '(' && !is_alnum(byte_before(text, begin - 1));
    if (in_brackets && !written.empty() && written.back() == ')') written.remove_suffix(1);
    if (written.empty()) return nothing(end);
    if (promise == Promise::Secret && written.find('+') != std::string_view::npos && looks_like_code(written, false)) {
      return nothing(end);
    }
  }
  // What is known by its own form is found there, under its own name.
  if (kinds.has(Kind::Token) && look_at_token(text, value->begin)) return nothing(end);
  const Hit hit{Kind::Password, "password in a configuration", value->begin, value->begin + written.size(), 0, 0};
  if (promise == Promise::Secret && is_aws_secret(name, written) && is_secret(written)) {
    if (!kinds.has(Kind::Token)) return nothing(end);
    Hit aws = hit;
    aws.kind = Kind::Token;
    aws.what = "AWS secret access key";
    return {aws, hit.end};
  }
  if (!kinds.has(Kind::Password)) return nothing(end);
  if (promise == Promise::Password && is_password(written, value->quoted)) return {hit, hit.end};
  if (promise == Promise::Secret && is_secret(written)) {
    Hit secret = hit;
    secret.what = "secret in a configuration";
    return {secret, hit.end};
  }
  return nothing(end);
}

}  // namespace gander::sensitive
