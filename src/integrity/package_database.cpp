#include "integrity/package_database.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>

#include <xxhash.h>

#include "base/file.h"

namespace gander::integrity {
namespace {

// On merged systems /lib is /usr/lib; packages may name either.
std::string_view merged(std::string_view path) {
  for (const std::string_view folder : {"/bin/", "/sbin/", "/lib/", "/lib32/", "/lib64/", "/libx32/"}) {
    if (path.starts_with("/usr") && path.substr(4).starts_with(folder)) return path.substr(4);
  }
  return path;
}

template <class See>
void each_line(std::string_view text, const See& see) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    see(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool from_hex(std::string_view hex, std::array<uint8_t, 16>& out) {
  if (hex.size() != 32) return false;
  for (size_t i = 0; i < out.size(); ++i) {
    const char* at = hex.data() + 2 * i;
    if (std::from_chars(at, at + 2, out[i], 16).ptr != at + 2) return false;
  }
  return true;
}

}  // namespace

uint64_t PackageDatabase::number_of(std::string_view path) {
  const std::string_view one = merged(path);
  return XXH3_64bits(one.data(), one.size());
}

uint32_t PackageDatabase::package_number(const std::string& name) {
  const auto [at, is_new] = numbers_.emplace(name, static_cast<uint32_t>(packages_.size()));
  if (is_new) packages_.push_back({name, ""});
  return at->second;
}

void PackageDatabase::set_md5(std::string_view path, std::string_view hex, uint32_t package) {
  Entry entry;
  entry.package = package;
  entry.has_md5 = from_hex(hex, entry.md5);
  files_[number_of(path)] = entry;
}

void PackageDatabase::read_status(const std::string& text) {
  uint32_t package = 0;
  bool conffiles = false;
  std::string architecture;
  each_line(text, [&](std::string_view line) {
    if (line.starts_with("Package: ")) package = package_number(std::string(line.substr(9)));
    if (line.starts_with("Version: ") && package < packages_.size()) packages_[package].version = line.substr(9);
    if (!line.starts_with(' ')) conffiles = line.starts_with("Conffiles:");
    if (!conffiles || !line.starts_with(" /")) return;
    const size_t space = line.find(' ', 1);
    if (space != std::string_view::npos) set_md5(line.substr(1, space - 1), line.substr(space + 1, 32), package);
  });
}

void PackageDatabase::read_list(const std::string& text, uint32_t package) {
  each_line(text, [&](std::string_view path) {
    if (path.size() > 1) files_.try_emplace(number_of(path), Entry{package, false, {}});
  });
}

void PackageDatabase::read_sums(const std::string& text, uint32_t package) {
  each_line(text, [&](std::string_view line) {
    const size_t blank = line.find("  ");
    if (blank == 32) set_md5("/" + std::string(line.substr(34)), line.substr(0, 32), package);
  });
}

Result<PackageDatabase> PackageDatabase::load(const std::string& folder) {
  PackageDatabase out;
  const Result<std::string> status = base::read_file(folder + "/status");
  if (!status) return tl::unexpected(status.error());
  out.read_status(*status);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/info", error)) {
    const std::string file = entry.path().filename().string();
    const size_t dot = file.rfind('.');
    if (dot == std::string::npos) continue;
    const std::string kind = file.substr(dot);
    if (kind != ".list" && kind != ".md5sums") continue;
    std::string name = file.substr(0, dot);
    name = name.substr(0, name.find(':'));  // libc6:amd64
    const Result<std::string> text = base::read_file(entry.path().string());
    if (!text) continue;
    const uint32_t package = out.package_number(name);
    if (kind == ".list") {
      out.read_list(*text, package);
    } else {
      out.read_sums(*text, package);
    }
  }
  return out;
}

std::optional<PackageDatabase::File> PackageDatabase::find(std::string_view path) const {
  const auto at = files_.find(number_of(path));
  if (at == files_.end()) return std::nullopt;
  const Package& package = packages_[at->second.package];
  File out{package.name, package.version, std::nullopt};
  if (at->second.has_md5) out.md5 = at->second.md5;
  return out;
}

std::string PackageDatabase::owned() const {
  std::vector<uint64_t> numbers;
  numbers.reserve(files_.size());
  for (const auto& [number, entry] : files_) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  std::string out(numbers.size() * sizeof(uint64_t), '\0');
  if (!out.empty()) std::memcpy(out.data(), numbers.data(), out.size());
  return out;
}

std::vector<uint64_t> PackageDatabase::parse_owned(std::string_view bytes) {
  std::vector<uint64_t> numbers(bytes.size() / sizeof(uint64_t));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(uint64_t));
  return numbers;
}

bool PackageDatabase::holds(const std::vector<uint64_t>& owned, std::string_view path) {
  return std::binary_search(owned.begin(), owned.end(), number_of(path));
}

}  // namespace gander::integrity
