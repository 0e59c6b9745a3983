// From a draft to a decoder: its parts are checked against each other and its patterns compiled. Internal to this
// folder.
#pragma once

#include <memory>

#include "decode/decoder_draft.h"

namespace gander::decode {

// Null after an error, which is in the diagnostics.
std::unique_ptr<Decoder> make_decoder(const LoadContext& context, Draft draft);

}  // namespace gander::decode
