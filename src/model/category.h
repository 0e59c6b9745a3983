// Category: which root of the rule tree an event belongs to. Numbers are OSSEC's, they appear in its messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gander::model {

enum class Category : uint8_t {
  Syslog = 1,
  Ids = 2,
  Firewall = 3,
  WebLog = 7,
  Squid = 8,
  Windows = 9,
  HostInformation = 10,
  Ossec = 11,
};

// Exact words as in decoder `<type>` and rule `<category>`: syslog ids firewall web-log squid windows
// host-information ossec.
std::optional<Category> category_from(std::string_view word);
std::string_view category_word(Category c);

}  // namespace gander::model
