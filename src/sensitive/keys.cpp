// Private keys: PEM of every usual label, OpenSSH, PGP, PuTTY, age.
#include <algorithm>
#include <array>

#include "sensitive/base64_text.h"
#include "sensitive/chars.h"
#include "sensitive/check.h"
#include "sensitive/pgp_secret.h"

namespace gander::sensitive {
namespace {

constexpr size_t kLongestKey = 32768;  // of what is masked and searched for the end
constexpr size_t kLeastBody = 40;      // base64 letters of the shortest key (Ed25519 in PKCS #8 has 64)

constexpr bool is_base64(char c) {
  return is_alnum(c) || c == '+' || c == '/' || c == '=';
}

struct Label {
  std::string_view text;  // behind BEGIN
  std::string_view what;
  std::string_view encrypted;
  std::string_view starts;  // letters that the first byte of the body can be in base64
};
constexpr Label kLabels[] = {
    {" RSA PRIVATE KEY-----", "RSA private key", "RSA private key, encrypted", "M"},
    {" DSA PRIVATE KEY-----", "DSA private key", "DSA private key, encrypted", "M"},
    {" EC PRIVATE KEY-----", "EC private key", "EC private key, encrypted", "M"},
    {" PRIVATE KEY-----", "PKCS #8 private key", "PKCS #8 private key, encrypted", "M"},
    {" ENCRYPTED PRIVATE KEY-----", "PKCS #8 private key, encrypted", "PKCS #8 private key, encrypted", "M"},
    {" ANY PRIVATE KEY-----", "private key", "private key, encrypted", "M"},
    {" OPENSSH PRIVATE KEY-----", "OpenSSH private key", "OpenSSH private key, encrypted", "b"},
    {" PGP PRIVATE KEY BLOCK-----", "PGP private key", "PGP private key, encrypted", "lx"},
    {" SSH2 ENCRYPTED PRIVATE KEY ----", "SSH2 private key, encrypted", "SSH2 private key, encrypted", "P"},
};

// The start of the body: behind blanks, newlines (also written \n or \r), quotes, and headers such as
// `Proc-Type: 4,ENCRYPTED`. Notes whether a header says that it is encrypted.
size_t body_of(std::string_view text, size_t at, bool& encrypted) {
  const size_t most = std::min(text.size(), at + 2048);
  while (at < most) {
    const char c = text[at];
    if (c == '\\' && (byte_at(text, at + 1) == 'n' || byte_at(text, at + 1) == 'r')) {
      at += 2;
      continue;
    }
    if (!is_base64(c) || c == '+') {
      ++at;
      continue;
    }
    // A word with a colon in its line is a header.
    size_t end = at;
    while (end < most && is_base64(text[end]) && end - at < kLeastBody) ++end;
    if (end - at >= kLeastBody) return at;
    const std::string_view near = text.substr(0, most);
    const size_t newline = std::min({near.find('\n', at), near.find("\\n", at), most});
    const std::string_view line = text.substr(at, newline - at);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon > 32) return at;
    if (line.starts_with("Proc-Type:") && line.find("ENCRYPTED") != std::string_view::npos) encrypted = true;
    at = newline;
  }
  return at;
}

// base64 letters of a body; copied into `out`.
size_t body_letters(std::string_view text, size_t at, char* out, size_t room, size_t& end) {
  size_t count = 0;
  while (count < kLongestKey) {
    const char c = next_letter(text, at);
    if (c == 0) break;
    if (count < room) out[count] = c;
    ++count;
    end = at;
  }
  return count;
}

// The cipher name of an OpenSSH key: magic, then a string of 4 bytes length.
bool openssh_encrypted(std::string_view letters, bool& is_key) {
  std::array<char, 48> bytes{};
  const size_t count = decode_base64(letters, bytes.data(), bytes.size());
  static constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  const std::string_view body(bytes.data(), count);
  is_key = body.starts_with(kMagic);
  return is_key && body.substr(kMagic.size() + 4, 4) != "none";
}

std::optional<Hit> pem(std::string_view text, size_t at) {
  const bool dashes = at >= 5 && text.substr(at - 5, 5) == "-----";
  const bool ssh2 = at >= 5 && text.substr(at - 5, 5) == "---- ";
  if (!dashes && !ssh2) return std::nullopt;
  const std::string_view behind = text.substr(at + 5);
  for (const Label& label : kLabels) {
    if (!behind.starts_with(label.text)) continue;
    bool encrypted = false;
    const size_t body = body_of(text, at + 5 + label.text.size(), encrypted);
    if (body >= text.size() || label.starts.find(text[body]) == std::string_view::npos) return std::nullopt;
    std::array<char, 64> letters{};
    size_t end = body;
    const size_t count = body_letters(text, body, letters.data(), letters.size(), end);
    const std::string_view seen(letters.data(), std::min(count, letters.size()));
    if (count < kLeastBody || entropy(seen) < 2.5) return std::nullopt;
    if (label.starts == "b") {
      bool is_key = false;
      encrypted = openssh_encrypted(seen, is_key);
      if (!is_key) return std::nullopt;
    }
    if (label.starts == "lx") {
      const PgpSecret secret = pgp_secret(text.substr(body, end - body));
      if (secret == PgpSecret::None) return std::nullopt;
      encrypted = secret == PgpSecret::Encrypted;
    }
    const std::string_view tail = text.substr(end, 16);
    const size_t closing = tail.find("-----END");
    if (closing != std::string_view::npos) {
      const size_t last = text.find("-----", end + closing + 8);
      if (last != std::string_view::npos && last - end < 96) end = last + 5;
    }
    return Hit{Kind::Key, encrypted ? label.encrypted : label.what, at - 5, end, 0, 0};
  }
  return std::nullopt;
}

std::optional<Hit> putty(std::string_view text, size_t at) {
  const std::string_view file = text.substr(at, 16384);
  if (!file.starts_with("PuTTY-User-Key-File-")) return std::nullopt;
  const size_t encryption = file.substr(0, 256).find("Encryption: ");
  if (encryption == std::string_view::npos) return std::nullopt;
  const size_t lines = file.find("Private-Lines: ");
  if (lines == std::string_view::npos || encryption > lines) return std::nullopt;
  const size_t body = file.find('\n', lines);
  if (body == std::string_view::npos) return std::nullopt;
  size_t end = at + body;
  const size_t count = body_letters(text, at + body, nullptr, 0, end);
  if (count < kLeastBody / 2) return std::nullopt;
  const bool open = file.substr(encryption + 12).starts_with("none");
  return Hit{Kind::Key, open ? "PuTTY private key" : "PuTTY private key, encrypted", at, end, 0, 0};
}

// Bech32 of BIP 173, in capitals, with the human-readable part `age-secret-key-`.
bool bech32_holds(std::string_view whole, size_t prefix) {
  static constexpr std::string_view kLetters = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  uint32_t sum = 1;
  const auto add = [&sum](uint32_t value) {
    static constexpr uint32_t kGenerator[] = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3};
    const uint32_t top = sum >> 25;
    sum = (sum & 0x1FFFFFF) << 5 ^ value;
    for (unsigned i = 0; i < 5; ++i) {
      if ((top >> i & 1) != 0) sum ^= kGenerator[i];
    }
  };
  for (size_t i = 0; i < prefix; ++i) add(static_cast<uint32_t>(lower(whole[i])) >> 5);
  add(0);
  for (size_t i = 0; i < prefix; ++i) add(static_cast<uint32_t>(lower(whole[i])) & 31);
  for (size_t i = prefix + 1; i < whole.size(); ++i) {
    const size_t value = kLetters.find(whole[i]);
    if (value == std::string_view::npos) return false;
    add(static_cast<uint32_t>(value));
  }
  return sum == 1;
}

std::optional<Hit> age(std::string_view text, size_t at) {
  static constexpr std::string_view kPrefix = "AGE-SECRET-KEY-";
  constexpr size_t kLength = 74;
  const std::string_view whole = text.substr(at, kLength);
  if (whole.size() != kLength || !whole.starts_with(kPrefix) || whole[kPrefix.size()] != '1') return std::nullopt;
  if (is_alnum(byte_before(text, at)) || is_alnum(byte_at(text, at + kLength))) return std::nullopt;
  if (!bech32_holds(whole, kPrefix.size())) return std::nullopt;
  return Hit{Kind::Key, "age private key", at, at + kLength, 0, 0};
}

}  // namespace

std::optional<Hit> look_at_key(std::string_view text, size_t at) noexcept {
  const std::string_view word = text.substr(at);
  if (word.starts_with("BEGIN")) return pem(text, at);
  if (word.starts_with("PuTTY")) return putty(text, at);
  if (word.starts_with("AGE-")) return age(text, at);
  return std::nullopt;
}

}  // namespace gander::sensitive
