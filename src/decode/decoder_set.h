// DecoderSet: the loaded decoders; asked once per event to take its log text apart.
//
// Owns:    every decoder. Events point to its DecoderInfo; it must outlive them.
// Threads: immutable after loading; const calls from any thread, each with its own DecodeScratch.
// Cost:    decoders are tried in list order, cheap tests first; no allocation after warm-up, no I/O, no clock.
// Fails:   loading fills Diagnostics; decoding cannot fail.
// OSSEC:   same order and results; differences in docs/compat.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "model/compat.h"
#include "model/event.h"
#include "text/pattern.h"

namespace gander::decode {

struct DecoderFile {
  std::string name;       // as written in the configuration, for OSSEC's messages
  std::string path;       // to open
  bool optional = false;  // etc/local_decoder.xml: may be missing
  bool standard = false;  // one of the default pair (messages name it differently, spec decoding 12)
};

struct DecoderOptions {
  model::Compat compat = model::Compat::Mended;
  int order_size = 256;                    // analysisd.decoder_order_size
  std::string program = "ossec-testrule";  // name in closing messages
};

// One field as it was filled, for logtest's phase 2.
struct FilledField {
  std::string_view label;  // "srcip", "extra_data", or the dynamic field's own name
  std::string_view value;
};

// One <decoder> element, for tools. Views and pointer live as long as the set.
struct LoadedDecoder {
  const model::DecoderInfo* info = nullptr;
  std::string_view own_name;  // as written; the same for every member of a family
  SourcePos at;
};

struct Decoder;
struct JsonWork;

// Per-thread working memory of decode(), for one DecoderSet.
struct DecodeScratch {
  explicit DecodeScratch(text::MatchContext::Limits limits = {});
  DecodeScratch(DecodeScratch&&) noexcept;
  DecodeScratch& operator=(DecodeScratch&&) noexcept;
  ~DecodeScratch();

  text::MatchContext context;
  text::Match match;
  std::vector<FilledField>* filled = nullptr;  // told of each field when not null
  // Told of each decoder that claims the event or takes a part of it apart, when not null; one can come twice.
  std::vector<const model::DecoderInfo*>* taking_part = nullptr;
  const std::function<bool(int)>* knows_rule = nullptr;  // for the OSSECAlert plug-in; null: knows none
  std::vector<std::string_view> slots;                   // dynamic fields by position

  std::vector<const Decoder*> tops;  // of the event in hand: those that its first bytes leave

  // Decoders that a program name leaves, in list order. What attackers can multiply ends at kMostPrograms.
  static constexpr size_t kMostPrograms = 256;
  static constexpr size_t kLongestProgram = 64;
  struct ProgramChoice {
    std::string name;
    std::vector<const Decoder*> decoders;
  };
  std::unordered_map<std::string_view, std::unique_ptr<ProgramChoice>> programs;  // names lie in the choices
  const ProgramChoice* last_program = nullptr;

  std::unique_ptr<JsonWork> json;  // made when the first JSON text comes
};

class DecoderSet {
 public:
  static DecoderSet load(const std::vector<DecoderFile>& files, const DecoderOptions& options,
                         Diagnostics& diagnostics);
  DecoderSet();
  DecoderSet(DecoderSet&&) noexcept;
  DecoderSet& operator=(DecoderSet&&) noexcept;
  ~DecoderSet();

  // Sets event.decoder, category, fields and named from event.log and event.program_name.
  void decode(model::Event& event, DecodeScratch& scratch) const noexcept;
  // The slow reference: every decoder asked in turn, no short cuts (for tests and fuzzers).
  void decode_slow(model::Event& event, DecodeScratch& scratch) const;

  // False when the list that would be asked for such an event is empty (logtest then prints no phase 2 heading).
  bool has_list_for(const model::Event& event) const;
  // Identity by name, the built-in decoders included; what <decoded_as> may name.
  std::map<std::string, int, std::less<>> identities() const;
  size_t size() const;
  // Every decoder that was loaded, in load order, children included.
  std::vector<LoadedDecoder> loaded() const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::decode
