// Whether the secret keys of an OpenPGP block are encrypted, by the S2K usage octet of each secret-key packet.
//
// Threads: function of its argument.
// Cost:    one pass over the block; no allocation.
// Fails:   never; what cannot be told is Unknown.
// Source:  RFC 4880 and RFC 9580, sections 4.2 and 5.5.3; GnuPG's doc/DETAILS for the S2K of keys that are elsewhere.
#pragma once

#include <string_view>

namespace gander::sensitive {

enum class PgpSecret {
  Unknown,
  Plain,      // at least one key can be used by whoever has the block
  Encrypted,  // at least one key, and each that was seen, needs a passphrase
  None,       // only stubs: the keys are on a card, or kept elsewhere
};

// `armour`: base64 in lines, without headers; its start is the first byte of the first packet.
PgpSecret pgp_secret(std::string_view armour) noexcept;

}  // namespace gander::sensitive
