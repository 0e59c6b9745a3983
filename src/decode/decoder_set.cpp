#include "decode/decoder_set.h"

#include "decode/decoder_walk.h"
#include "decode/json_decoder.h"
#include "decode/url_text.h"

namespace gander::decode {
namespace {

using Walk = void (*)(const DecoderSet::Impl&, model::Event&, DecodeScratch&);

void decode_with(Walk walk, const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch) {
  scratch.slots.clear();
  walk(set, event, scratch);
  if (set.compat != model::Compat::Mended) return;
  if (!event.decoder) decode_json(set.json, event, scratch);
  undo_url_escapes(event);
}

}  // namespace

void TopList::index(const GatedPattern* (*chooser)(const Decoder&)) {
  for (const Decoder* decoder : all_) {
    const GatedPattern* const gated = chooser(*decoder);
    table_.add(gated ? beginnings_of(gated->pattern().dialect(), gated->pattern().text()) : std::vector<Beginning>());
  }
  table_.finish();
}

DecoderSet::DecoderSet() : impl_(std::make_unique<Impl>()) {}
DecoderSet::DecoderSet(DecoderSet&&) noexcept = default;
DecoderSet& DecoderSet::operator=(DecoderSet&&) noexcept = default;
DecoderSet::~DecoderSet() = default;

void DecoderSet::decode(model::Event& event, DecodeScratch& scratch) const noexcept {
  decode_with(&walk_quick, *impl_, event, scratch);
}

void DecoderSet::decode_slow(model::Event& event, DecodeScratch& scratch) const {
  decode_with(&walk_slow, *impl_, event, scratch);
}

bool DecoderSet::has_list_for(const model::Event& event) const {
  return event.decoder == &impl_->json || !impl_->list_for(event).empty();
}

std::map<std::string, int, std::less<>> DecoderSet::identities() const {
  return impl_->identities;
}

size_t DecoderSet::size() const {
  return impl_->decoders.size();
}

std::vector<LoadedDecoder> DecoderSet::loaded() const {
  std::vector<LoadedDecoder> out;
  out.reserve(impl_->decoders.size());
  for (const auto& decoder : impl_->decoders) out.push_back({&decoder->info, decoder->own_name, decoder->at});
  return out;
}

}  // namespace gander::decode
