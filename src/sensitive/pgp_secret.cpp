#include "sensitive/pgp_secret.h"

#include <cstdint>
#include <optional>

#include "sensitive/base64_text.h"

namespace gander::sensitive {
namespace {

constexpr uint32_t kSecretKey = 5;
constexpr uint32_t kSecretSubkey = 7;

// Bytes of the block, one after the other; `failed` once there is one too few.
class Bytes {
 public:
  explicit Bytes(std::string_view armour) : armour_(armour) {}

  // 0 to 255, or -1 at the end.
  int next() {
    while (have_ < 8) {
      const char c = next_letter(armour_, at_);
      if (c == 0 || c == '=') return -1;
      bits_ = (bits_ << 6 | static_cast<uint32_t>(base64_value(c))) & 0xFFFF;
      have_ += 6;
    }
    have_ -= 8;
    return static_cast<int>(bits_ >> have_ & 0xFF);
  }

 private:
  std::string_view armour_;
  size_t at_ = 0;
  uint32_t bits_ = 0;
  int have_ = 0;
};

// One packet's body, or all of the block: never more than is there.
class Part {
 public:
  Part(Bytes& bytes, uint64_t left) : bytes_(bytes), left_(left) {}

  uint32_t number(int octets) {
    uint32_t value = 0;
    for (int i = 0; i < octets; ++i) {
      const int byte = left_ > 0 && !failed_ ? bytes_.next() : -1;
      failed_ = failed_ || byte < 0;
      value = value << 8 | static_cast<uint32_t>(byte < 0 ? 0 : byte);
      if (left_ > 0) --left_;
    }
    return value;
  }
  void skip(uint64_t octets) {
    for (; octets > 0 && !failed_; --octets) number(1);
  }
  void skip_rest() { skip(left_); }
  bool failed() const { return failed_; }

 private:
  Bytes& bytes_;
  uint64_t left_;
  bool failed_ = false;
};

struct Packet {
  uint32_t tag = 0;
  uint64_t length = 0;
};

std::optional<Packet> next_packet(Bytes& bytes, bool& ended) {
  const int first = bytes.next();
  ended = first < 0;
  if (ended || (first & 0x80) == 0) return std::nullopt;
  Part head(bytes, 6);
  Packet packet;
  if ((first & 0x40) == 0) {
    const int kind = first & 3;
    if (kind == 3) return std::nullopt;  // to the end: no key is written so
    packet.tag = static_cast<uint32_t>(first) >> 2 & 15;
    packet.length = head.number(1 << kind);
  } else {
    packet.tag = static_cast<uint32_t>(first) & 63;
    packet.length = head.number(1);
    if (packet.length == 255) {
      packet.length = head.number(4);
    } else if (packet.length >= 224) {
      return std::nullopt;  // in pieces: only of data
    } else if (packet.length >= 192) {
      packet.length = ((packet.length - 192) << 8) + head.number(1) + 192;
    }
  }
  if (head.failed()) return std::nullopt;
  return packet;
}

void skip_integers(Part& body, int count) {
  for (int i = 0; i < count; ++i) body.skip((body.number(2) + 7) / 8);
}

// False: an algorithm that is not known, and so not how long its public part is.
bool skip_public_part(Part& body, uint32_t algorithm) {
  switch (algorithm) {
    case 1:
    case 2:
    case 3:  // RSA
      skip_integers(body, 2);
      return true;
    case 16:
    case 20:  // Elgamal
      skip_integers(body, 3);
      return true;
    case 17:  // DSA
      skip_integers(body, 4);
      return true;
    case 18:  // ECDH: curve, point, how the key is derived
      body.skip(body.number(1));
      skip_integers(body, 1);
      body.skip(body.number(1));
      return true;
    case 19:
    case 22:  // ECDSA, EdDSA as it was
      body.skip(body.number(1));
      skip_integers(body, 1);
      return true;
    case 25:
    case 27:  // X25519, Ed25519
      body.skip(32);
      return true;
    case 26:  // X448
      body.skip(56);
      return true;
    case 28:  // Ed448
      body.skip(57);
      return true;
    default:
      return false;
  }
}

// A stub of GnuPG: cipher, S2K 101, hash, "GNU", 1 (kept elsewhere) or 2 (on a card).
bool is_stub(Part& body) {
  body.skip(1);
  if (body.number(1) != 101) return false;
  body.skip(1);
  return body.number(3) == 0x474E55 && body.number(1) <= 2 && !body.failed();
}

PgpSecret secret_of(Part& body) {
  const uint32_t version = body.number(1);
  body.skip(4);  // when it was made
  if (version < 3 || version > 6) return PgpSecret::Unknown;
  if (version == 3) body.skip(2);  // how long it is valid
  const uint32_t algorithm = body.number(1);
  if (version >= 5) {
    body.skip(body.number(4));
  } else if (!skip_public_part(body, algorithm)) {
    return PgpSecret::Unknown;
  }
  const uint32_t usage = body.number(1);
  if (body.failed()) return PgpSecret::Unknown;
  if (usage == 0) return PgpSecret::Plain;
  if (version == 4 && usage >= 254 && is_stub(body)) return PgpSecret::None;
  return PgpSecret::Encrypted;
}

}  // namespace

PgpSecret pgp_secret(std::string_view armour) noexcept {
  Bytes bytes(armour);
  bool encrypted = false;
  bool stub = false;
  bool ended = false;
  while (const std::optional<Packet> packet = next_packet(bytes, ended)) {
    Part body(bytes, packet->length);
    if (packet->tag == kSecretKey || packet->tag == kSecretSubkey) {
      const PgpSecret secret = secret_of(body);
      if (secret == PgpSecret::Plain) return secret;
      if (secret == PgpSecret::Unknown) return encrypted ? PgpSecret::Encrypted : secret;
      encrypted = encrypted || secret == PgpSecret::Encrypted;
      stub = true;
    }
    body.skip_rest();
    if (body.failed()) break;
  }
  if (encrypted) return PgpSecret::Encrypted;
  return stub && ended ? PgpSecret::None : PgpSecret::Unknown;
}

}  // namespace gander::sensitive
