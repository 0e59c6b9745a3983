// Asking the decoders about one event. Internal to this folder.
#pragma once

#include "decode/decoder_tree.h"

namespace gander::decode {

// The two ways to find the decoder of an event; both fill the event's fields. The quick one skips decoders that
// cannot match; the slow one asks every decoder in turn as it is written in the language's description.
void walk_quick(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch) noexcept;
void walk_slow(const DecoderSet::Impl& set, model::Event& event, DecodeScratch& scratch);

// Steps that both share.
void assign_captures(const Decoder& decoder, const std::vector<std::string_view>& captures, model::Event& event,
                     DecodeScratch& scratch);
// Category and dynamic fields of the decoder that matched last.
void conclude(const Decoder& decoder, model::Event& event, DecodeScratch& scratch);
// The text from `offset` bytes behind the start of `subject`.
text::Subject rest_of(text::Subject subject, size_t offset);

}  // namespace gander::decode
