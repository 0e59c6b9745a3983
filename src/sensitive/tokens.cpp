// Tokens of cloud services and APIs, by their documented formats.
#include <algorithm>
#include <array>
#include <cstdint>

#include "sensitive/base64_text.h"
#include "sensitive/chars.h"
#include "sensitive/check.h"
#include "sensitive/placeholder.h"

namespace gander::sensitive {
namespace {

enum class Letters { Base62, UrlBase64, Hex, Upper32, Dotted, Slack, Base64, DigitsSign };

bool belongs(Letters letters, char c) {
  switch (letters) {
    case Letters::Base62:
      return is_alnum(c);
    case Letters::UrlBase64:
      return is_alnum(c) || c == '-' || c == '_';
    case Letters::Hex:
      return is_digit(c) || (c >= 'a' && c <= 'f');
    case Letters::Upper32:
      return is_upper(c) || (c >= '2' && c <= '7');
    case Letters::Dotted:
      return is_alnum(c) || c == '-' || c == '_' || c == '.';
    case Letters::Slack:
      return is_alnum(c) || c == '-';
    case Letters::Base64:
      return is_alnum(c) || c == '+' || c == '/' || c == '=';
    case Letters::DigitsSign:
      return is_alnum(c) || c == '_';
  }
  return false;
}

using Body = std::string_view;

// CRC-32 of the first thirty letters, as six digits to base 62 (GitHub, npm).
bool crc_base62(Body body) {
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  uint32_t sum = crc32(body.substr(0, body.size() - 6));
  for (size_t i = body.size(); i-- > body.size() - 6;) {
    if (body[i] != kDigits[sum % 62]) return false;
    sum /= 62;
  }
  return true;
}

// `…_12345678`: CRC-32 of what is in front of the last underscore, in hex (Grafana).
bool grafana_sum(Body body) {
  return body.size() == 41 && body[32] == '_' &&
         std::all_of(body.begin() + 33, body.end(), [](char c) { return is_hex(c); });
}

bool slack_parts(Body body) {
  const auto dashes = std::count(body.begin(), body.end(), '-');
  const size_t digits = body.find_first_not_of("0123456789");
  const bool numbered = digits != Body::npos && digits >= 9 && body[digits] == '-' && dashes >= 1;
  const bool versioned = body.starts_with("1-") || body.starts_with("2-");
  return numbered || versioned;
}

bool dotted_2243(Body body) {
  return body.size() == 66 && body[22] == '.' && body.find('.', 23) == Body::npos;
}

bool pat_parts(Body body) {
  return body.size() == 82 && body[22] == '_' && body.find('_', 23) == Body::npos;
}

bool base64_88(Body body) {
  return body.size() == 88 && body.ends_with("==") && body.find('=') == 86;
}

bool base64_44(Body body) {
  return body.size() == 44 && body.find('=') == 43;
}

bool webhook_parts(Body body) {
  return std::count(body.begin(), body.end(), '/') == 2 && body.size() - body.rfind('/') == 25;
}

bool openai_mark(Body body) {
  return body.find("T3BlbkFJ") != Body::npos;
}

bool macaroon(Body body) {
  return body.starts_with("AgEIcHlwaS5vcmc") || body.starts_with("AgENdGVzdC5weXBpLm9yZw");
}

struct Format {
  std::string_view prefix;
  std::string_view what;
  Letters letters;
  uint16_t least;  // letters behind the prefix
  uint16_t most;
  double bits;  // least entropy a letter; 0: a checksum says enough
  bool (*holds)(Body) = nullptr;
};

constexpr uint16_t kAny = 512;
constexpr Format kFormats[] = {
    {"AKIA", "AWS access key id", Letters::Upper32, 16, 16, 3.0},
    {"ASIA", "AWS temporary access key id", Letters::Upper32, 16, 16, 3.0},
    {"AIza", "Google API key", Letters::UrlBase64, 35, 35, 3.8},
    {"ya29.", "Google OAuth access token", Letters::Dotted, 40, kAny, 3.8},
    {"GOCSPX-", "Google OAuth client secret", Letters::UrlBase64, 28, 28, 3.5},
    {"ghp_", "GitHub token", Letters::Base62, 36, 36, 0, crc_base62},
    {"gho_", "GitHub OAuth token", Letters::Base62, 36, 36, 0, crc_base62},
    {"ghu_", "GitHub user token", Letters::Base62, 36, 36, 0, crc_base62},
    {"ghs_", "GitHub server token", Letters::Base62, 36, 36, 0, crc_base62},
    {"ghr_", "GitHub refresh token", Letters::Base62, 36, 76, 0, crc_base62},
    {"github_pat_", "GitHub fine-grained token", Letters::DigitsSign, 82, 82, 4.0, pat_parts},
    {"glpat-", "GitLab token", Letters::Dotted, 20, 64, 3.3},
    {"gldt-", "GitLab deploy token", Letters::UrlBase64, 20, 64, 3.3},
    {"glrt-", "GitLab runner token", Letters::UrlBase64, 20, 64, 3.3},
    {"glptt-", "GitLab trigger token", Letters::Hex, 40, 40, 3.0},
    {"glsa_", "Grafana service token", Letters::DigitsSign, 41, 41, 3.5, grafana_sum},
    {"xoxb-", "Slack bot token", Letters::Slack, 24, 160, 3.0, slack_parts},
    {"xoxp-", "Slack user token", Letters::Slack, 24, 160, 3.0, slack_parts},
    {"xoxa-", "Slack app token", Letters::Slack, 24, 200, 3.0, slack_parts},
    {"xoxr-", "Slack refresh token", Letters::Slack, 24, 200, 3.0, slack_parts},
    {"xoxs-", "Slack session token", Letters::Slack, 24, 200, 3.0, slack_parts},
    {"xoxe-", "Slack refresh token", Letters::Slack, 24, 240, 3.0, slack_parts},
    {"xapp-", "Slack app-level token", Letters::Slack, 40, 160, 3.0, slack_parts},
    {"hooks.slack.com/services/", "Slack webhook", Letters::Base64, 40, 64, 3.0, webhook_parts},
    {"sk_live_", "Stripe secret key", Letters::Base62, 24, 247, 3.5},
    {"rk_live_", "Stripe restricted key", Letters::Base62, 24, 247, 3.5},
    {"whsec_", "webhook signing secret", Letters::Base64, 32, 64, 3.5},
    {"npm_", "npm token", Letters::Base62, 36, 36, 0, crc_base62},
    {"pypi-", "PyPI token", Letters::UrlBase64, 85, kAny, 3.8, macaroon},
    {"SG.", "SendGrid API key", Letters::Dotted, 66, 66, 4.0, dotted_2243},
    {"SK", "Twilio API key", Letters::Hex, 32, 32, 3.0},
    {"AccountKey=", "Azure storage account key", Letters::Base64, 88, 88, 4.5, base64_88},
    {"SharedAccessKey=", "Azure shared access key", Letters::Base64, 44, 44, 4.0, base64_44},
    {"hf_", "Hugging Face token", Letters::Base62, 34, 37, 4.0},
    {"dop_v1_", "DigitalOcean token", Letters::Hex, 64, 64, 3.3},
    {"doo_v1_", "DigitalOcean OAuth token", Letters::Hex, 64, 64, 3.3},
    {"shpat_", "Shopify token", Letters::Hex, 32, 32, 3.0},
    {"shpss_", "Shopify shared secret", Letters::Hex, 32, 32, 3.0},
    {"shpca_", "Shopify custom token", Letters::Hex, 32, 32, 3.0},
    {"shppa_", "Shopify private token", Letters::Hex, 32, 32, 3.0},
    {"sk-ant-", "Anthropic API key", Letters::UrlBase64, 80, 128, 4.0},
    {"sk-proj-", "OpenAI API key", Letters::UrlBase64, 60, 200, 4.0, openai_mark},
    {"hvs.", "Vault token", Letters::UrlBase64, 24, 200, 3.8},
    {"dapi", "Databricks token", Letters::Hex, 32, 32, 3.0},
    {"dckr_pat_", "Docker Hub token", Letters::UrlBase64, 27, 27, 3.5},
    {"sq0csp-", "Square secret", Letters::UrlBase64, 43, 43, 4.0},
    {"sq0atp-", "Square token", Letters::UrlBase64, 22, 22, 3.5},
};

// Keys that are printed in documentation and belong to nobody, each told by a piece of it.
constexpr std::string_view kWellKnown[] = {
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",  // storage emulator of Azure
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",                     // the sample of jwt.io
    "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",                     // RFC 7519 and RFC 7797
};

bool well_known(std::string_view text) {
  return std::any_of(std::begin(kWellKnown), std::end(kWellKnown),
                     [&](std::string_view known) { return text.find(known) != std::string_view::npos; });
}

std::optional<Hit> fits(const Format& format, std::string_view text, size_t at) {
  // A prefix in the middle of a word is chance; short ones even behind a sign.
  const char before = byte_before(text, at);
  if (is_alnum(before) || before == '_' || before == '+') return std::nullopt;
  if (before == '/' && format.prefix.size() < 5) return std::nullopt;
  const size_t begin = at + format.prefix.size();
  size_t end = begin;
  while (end < text.size() && end - begin <= format.most && belongs(format.letters, text[end])) ++end;
  // A full stop that ends a sentence, a dash at the end: no part of it.
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-') && end - begin > format.least) --end;
  const Body body = text.substr(begin, end - begin);
  if (body.size() < format.least || body.size() > format.most) return std::nullopt;
  if (is_alnum(byte_at(text, end)) || byte_at(text, end) == '_') return std::nullopt;
  if (format.holds && !format.holds(body)) return std::nullopt;
  if (format.bits > 0 && (entropy(body) < format.bits || is_placeholder_token(body) || well_known(body))) {
    return std::nullopt;
  }
  return Hit{Kind::Token, format.what, at, end, format.prefix.size(), 0};
}

// Header with "alg", payload that is an object, a signature.
std::optional<Hit> json_web_token(std::string_view text, size_t at) {
  const char before = byte_before(text, at);
  if (is_alnum(before) || before == '_' || before == '-' || before == '.') return std::nullopt;
  std::array<size_t, 3> ends{};
  size_t from = at;
  for (size_t part = 0; part < 3; ++part) {
    size_t end = from;
    while (end < text.size() && end - from < 8192 && belongs(Letters::UrlBase64, text[end])) ++end;
    ends[part] = end;
    if (part < 2 && (end == from || byte_at(text, end) != '.')) return std::nullopt;
    from = end + 1;
  }
  const std::string_view payload = text.substr(ends[0] + 1, ends[1] - ends[0] - 1);
  const std::string_view signature = text.substr(ends[1] + 1, ends[2] - ends[1] - 1);
  if (!payload.starts_with("ey") || signature.size() < 32 || entropy(signature) < 3.5) return std::nullopt;
  std::array<char, 256> header{};
  const size_t count = decode_base64(text.substr(at, ends[0] - at), header.data(), header.size());
  const std::string_view json(header.data(), count);
  if (json.find("\"alg\"") == std::string_view::npos || well_known(signature)) return std::nullopt;
  return Hit{Kind::Token, "JSON web token", at, ends[2], 3, 0};
}

// `sig=` of a shared access signature: 32 bytes in base64, escaped, beside `sv=` and `se=`.
std::optional<Hit> azure_signature(std::string_view text, size_t at) {
  const char before = byte_before(text, at);
  if (before != '&' && before != '?') return std::nullopt;
  const size_t from = at > 400 ? at - 400 : 0;
  const std::string_view around = text.substr(from, at - from + 400);
  if (around.find("sv=20") == std::string_view::npos) return std::nullopt;
  const size_t begin = at + 4;
  size_t end = begin;
  while (end < text.size() && end - begin < 120 && (belongs(Letters::Base64, text[end]) || text[end] == '%')) ++end;
  const std::string_view value = text.substr(begin, end - begin);
  if (value.size() < 43 || !(value.ends_with("%3D") || value.ends_with("=")) || entropy(value) < 3.8) {
    return std::nullopt;
  }
  return Hit{Kind::Token, "Azure shared access signature", begin, end, 0, 0};
}

// Client secrets of Microsoft Entra: three letters, a digit, Q~, and 31 to 34 letters.
std::optional<Hit> azure_secret(std::string_view text, size_t at) {
  if (at < 3) return std::nullopt;
  const auto inside = [](char c) { return belongs(Letters::Dotted, c) || c == '~'; };
  const size_t begin = at - 3;
  if (begin > 0 && inside(text[begin - 1])) return std::nullopt;
  size_t end = begin;
  while (end < text.size() && end - begin < 48 && inside(text[end])) ++end;
  const size_t length = end - begin;
  if (length != 40 && length != 37) return std::nullopt;
  if (entropy(text.substr(begin, length)) < 3.8) return std::nullopt;
  return Hit{Kind::Token, "Azure client secret", begin, end, 0, 0};
}

}  // namespace

std::optional<Hit> look_at_token(std::string_view text, size_t at) noexcept {
  const std::string_view here = text.substr(at);
  if (here.starts_with("eyJ")) return json_web_token(text, at);
  if (here.starts_with("sig=")) return azure_signature(text, at);
  if (is_digit(here[0]) && here.substr(1).starts_with("Q~")) return azure_secret(text, at);
  for (const Format& format : kFormats) {
    if (!here.starts_with(format.prefix)) continue;
    if (auto hit = fits(format, text, at)) return hit;
  }
  return std::nullopt;
}

}  // namespace gander::sensitive
