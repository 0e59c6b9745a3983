#include "rules/cdb_list.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/file.h"

namespace gander::rules {
namespace {

constexpr size_t kTables = 256;
constexpr size_t kHeader = kTables * 8;

uint32_t cdb_hash(std::string_view key) {
  uint32_t h = 5381;
  for (const char c : key) h = ((h << 5) + h) ^ static_cast<unsigned char>(c);
  return h;
}

// Little-endian; 0 outside the file, which find() then takes for an empty slot.
uint32_t number_at(std::string_view bytes, uint64_t pos) {
  if (pos + 4 > bytes.size()) return 0;
  const auto byte = [&](uint64_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(bytes[pos + i])); };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

void put_number(std::string& out, uint32_t n) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(n >> shift & 0xff);
}

// The entry of one line of a text list; nothing for a line that holds none.
std::optional<std::pair<std::string_view, std::string_view>> entry_of(std::string_view line) {
  line = line.substr(0, line.find_first_of(std::string_view("\r\n\0", 3)));
  const size_t comment = line.find("###");
  if (comment != std::string_view::npos) {
    line = line.substr(0, comment);
    line = line.substr(0, line.find_last_not_of(" \t") + 1);
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return std::pair(line.substr(0, colon), line.substr(colon + 1));
}

struct HashSlot {
  uint32_t hash = 0;
  uint32_t record = 0;
};

// One hash table: twice as many slots as entries, filled in input order so that the first of equal keys is found.
void put_table(std::string& out, const std::vector<HashSlot>& entries) {
  std::vector<HashSlot> slots(entries.size() * 2);
  for (const HashSlot& e : entries) {
    size_t at = (e.hash >> 8) % slots.size();
    while (slots[at].record != 0) at = (at + 1) % slots.size();
    slots[at] = e;
  }
  for (const HashSlot& s : slots) {
    put_number(out, s.hash);
    put_number(out, s.record);
  }
}

}  // namespace

Result<CdbList> CdbList::load(const std::string& path) {
  Result<std::string> bytes = base::read_file(path);
  if (!bytes) return fail("L001", bytes.error().message, {path});
  return from_bytes(std::move(*bytes), path);
}

Result<CdbList> CdbList::from_bytes(std::string bytes, const std::string& path) {
  const auto damaged = [&](const char* why) { return fail("L002", path + " is not a compiled list: " + why, {path}); };
  if (bytes.size() < kHeader) return damaged("it is shorter than its header");
  if (bytes.size() > std::numeric_limits<uint32_t>::max()) return damaged("it is larger than 4 GiB");
  for (size_t t = 0; t < kTables; ++t) {
    const uint64_t begin = number_at(bytes, t * 8);
    const uint64_t slots = number_at(bytes, t * 8 + 4);
    if (slots != 0 && (begin < kHeader || begin + slots * 8 > bytes.size())) {
      return damaged("a table lies outside the file");
    }
  }
  CdbList list;
  list.bytes_ = std::move(bytes);
  list.count();
  return list;
}

void CdbList::count() {
  const std::string_view bytes = bytes_;
  for (size_t t = 0; t < kTables; ++t) {
    const uint64_t begin = number_at(bytes, t * 8);
    const uint64_t slots = number_at(bytes, t * 8 + 4);
    for (uint64_t s = 0; s < slots; ++s) {
      const uint64_t record = number_at(bytes, begin + s * 8 + 4);
      if (record == 0) continue;
      ++size_;
      const uint64_t key_size = number_at(bytes, record);
      if (record + 8 + key_size <= bytes.size()) longest_key_ = std::max<size_t>(longest_key_, key_size);
    }
  }
}

std::optional<std::string_view> CdbList::find(std::string_view key) const {
  const std::string_view bytes = bytes_;
  const uint32_t hash = cdb_hash(key);
  const uint64_t table = uint64_t{hash & 0xff} * 8;
  const uint64_t begin = number_at(bytes, table);
  const uint64_t slots = number_at(bytes, table + 4);
  if (slots == 0) return std::nullopt;
  uint64_t slot = (hash >> 8) % slots;
  for (uint64_t tried = 0; tried < slots; ++tried, slot = (slot + 1) % slots) {
    const uint64_t record = number_at(bytes, begin + slot * 8 + 4);
    if (record == 0) return std::nullopt;
    if (number_at(bytes, begin + slot * 8) != hash) continue;
    const uint64_t key_size = number_at(bytes, record);
    const uint64_t value_size = number_at(bytes, record + 4);
    if (record + 8 + key_size + value_size > bytes.size()) continue;
    if (bytes.substr(record + 8, key_size) == key) return bytes.substr(record + 8 + key_size, value_size);
  }
  return std::nullopt;
}

std::string compile_list(std::string_view text, void (*added)(std::string_view key, std::string_view value, void*),
                         void* context) {
  std::string out(kHeader, '\0');
  std::array<std::vector<HashSlot>, kTables> tables;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const auto entry = entry_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!entry) continue;
    const auto [key, value] = *entry;
    const uint32_t hash = cdb_hash(key);
    tables[hash & 0xff].push_back({hash, static_cast<uint32_t>(out.size())});
    put_number(out, static_cast<uint32_t>(key.size()));
    put_number(out, static_cast<uint32_t>(value.size()));
    out.append(key).append(value);
    if (added) added(key, value, context);
  }
  std::string header;
  for (const auto& table : tables) {
    put_number(header, static_cast<uint32_t>(out.size()));
    put_number(header, static_cast<uint32_t>(table.size() * 2));
    put_table(out, table);
  }
  return header + out.substr(kHeader);
}

void ListCatalogue::declare(const std::string& name, const std::string& path, Diagnostics& diagnostics) {
  Entry& entry = entries_[name];
  entry = {path, std::nullopt, 0};
  errno = 0;
  Result<CdbList> list = CdbList::load(path);
  if (list) {
    entry.list = std::move(*list);
    return;
  }
  const bool damaged = list.error().code == "L002";
  if (!damaged) entry.open_errno = errno != 0 ? errno : EIO;
  diagnostics.warning(list.error().code, list.error().message, list.error().at,
                      damaged ? "compile it again with makelists -F" : "compile the list with makelists");
}

const ListCatalogue::Entry* ListCatalogue::find(std::string_view name) const {
  const auto it = entries_.find(name);
  if (it != entries_.end()) return &it->second;
  constexpr std::string_view kSuffix = ".cdb";
  if (!name.ends_with(kSuffix)) return nullptr;
  const auto compiled = entries_.find(name.substr(0, name.size() - kSuffix.size()));
  return compiled == entries_.end() ? nullptr : &compiled->second;
}

}  // namespace gander::rules
