// FileChange: what differs in a watched file, as integrity events carry it to alerts.json.
//
// Owns:    its texts. An unset text is not known.
#pragma once

#include <optional>
#include <string>

namespace gander::model {

struct FileChange {
  struct Pair {
    std::optional<std::string> before;
    std::optional<std::string> after;
  };
  // Who noticed: the integrity check, or a root check that names a file.
  enum class Noticed { ByIntegrity, ByRootcheck } noticed = Noticed::ByIntegrity;
  std::string path;
  Pair md5, sha1, sha256;
  Pair owner, group;  // numbers, as text
  struct Numbers {
    std::optional<int> before;
    std::optional<int> after;
  } permissions;  // the mode as stat(2) gives it
};

}  // namespace gander::model
