// LineMemo: what was decoded and matched for a log text is taken again when the same text comes again.
//
// Programs repeat themselves: in two thousand lines of an sshd under attack, two of three log texts (the part behind
// the header) have been seen shortly before. Decoding and pure tests are functions of program name and log text, unless
// a test asked for time or host name, so their results can be kept. Each text is compared whole; nothing depends on the
// hash but speed.
//
// Owns:    copies of the texts it knows, at most kSlots of at most kLongestText bytes.
// Threads: one thread (each Worker has its own). Holds pointers into the ruleset it was filled with.
// Cost:    one hash and one comparison a line. Where lines do not repeat, it stops looking for a while.
// Fails:   cannot.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/program.h"
#include "model/event.h"

namespace gander::engine {

// Whether the trail belongs to what was kept, or only the decoding.
enum class TrailKept { No, Yes };

class LineMemo {
 public:
  static constexpr size_t kSlots = 4096;
  static constexpr size_t kWays = 4;               // slots a text may be in
  static constexpr size_t kSets = kSlots / kWays;  // a power of two
  static constexpr size_t kLongestText = 512;

  // Fills decoder, category and fields of `event`, and `trail` if it was kept. False: not known.
  bool recall(model::Event& event, Trail& trail, TrailKept& kept);
  // After a recall() that did not know it. Fields that are no parts of the log text are not kept, nor is then the line.
  void keep(const model::Event& event, const Trail& trail, TrailKept kept);

 private:
  struct Part {
    uint32_t begin = 0;
    uint32_t size = 0;
    uint8_t field = 0;
  };
  struct Slot {
    bool has_program = false;
    std::string program;
    std::string log;
    const model::DecoderInfo* decoder = nullptr;
    model::Category category = model::Category::Syslog;
    std::vector<Part> fields;
    std::vector<std::pair<std::string_view, Part>> named;  // names live in the decoder
    TrailKept trail_kept = TrailKept::No;
    Trail trail;
  };

  bool looks_again();
  static bool part_of(std::string_view value, std::string_view log, Part& part);
  static bool copy_fields(const model::Event& event, Slot& slot);

  struct Set {
    std::array<uint64_t, kWays> hashes{};  // 0: empty
    uint32_t oldest = 0;                   // taken next
  };
  static bool holds(const Slot& slot, const model::Event& event);
  void give(const Slot& slot, model::Event& event, Trail& trail, TrailKept& kept);

  std::vector<Set> sets_;
  std::vector<Slot> slots_;  // of set s: [s x kWays, (s + 1) x kWays)
  uint64_t hash_ = 0;        // of the line last asked for; 0: it is not to be kept
  uint32_t asked_ = 0;
  uint32_t known_ = 0;
  uint32_t pause_ = 0;
};

}  // namespace gander::engine
