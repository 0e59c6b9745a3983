#include "respond/record_text.h"

#include <charconv>

namespace gander::respond {
namespace {

constexpr std::string_view kHex = "0123456789ABCDEF";

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7F && c != '%') {
      out += c;
    } else {
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    }
  }
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const size_t high = kHex.find(text[i + 1]);
    const size_t low = kHex.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, char between) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += between;
    append_escaped(out, part);
  }
  return out;
}

std::optional<std::vector<std::string>> split(std::string_view text, char between) {
  std::vector<std::string> parts;
  for (;;) {
    const size_t end = text.find(between);
    auto part = unescaped(text.substr(0, end));
    if (!part) return std::nullopt;
    parts.push_back(std::move(*part));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string join_record(const std::vector<std::string>& fields) {
  return join(fields, '\t');
}

std::optional<std::vector<std::string>> split_record(std::string_view line) {
  return split(line, '\t');
}

std::string join_words(const std::vector<std::string>& words) {
  return join(words, ' ');
}

std::optional<std::vector<std::string>> split_words(std::string_view field) {
  return split(field, ' ');
}

std::optional<int64_t> number_in(std::string_view field) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return value;
}

}  // namespace gander::respond
