// What the frames between the processes of a live host hold, as bytes and back.
//
// Threads: functions of their arguments.
// Fails:   decoding says no to whatever is not whole; nothing of it is then to be used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "collect/record.h"

namespace gander::live {

// Who is at the other end of a link.
enum class Role : uint8_t { Supervisor, Collector, Analysis, Indexer, Notifier, Responder, Scanner, Viewer };
std::string_view role_name(Role role);

// What a Stop says when the next start goes on where this one ends.
constexpr std::string_view kKeepState = "keep";

// A batch with its strings; views into the payload it was decoded from.
struct BatchView {
  collect::Batch batch;
  std::vector<collect::Record> records;
};
std::string encode(const collect::Batch& batch);
bool decode(std::string_view payload, BatchView& out);

std::string encode(const std::vector<collect::KeptPlace>& places);
std::optional<std::vector<collect::KeptPlace>> decode_places(std::string_view payload);

std::string encode_number(uint64_t number);
std::optional<uint64_t> decode_number(std::string_view payload);

struct LogLine {
  Severity severity = Severity::Note;
  std::string text;
};
std::string encode(const LogLine& line);
std::optional<LogLine> decode_log(std::string_view payload);

}  // namespace gander::live
