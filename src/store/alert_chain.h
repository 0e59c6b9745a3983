// AlertChain: a keyed hash chain beside a dated log file: who edits, cuts or removes what was written, and has not the
// key, is found, with the place.
//
// FILE.chain holds one record for each piece (at most kPiece bytes) that was written to FILE: where it stands, a short
// mark of each kBlock bytes (to find the place of an edit) and an HMAC-SHA256 over all of it, the bytes themselves, and
// the HMAC before. The first record of a file names the file before it and its last HMAC.
//
// Owns:    the key and where each chain ends.
// Threads: one thread.
// Cost:    SHA-256 over the bytes; an eighth of their size and 48 bytes a piece.
// Fails:   cannot, but for the key: A206.
// Source:  docs/formats/alerts-chain.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::store {

using Mac = std::array<uint8_t, 32>;

class ChainKey {
 public:
  static constexpr size_t kBytes = 32;

  // Reads the key of the home (etc/alerts.key, 64 hex digits, mode 0640), or makes one. `made` says which.
  enum class Missing { Make, Fail };
  static Result<ChainKey> load(const std::string& path, Missing missing, bool* made = nullptr);
  explicit ChainKey(const std::array<uint8_t, kBytes>& key);
  ~ChainKey();
  ChainKey(ChainKey&&) noexcept;
  ChainKey& operator=(ChainKey&&) noexcept;

  // HMAC over the parts, one behind the other.
  Mac mac(std::initializer_list<std::string_view> parts) const;
  // The mark of a block that begins at this offset of its file.
  uint16_t mark(uint64_t offset, std::string_view block) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

constexpr size_t kChainPiece = size_t{64} * 1024;
constexpr size_t kChainBlock = 16;
constexpr std::string_view kChainMagic = "GNDRCHN1";

// One record as it stands in the file.
struct ChainRecord {
  enum class Kind : uint8_t { Link = 1, Piece = 2 };
  Kind kind = Kind::Piece;
  uint64_t offset = 0;      // Piece: of the log file
  uint64_t length = 0;      // Piece
  std::string_view marks;   // Piece: two bytes a block
  std::string_view before;  // Link: name of the file before, relative to the home; empty: none
  Mac before_mac{};         // Link: its last HMAC
  Mac mac{};
  std::string_view signed_text;  // the record up to its HMAC
  size_t size = 0;               // in the chain file
};
// The record at the front of `bytes`; nothing when it is cut or is none.
std::optional<ChainRecord> first_chain_record(std::string_view bytes);

// Where a chain ends.
struct ChainHead {
  std::string path;         // of the log file, relative to the home
  uint64_t chain_size = 0;  // of the chain file
  uint64_t log_end = 0;     // bytes of the log file that are behind the last record
  Mac mac{};

  std::string text() const;
  static std::optional<ChainHead> from_text(std::string_view text);
};

inline std::string chain_name(const std::string& log) {
  return log + ".chain";
}

// Begins the chain of `path`, linked to `before`.
void begin_chain(const ChainKey& key, ChainHead& head, const std::string& path, const ChainHead* before,
                 std::string& out);
// Appends the records for `bytes` at `offset` of the log file.
void append_chain(const ChainKey& key, ChainHead& head, uint64_t offset, std::string_view bytes, std::string& out);
// Reads a chain file to its end without checking it. Nothing: it is not whole.
std::optional<ChainHead> end_of_chain(const std::string& path, std::string_view chain);

}  // namespace gander::store
