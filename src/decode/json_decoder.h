// JSON objects as log text: members become named fields with dotted names. Beyond OSSEC 4.3, which has no such decoder.
//
// `{"a":{"b":1},"c":["x","y"],"d":[{"e":2}]}` gives a.b = 1, c = x,y and d.0.e = 2. Numbers stay as written, strings
// are decoded, null sets nothing. Names that OSSEC's fields have (srcip, url …) and a few of the same meaning fill
// those fields too. The last of members with one name counts.
//
// Owns:    JsonWork: the parser's memory, given back after a large document.
// Threads: one thread.
// Cost:    nothing for a text that is no `{…}`; else a copy and one pass, bounded by the limits below.
// Fails:   says no to anything that is no JSON object, and has then changed nothing. Values hold no control characters
//          whatever the escapes said; broken escapes stay as they are, bytes that are no UTF-8 read as `?`.
#pragma once

#include "decode/decoder_set.h"

namespace gander::decode {

struct JsonLimits {
  static constexpr size_t kDocument = size_t{16} << 20;  // bytes; longer texts are not taken apart
  static constexpr size_t kFields = 256;                 // further members are left out
  static constexpr size_t kName = 256;                   // bytes; members with longer dotted names are left out
  static constexpr int kDepth = 16;                      // what is nested deeper stays JSON text
};

// Whether the event's log, or its whole text, is a JSON object; the event is then claimed for `info`.
bool decode_json(const model::DecoderInfo& info, model::Event& event, DecodeScratch& scratch);

}  // namespace gander::decode
