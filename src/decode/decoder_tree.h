// The loaded decoders as two lists of trees. Internal to this folder.
//
// Threads: immutable after loading.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "decode/decoder.h"

namespace gander::decode {

// Top-level decoders in load order, and for each first byte of the text that chooses among them those that may match.
class TopList {
 public:
  void add(Decoder* decoder) { all_.push_back(decoder); }
  // To be called after the last add(); `chooser` gives the pattern that looks at the text, null for none.
  void index(const GatedPattern* (*chooser)(const Decoder&));

  const std::vector<Decoder*>& all() const { return all_; }
  const std::vector<const Decoder*>& candidates(std::string_view subject) const noexcept {
    return by_place_[Gate::place_of(subject)];
  }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Decoder*> all_;
  std::array<std::vector<const Decoder*>, Gate::kPlaces> by_place_;
};

struct DecoderSet::Impl {
  std::vector<std::unique_ptr<Decoder>> decoders;
  TopList with_program;     // asked about events that have a program name
  TopList without_program;  // about those that have none
  std::map<std::string, int, std::less<>> identities;
  model::Compat compat = model::Compat::Mended;
  model::DecoderInfo json;  // claims JSON objects that no decoder claims (mended only)

  const TopList& list_for(const model::Event& event) const {
    return event.program_name.data() ? with_program : without_program;
  }
};

}  // namespace gander::decode
