#include "live/wire.h"

#include <cstring>

namespace gander::live {
namespace {

void put(std::string& out, uint64_t value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof bytes);
}
void put(std::string& out, std::string_view text) {
  put(out, static_cast<uint64_t>(text.size()));
  out.append(text);
}

// Reads from the front; once something is missing everything is.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  uint64_t number() {
    uint64_t value = 0;
    if (rest_.size() < sizeof value) {
      good_ = false;
      return 0;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string_view text() {
    const uint64_t size = number();
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  size_t left() const { return rest_.size(); }
  bool good() const { return good_; }
  bool ended() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

constexpr size_t kLeastRecord = 5 * sizeof(uint64_t);

}  // namespace

std::string_view role_name(Role role) {
  switch (role) {
    case Role::Supervisor:
      return "supervisor";
    case Role::Collector:
      return "collector";
    case Role::Analysis:
      return "analysis";
    case Role::Indexer:
      return "indexer";
    case Role::Notifier:
      return "notifier";
    case Role::Responder:
      return "responder";
    case Role::Scanner:
      return "scanner";
    case Role::Viewer:
      return "viewer";
  }
  return "?";
}

std::string encode(const collect::Batch& b) {
  std::string out;
  size_t size = 256 + b.source.size() + b.origin.size() + b.place.size();
  for (const collect::Record& r : b.records) {
    size += kLeastRecord + r.location.size() + r.text.size() + r.who.size();
  }
  out.reserve(size);
  put(out, b.number);
  put(out, b.source);
  put(out, b.origin);
  put(out, b.place);
  put(out, static_cast<uint64_t>(b.age == collect::Age::Backlog));
  for (const uint64_t n :
       {b.counts.lines, b.counts.records, b.counts.bytes, b.counts.truncated, b.counts.refused, b.counts.lost}) {
    put(out, n);
  }
  put(out, static_cast<uint64_t>(b.records.size()));
  for (const collect::Record& r : b.records) {
    put(out, static_cast<uint64_t>(static_cast<unsigned char>(r.queue)));
    put(out, r.at);
    put(out, r.location);
    put(out, r.text);
    put(out, r.who);
  }
  return out;
}

bool decode(std::string_view payload, BatchView& out) {
  Reader in(payload);
  collect::Batch& b = out.batch;
  b = {};
  b.number = in.number();
  b.source = in.text();
  b.origin = in.text();
  b.place = in.text();
  b.age = in.number() != 0 ? collect::Age::Backlog : collect::Age::Fresh;
  for (uint64_t* n :
       {&b.counts.lines, &b.counts.records, &b.counts.bytes, &b.counts.truncated, &b.counts.refused, &b.counts.lost}) {
    *n = in.number();
  }
  const uint64_t count = in.number();
  if (!in.good() || count > in.left() / kLeastRecord) return false;
  out.records.clear();
  for (uint64_t i = 0; i < count; ++i) {
    collect::Record r;
    r.queue = static_cast<char>(in.number());
    r.at = in.number();
    r.location = in.text();
    r.text = in.text();
    r.who = in.text();
    out.records.push_back(r);
  }
  b.records = out.records;
  return in.ended();
}

std::string encode(const std::vector<collect::KeptPlace>& places) {
  std::string out;
  put(out, static_cast<uint64_t>(places.size()));
  for (const collect::KeptPlace& p : places) {
    put(out, std::string_view(p.source));
    put(out, std::string_view(p.place));
  }
  return out;
}

std::optional<std::vector<collect::KeptPlace>> decode_places(std::string_view payload) {
  Reader in(payload);
  const uint64_t count = in.number();
  std::vector<collect::KeptPlace> places;
  for (uint64_t i = 0; i < count && in.good(); ++i) {
    std::string source(in.text());
    places.push_back({std::move(source), std::string(in.text())});
  }
  if (!in.ended()) return std::nullopt;
  return places;
}

std::string encode_number(uint64_t number) {
  std::string out;
  put(out, number);
  return out;
}

std::optional<uint64_t> decode_number(std::string_view payload) {
  Reader in(payload);
  const uint64_t number = in.number();
  if (!in.ended()) return std::nullopt;
  return number;
}

std::string encode(const LogLine& line) {
  std::string out(1, static_cast<char>(line.severity));
  return out + line.text;
}

std::optional<LogLine> decode_log(std::string_view payload) {
  if (payload.empty() || payload[0] < 0 || payload[0] > static_cast<char>(Severity::Error)) return std::nullopt;
  return LogLine{static_cast<Severity>(payload[0]), std::string(payload.substr(1))};
}

}  // namespace gander::live
