#include "respond/request.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "respond/words.h"

namespace gander::respond {
namespace {

constexpr std::string_view kMagic = "GRQ1";

// The texts in their order, and how long each may be.
struct TextField {
  std::string ResponseRequest::*member;
  size_t most;
};
constexpr std::array<TextField, 8> kTexts = {{{&ResponseRequest::response, kMostName},
                                              {&ResponseRequest::user, kMostName},
                                              {&ResponseRequest::srcip, kMostName},
                                              {&ResponseRequest::filename, kMostPath},
                                              {&ResponseRequest::alert_id, kMostName},
                                              {&ResponseRequest::stable_id, kMostName},
                                              {&ResponseRequest::location, kMostPath},
                                              {&ResponseRequest::agent_id, kMostName}}};

void put(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool take(uint64_t& value, size_t bytes) {
    if (rest_.size() < bytes) return false;
    value = 0;
    for (size_t i = 0; i < bytes; ++i) value |= static_cast<uint64_t>(static_cast<uint8_t>(rest_[i])) << (8 * i);
    rest_.remove_prefix(bytes);
    return true;
  }
  bool take(std::string& text, size_t most) {
    uint64_t size = 0;
    if (!take(size, 4) || size > most || size > rest_.size()) return false;
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text.find('\0') == std::string::npos;
  }
  bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string encode(const ResponseRequest& request) {
  std::string out(kMagic);
  for (const TextField& field : kTexts) {
    std::string text = request.*field.member;
    std::erase(text, '\0');
    // Only a location may be longer: the others were refused by whoever made the request.
    if (text.size() > field.most) text.resize(field.most);
    put(out, text.size(), 4);
    out += text;
  }
  put(out, static_cast<uint64_t>(static_cast<int64_t>(request.rule)), 8);
  put(out, static_cast<uint64_t>(request.event_time.time_since_epoch().count()), 8);
  put(out, static_cast<uint64_t>(request.target), 1);
  return out;
}

Result<ResponseRequest> decode_request(std::string_view bytes) {
  const auto damaged = [] { return fail("V001", "a response request is damaged"); };
  ResponseRequest request;
  Reader reader(bytes);
  if (bytes.size() > kMostRequestBytes || !reader.skip(kMagic)) return damaged();
  for (const TextField& field : kTexts) {
    if (!reader.take(request.*field.member, field.most)) return damaged();
  }
  uint64_t rule = 0;
  uint64_t time = 0;
  uint64_t target = 0;
  if (!reader.take(rule, 8) || !reader.take(time, 8) || !reader.take(target, 1) || !reader.done()) return damaged();
  const auto id = static_cast<int64_t>(rule);
  if (id < INT32_MIN || id > INT32_MAX || target > static_cast<uint64_t>(Target::GivenAgent)) return damaged();
  request.rule = static_cast<model::RuleId>(id);
  request.event_time = base::Instant(std::chrono::microseconds(static_cast<int64_t>(time)));
  request.target = static_cast<Target>(target);
  return request;
}

}  // namespace gander::respond
