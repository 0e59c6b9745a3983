#include "integrity/attributes.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <map>

#include "integrity/file_state.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostList = 64 * 1024;
constexpr size_t kMostShown = 256;

struct Flag {
  uint64_t bit;
  std::string_view name;
};
constexpr Flag kFlags[] = {
    {STATX_ATTR_IMMUTABLE, "immutable"}, {STATX_ATTR_APPEND, "append-only"}, {STATX_ATTR_NODUMP, "nodump"},
    {STATX_ATTR_ENCRYPTED, "encrypted"}, {STATX_ATTR_VERITY, "verity"},
};

bool is_text(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string shown(std::string_view value) {
  while (!value.empty() && value.back() == '\0') value.remove_suffix(1);  // SELinux labels end in a zero byte
  if (value.size() <= kMostShown && is_text(value)) return std::string(value);
  std::string out;
  if (value.size() <= kMostShown) {
    out = "0x";
    append_hex(out, reinterpret_cast<const uint8_t*>(value.data()), value.size());
    return out;
  }
  std::array<uint8_t, 32> digest{};
  EVP_Digest(value.data(), value.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  out = "sha256:";
  append_hex(out, digest.data(), digest.size());
  return out;
}

std::string value_of(int fd, const std::string& path, const char* name) {
  std::string value(1024, '\0');
  for (int tries = 0; tries < 2; ++tries) {
    const ssize_t got = fd >= 0 ? ::fgetxattr(fd, name, value.data(), value.size())
                                : ::lgetxattr(path.c_str(), name, value.data(), value.size());
    if (got >= 0) return shown({value.data(), static_cast<size_t>(got)});
    value.resize(kMostList);
  }
  return "unreadable";
}

std::map<std::string_view, std::string_view> lines_of(std::string_view text) {
  std::map<std::string_view, std::string_view> out;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const size_t equals = line.find('=');
    if (equals != std::string_view::npos) out[line.substr(0, equals)] = line.substr(equals + 1);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::string read_attributes(int fd, const std::string& path, uint64_t flags) {
  std::vector<std::string> lines;
  std::string set;
  for (const Flag& flag : kFlags) {
    if (flags & flag.bit) set += (set.empty() ? "" : ",") + std::string(flag.name);
  }
  if (!set.empty()) lines.push_back("flags=" + set);
  std::array<char, 1024> small{};
  std::string large;
  ssize_t size =
      fd >= 0 ? ::flistxattr(fd, small.data(), small.size()) : ::llistxattr(path.c_str(), small.data(), small.size());
  const char* names = small.data();
  if (size < 0 && errno == ERANGE) {
    large.resize(kMostList);
    size =
        fd >= 0 ? ::flistxattr(fd, large.data(), large.size()) : ::llistxattr(path.c_str(), large.data(), large.size());
    names = large.data();
  }
  for (ssize_t at = 0; at < size;) {
    const std::string name(names + at);
    at += static_cast<ssize_t>(name.size()) + 1;
    lines.push_back(shown_path(name) + "=" + value_of(fd, path, name.c_str()));
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

std::vector<std::string> attribute_changes(std::string_view before, std::string_view after) {
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  std::vector<std::string> out;
  const auto tell = [&](std::string_view name, std::string_view was, std::string_view is) {
    out.push_back(std::string(name) + " was '" + std::string(was) + "', now it is '" + std::string(is) + "'");
  };
  for (const auto& [name, was] : old_lines) {
    const auto found = new_lines.find(name);
    if (found == new_lines.end()) {
      tell(name, was, "");
    } else if (found->second != was) {
      tell(name, was, found->second);
    }
  }
  for (const auto& [name, is] : new_lines) {
    if (!old_lines.contains(name)) tell(name, "", is);
  }
  return out;
}

}  // namespace gander::integrity
