// Any bytes as a document of the XML dialect: reading ends, stays within its bounds and names places within the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/config.h"
#include "config/xml.h"

namespace {

using gander::config::XmlElement;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const XmlElement& e, int lines, int depth) {
  require(depth <= 1024);
  require(e.line >= 1 && e.line <= lines && e.column >= 1);
  require(e.content_line >= e.line && e.content_line <= lines && e.content_column >= 1);
  require(e.name.size() < 8192);
  for (const auto& a : e.attributes) require(a.line >= e.line && a.line <= lines && a.column >= 1);
  for (const XmlElement& child : e.children) check(child, lines, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const int lines = 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  for (const auto variables : {gander::config::Variables::Keep, gander::config::Variables::Apply}) {
    const auto document = gander::config::parse_xml(text, "fuzz", variables);
    if (document) {
      for (const XmlElement& root : document->roots) check(root, lines, 1);
    } else {
      require(!document.error().text.empty() && document.error().text.size() <= 127);
      require(document.error().at.line >= 1 && document.error().at.line <= lines);
    }
  }
  gander::Diagnostics diagnostics;
  gander::config::parse_config(text, "fuzz", {}, diagnostics);
  return 0;
}
