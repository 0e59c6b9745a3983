// Plug-in decoders: formats that patterns cannot take apart. Internal to this folder.
//
// Threads: functions of their arguments.
// Fails:   cannot; a text of another form keeps what was set before the form ended.
#pragma once

#include "decode/decoder.h"

namespace gander::decode {

// Runs the plug-in of `taken`; `decoder` is the event's decoder.
void run_plugin(const Decoder& taken, const Decoder& decoder, model::Compat compat, model::Event& event,
                DecodeScratch& scratch);

void decode_pf(model::Event& event);
void decode_symantec(model::Event& event);
// `decoder`: whether the event's own decoder is the plug-in's.
enum class PluginRole { Decides, Helps };
void decode_ossec_alert(PluginRole role, model::Compat compat, model::Event& event, const DecodeScratch& scratch);

}  // namespace gander::decode
