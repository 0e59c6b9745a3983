// The comma lists of a decoder: <order> and <fts>. Internal to this folder.
#pragma once

#include <string>
#include <vector>

#include "decode/decoder.h"
#include "decode/load_context.h"

namespace gander::decode {

// False after an error, which is in the diagnostics.
bool read_order(const LoadContext& context, const config::XmlElement& e, const std::string& decoder,
                std::vector<OrderItem>& order);
// Adds to `fts`.
bool read_fts(const LoadContext& context, const config::XmlElement& e, const std::string& decoder, uint32_t& fts);

}  // namespace gander::decode
