// Event: one received message, its header taken apart and its fields decoded.
//
// Owns:    an arena with every byte its views point to. Move-only; used again for the next message by reset().
// Threads: one thread at a time.
// Views:   `data() == nullptr` means "not set"; an empty view with data means "set, empty". All views live until
// reset().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "model/actor.h"
#include "model/category.h"
#include "model/decoder_info.h"
#include "model/file_change.h"
#include "text/subject.h"

namespace gander::model {

enum class Field : uint8_t {
  DstUser,
  SrcUser,
  SrcIp,
  DstIp,
  SrcPort,
  DstPort,
  Protocol,
  Action,
  Id,
  Url,
  Data,  // `extra_data` of decoders and rules
  Status,
  SystemName,
  Filename,
  kCount,
};
constexpr size_t kFieldCount = static_cast<size_t>(Field::kCount);

// A field of a name chosen by a decoder (dynamic field), in slot order of the decoder that matched last.
struct NamedField {
  std::string_view name;
  std::string_view value;
};

class Event {
 public:
  Event() = default;
  Event(Event&&) = default;
  Event& operator=(Event&&) = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  // Forgets the previous message.
  void reset();

  // A copy of `text` that lives as long as this message.
  std::string_view keep(std::string_view text) { return arena.copy(text); }

  std::string_view field(Field f) const { return fields[static_cast<size_t>(f)]; }
  bool has(Field f) const { return field(f).data() != nullptr; }
  void set(Field f, std::string_view value) { fields[static_cast<size_t>(f)] = value; }

  // `v`, a view of this message, with its encoding: ASCII messages have ASCII parts, others are looked at again.
  text::Subject subject(std::string_view v) const {
    return encoding == text::Encoding::Ascii ? text::Subject{v, encoding} : text::Subject::of(v);
  }
  text::Subject log_subject() const { return {log, log_encoding}; }

  base::Arena arena;

  base::Instant time{};                                 // receive time, given by the caller
  std::string_view location;                            // "stdin", a file name, or "(name) ip->file" for agents
  std::string_view full_log;                            // control characters removed, but line ends of `lines`
  std::string_view log;                                 // behind the header; decoders and rules see this
  std::string_view lines;                               // a full_command's `log` with its line ends; null: OSSEC joins
  std::string_view hostname;                            // always set after decoding
  std::string_view program_name;                        // null: the message has none
  text::Encoding encoding = text::Encoding::Ascii;      // of full_log
  text::Encoding log_encoding = text::Encoding::Ascii;  // of log

  const DecoderInfo* decoder = nullptr;  // null: no decoder claimed it
  Category category = Category::Syslog;  // of the decoder, or changed by a plug-in
  std::array<std::string_view, kFieldCount> fields{};
  std::vector<NamedField> named;
  // The URL field with its escapes undone; null when that changes nothing, and with --compat ossec-4.3.
  std::string_view plain_url;

  const FileChange* file = nullptr;  // of an integrity event; borrowed until reset()
  const Actor* actor = nullptr;      // who changed that file, when it is known; likewise

  // What <if_fts> says of an event that has no key of its own: those who made it know (root checks).
  enum class Sight : uint8_t { ByKey, New, Known } sight = Sight::ByKey;

  // Set by the OSSECAlert plug-in: the rule that decided elsewhere; rules are not asked (0 = none given: drop).
  bool decided_elsewhere = false;
  int decided_rule = 0;

  // Whether the log text holds sensitive data of any kind, once a rule has asked: most texts hold none, and six rules
  // ask.
  enum class Sensitive : uint8_t { NotAsked, None, Some };
  mutable Sensitive sensitive = Sensitive::NotAsked;

  // Messages for the program's log that came up on the way, in order; the engine hands them on.
  std::vector<std::string> notes;

  // Where it came from, for positions in reports: index of the input and 1-based line there.
  uint32_t source = 0;
  uint64_t line = 0;
};

}  // namespace gander::model
