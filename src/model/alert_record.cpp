#include "model/alert_record.h"

#include <array>
#include <charconv>
#include <cstring>

namespace gander::model {
namespace {

constexpr size_t kHeadSize = 48;
constexpr size_t kIdAt = kHeadSize - sizeof(StableId::bytes);
constexpr uint8_t kMailFlag = 1;
constexpr uint8_t kCutFlag = 2;

// Little endian.
template <class T>
char* put(char* at, T value) {
  for (size_t i = 0; i < sizeof value; ++i) *at++ = static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  return at;
}

template <class T>
T get(std::string_view bytes, size_t at) {
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) value |= uint64_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
  return static_cast<T>(value);
}

using Optional = std::optional<std::string> StoredAlert::*;
using Plain = std::string StoredAlert::*;

struct OptionalField {
  RecordField tag;
  Optional member;
};
struct PlainField {
  RecordField tag;
  Plain member;
};

constexpr std::array<OptionalField, 17> kOptional = {
    {{RecordField::Group, &StoredAlert::group},
     {RecordField::Date, &StoredAlert::date},
     {RecordField::Description, &StoredAlert::description},
     {RecordField::SrcIp, &StoredAlert::src_ip},
     {RecordField::SrcPort, &StoredAlert::src_port},
     {RecordField::DstIp, &StoredAlert::dst_ip},
     {RecordField::DstPort, &StoredAlert::dst_port},
     {RecordField::User, &StoredAlert::user},
     {RecordField::Filename, &StoredAlert::filename},
     {RecordField::OldMd5, &StoredAlert::old_md5},
     {RecordField::NewMd5, &StoredAlert::new_md5},
     {RecordField::OldSha1, &StoredAlert::old_sha1},
     {RecordField::NewSha1, &StoredAlert::new_sha1},
     {RecordField::SizeChange, &StoredAlert::size_change},
     {RecordField::OwnerChange, &StoredAlert::owner_change},
     {RecordField::GroupChange, &StoredAlert::group_change},
     {RecordField::PermissionsChange, &StoredAlert::permissions_change}}};
constexpr std::array<PlainField, 9> kPlain = {{{RecordField::Location, &StoredAlert::location},
                                               {RecordField::SrcUser, &StoredAlert::src_user},
                                               {RecordField::Url, &StoredAlert::url},
                                               {RecordField::Action, &StoredAlert::action},
                                               {RecordField::Status, &StoredAlert::status},
                                               {RecordField::Host, &StoredAlert::host},
                                               {RecordField::Program, &StoredAlert::program},
                                               {RecordField::Decoder, &StoredAlert::decoder},
                                               {RecordField::Actor, &StoredAlert::actor}}};

std::string usual_id(const RecordHead& head) {
  return std::to_string(base::unix_seconds(head.time)) + "." + std::to_string(head.number);
}

// 32 hex digits, or nothing.
StableId id_from_hex(std::string_view text) {
  StableId id;
  if (text.size() != 32) return id;
  for (size_t i = 0; i < id.bytes.size(); ++i) {
    const char* const digits = text.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, id.bytes[i], 16).ptr != digits + 2) return {};
  }
  return id;
}

RecordHead head_of(const StoredAlert& alert) {
  RecordHead head;
  head.mail = alert.mail;
  head.level = alert.level;
  head.rule = alert.rule;
  head.time = alert.time;
  head.stored_time = alert.stored_time;
  head.id = id_from_hex(alert.stable_id);
  const size_t point = alert.id.find('.');
  if (point != std::string::npos) {
    std::from_chars(alert.id.data() + point + 1, alert.id.data() + alert.id.size(), head.number);
  }
  return head;
}

}  // namespace

void append_record_head(std::string& out, const RecordHead& head) {
  std::array<char, kHeadSize> bytes;
  char* at = bytes.data();
  at = put(at, kRecordVersion);
  at = put(at, static_cast<uint8_t>((head.mail ? kMailFlag : 0) | (head.cut ? kCutFlag : 0)));
  at = put(at, static_cast<uint16_t>(head.level < 0 ? 0 : head.level > 65535 ? 65535 : head.level));
  at = put(at, static_cast<uint32_t>(head.rule));
  at = put(at, head.time.time_since_epoch().count());
  at = put(at, head.stored_time.time_since_epoch().count());
  at = put(at, head.number);
  std::memcpy(at, head.id.bytes.data(), head.id.bytes.size());
  out.append(bytes.data(), bytes.size());
}

void set_record_id(std::string& out, size_t record, const StableId& id) {
  std::memcpy(out.data() + record + kIdAt, id.bytes.data(), id.bytes.size());
}

void append_record_field(std::string& out, RecordField field, std::string_view text) {
  char head[12];
  char* at = head;
  *at++ = static_cast<char>(field);
  size_t size = text.size();
  for (; size >= 0x80; size >>= 7) *at++ = static_cast<char>(size | 0x80);
  *at++ = static_cast<char>(size);
  out.append(head, static_cast<size_t>(at - head)).append(text);
}

void append_record(std::string& out, const StoredAlert& alert) {
  RecordHead head = head_of(alert);
  const size_t begin = out.size();
  append_record_head(out, head);
  if (alert.id != usual_id(head)) append_record_field(out, RecordField::AlertId, alert.id);
  for (const OptionalField& f : kOptional) {
    if (alert.*f.member) append_record_field(out, f.tag, *(alert.*f.member));
  }
  for (const PlainField& f : kPlain) {
    if (!(alert.*f.member).empty()) append_record_field(out, f.tag, alert.*f.member);
  }
  for (const std::string& line : alert.log) {
    if (out.size() - begin + line.size() + 8 <= kMaxRecord) {
      append_record_field(out, RecordField::Log, line);
    } else {
      out[begin + 1] = static_cast<char>(out[begin + 1] | kCutFlag);
    }
  }
}

bool RecordView::next(std::string_view& rest, RecordField& tag, std::string_view& text) {
  if (rest.empty()) return false;
  tag = static_cast<RecordField>(rest.front());
  size_t size = 0;
  for (size_t i = 1, shift = 0; i < rest.size() && shift <= 28; ++i, shift += 7) {
    const auto byte = static_cast<uint8_t>(rest[i]);
    size |= size_t{byte & 0x7Fu} << shift;
    if (byte >= 0x80) continue;
    if (rest.size() - i - 1 < size) return false;
    text = rest.substr(i + 1, size);
    rest.remove_prefix(i + 1 + size);
    return true;
  }
  return false;
}

bool RecordView::parse(std::string_view record) {
  if (record.size() < kHeadSize || record.size() > kMaxRecord || static_cast<uint8_t>(record[0]) != kRecordVersion) {
    return false;
  }
  const auto flags = static_cast<uint8_t>(record[1]);
  head_.mail = (flags & kMailFlag) != 0;
  head_.cut = (flags & kCutFlag) != 0;
  head_.level = get<uint16_t>(record, 2);
  head_.rule = static_cast<int>(get<uint32_t>(record, 4));
  head_.time = base::Instant(std::chrono::microseconds(get<int64_t>(record, 8)));
  head_.stored_time = base::Instant(std::chrono::microseconds(get<int64_t>(record, 16)));
  head_.number = get<uint64_t>(record, 24);
  std::memcpy(head_.id.bytes.data(), record.data() + 32, head_.id.bytes.size());
  fields_ = record.substr(kHeadSize);
  std::string_view rest = fields_;
  RecordField tag{};
  std::string_view text;
  while (next(rest, tag, text)) {
  }
  return rest.empty();
}

std::string_view RecordView::field(RecordField field) const {
  std::string_view rest = fields_;
  RecordField tag{};
  std::string_view text;
  while (next(rest, tag, text)) {
    if (tag == field) return text;
  }
  return {};
}

bool read_record(std::string_view record, StoredAlert& alert) {
  RecordView view;
  if (!view.parse(record)) return false;
  alert = {};
  const RecordHead& head = view.head();
  alert.id = usual_id(head);
  alert.mail = head.mail;
  alert.level = head.level;
  alert.rule = head.rule;
  alert.time = head.time;
  alert.stored_time = head.stored_time;
  if (head.id.is_set()) alert.stable_id = head.id.hex();
  view.each([&](RecordField tag, std::string_view text) {
    if (tag == RecordField::Log) return void(alert.log.emplace_back(text));
    if (tag == RecordField::AlertId) return void(alert.id = text);
    for (const OptionalField& f : kOptional) {
      if (f.tag == tag) return void(alert.*f.member = std::string(text));
    }
    for (const PlainField& f : kPlain) {
      if (f.tag == tag) return void(alert.*f.member = text);
    }
  });
  return true;
}

}  // namespace gander::model
