// The loaded decoders as two lists of trees. Internal to this folder.
//
// Threads: immutable after loading.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "decode/beginning_table.h"
#include "decode/decoder.h"

namespace gander::decode {

// Top-level decoders in load order, and a table that tells by the first bytes of a text which of them may match.
class TopList {
 public:
  void add(Decoder* decoder) { all_.push_back(decoder); }
  // To be called after the last add(); `chooser` gives the pattern that looks at the text, null for none.
  void index(const GatedPattern* (*chooser)(const Decoder&));

  const std::vector<Decoder*>& all() const { return all_; }
  // Fills `out` with those that may match, in load order.
  void candidates(std::string_view subject, std::vector<const Decoder*>& out) const {
    out.clear();
    table_.candidates(subject, [&](uint32_t number) { out.push_back(all_[number]); });
  }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<Decoder*> all_;
  BeginningTable table_;
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
