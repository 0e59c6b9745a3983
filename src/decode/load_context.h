// What the loader's steps share for one file. Internal to this folder.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "config/xml.h"
#include "decode/decoder_set.h"

namespace gander::decode {

// Whether OSSEC says "Configuration error at …" after its own lines.
enum class Closing { Yes, No };

// A place and what the caret line underlines there.
struct Span {
  SourcePos at;
  int length = 1;
};

struct LoadContext {
  const config::XmlDocument& document;
  std::string closing_line;
  const DecoderOptions& options;
  Diagnostics& diagnostics;

  // The name behind the `<`.
  Span name_of(const config::XmlElement& e) const {
    SourcePos at = document.at(e);
    if (at.column > 0) ++at.column;
    return {at, static_cast<int>(e.name.size())};
  }
  Span name_of(const config::XmlAttribute& a) const { return {document.at(a), static_cast<int>(a.name.size())}; }
  Span content_of(const config::XmlElement& e) const {
    const size_t line = e.content.find('\n');
    const size_t length = line == std::string::npos ? e.content.size() : line;
    return {document.content_at(e), static_cast<int>(length > 0 ? length : 1)};
  }

  void refuse(ErrorCode code, std::string message, Span span, std::string hint, std::vector<std::string> ossec_lines,
              Closing closing = Closing::Yes) const {
    if (closing == Closing::Yes) ossec_lines.push_back(closing_line);
    diagnostics.add({Severity::Error, code, std::move(message), std::move(span.at), span.length, std::move(hint),
                     std::move(ossec_lines)});
  }
};

// "ossec-analysisd(2107): ERROR: text": the decoder loader's lines carry the daemon's name in every program.
inline std::string ossec_error(int number, const std::string& text) {
  return "ossec-analysisd(" + std::to_string(number) + "): ERROR: " + text;
}
inline std::string ossec_2107(const std::string& name) {
  return ossec_error(2107, "Decoder configuration error: '" + name + "'.");
}
inline std::string ossec_2120(const std::string& offset) {
  return ossec_error(2120, "Invalid offset value: '" + offset + "'");
}

}  // namespace gander::decode
