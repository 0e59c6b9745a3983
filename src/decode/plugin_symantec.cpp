// SymantecWS_Decoder: `key=value` items between commas, the keys being numbers.
#include "decode/plugin.h"

namespace gander::decode {

using model::Field;

void decode_symantec(model::Event& event) {
  constexpr size_t kLongestName = 128;
  constexpr size_t kLongestUrl = 1024;
  constexpr size_t kId = 9;
  const auto set_once = [&](Field field, std::string_view value) {
    if (!event.has(field)) event.set(field, value);
  };
  std::string_view s = event.log;
  for (size_t comma = s.find(','); comma != std::string_view::npos; comma = s.find(',')) {
    s.remove_prefix(comma + 1);
    const std::string_view item = s.substr(0, s.find(','));
    if (item.starts_with("10=")) {
      set_once(Field::DstUser, item.substr(3, kLongestName));
    } else if (item.starts_with("11=")) {
      set_once(Field::SrcIp, item.substr(3, kLongestName));
    } else if (item.starts_with("60=")) {
      set_once(Field::Url, item.substr(3, kLongestUrl));
    } else if (item.starts_with("3=") || item.starts_with("2=")) {
      // The key and what follows the item belong to it.
      set_once(Field::Id, s.substr(0, kId));
    }
  }
}

}  // namespace gander::decode
