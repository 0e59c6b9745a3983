#include "notify/state_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "base/file.h"
#include "notify/durable_file.h"

namespace gander::notify {
namespace {

constexpr std::string_view kLastLine = "end\t\n";

std::string without_controls(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return text;
}

}  // namespace

StateFile::StateFile(const std::string& home) : path_(home + "/queue/notify/state") {
  load(path_);
  load(path_ + ".recent");
}

// A file without its last line is half a file and says nothing.
bool StateFile::load(const std::string& path) {
  const Result<std::string> text = base::read_file(path);
  if (!text || !text->ends_with(kLastLine)) return false;
  std::istringstream lines(text->substr(0, text->size() - kLastLine.size()));
  for (std::string line; std::getline(lines, line);) {
    const size_t tab = line.find('\t');
    if (tab != std::string::npos) values_[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return true;
}

std::optional<std::string> StateFile::text(const std::string& key) const {
  const auto found = values_.find(without_controls(key));
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::optional<uint64_t> StateFile::number(const std::string& key) const {
  const std::optional<std::string> value = text(key);
  uint64_t out = 0;
  if (!value || std::from_chars(value->data(), value->data() + value->size(), out).ec != std::errc())
    return std::nullopt;
  return out;
}

void StateFile::set(const std::string& key, uint64_t number) {
  set(key, std::to_string(number));
}

void StateFile::set(const std::string& key, const std::string& value) {
  std::string& kept = values_[without_controls(key)];
  const std::string safe = without_controls(value);
  if (kept != safe) changed_ = recent_changed_ = true;
  kept = safe;
}

std::string StateFile::content() const {
  std::string out;
  for (const auto& [key, value] : values_) out.append(key).append("\t").append(value).append("\n");
  return out.append(kLastLine);
}

Result<void> StateFile::save() {
  if (!changed_) return {};
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
  if (Result<void> written = replace_durably(path_, content()); !written) return written;
  std::filesystem::remove(path_ + ".recent", error);  // older from now on
  changed_ = recent_changed_ = false;
  return {};
}

Result<void> StateFile::save_recent() {
  if (!recent_changed_) return {};
  if (Result<void> written = base::write_file_atomically(path_ + ".recent", content()); !written) return written;
  recent_changed_ = false;
  return {};
}

}  // namespace gander::notify
