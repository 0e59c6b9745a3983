#include "model/state_paths.h"

namespace gander::model {

std::string folder_name(std::string_view name) {
  constexpr size_t kLongest = 200;
  std::string out;
  for (const char c : name.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || c == '%' || byte < 0x20 || byte >= 0x7f) {
      constexpr char kHex[] = "0123456789ABCDEF";
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  if (out.empty() || out == "." || out == "..") out.insert(0, "%");
  return out;
}

std::string last_output_path(std::string_view host, RuleId rule) {
  return "queue/diff/" + folder_name(host) + "/" + std::to_string(rule) + "/last-entry";
}

}  // namespace gander::model
