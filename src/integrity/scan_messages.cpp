#include "integrity/scan_messages.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostOfScan = 915;
constexpr size_t kMostOfRealTime = 911;
constexpr size_t kMostWithDifference = 6143;
constexpr size_t kMost = 1024 * 1024;

}  // namespace

std::string message_body(const Change& change, model::Compat compat, Origin origin) {
  const bool exact = compat == model::Compat::Ossec43;
  std::string out = change.kind == ChangeKind::Deleted ? "-1" : sum_text(change.after);
  out += ' ';
  out += exact ? change.path : encode_path(change.path);
  if (change.difference.empty()) {
    if (exact) out.resize(std::min(out.size(), origin == Origin::Scan ? kMostOfScan : kMostOfRealTime));
    return out;
  }
  out += '\n';
  out += change.difference;
  out.resize(std::min(out.size(), exact ? kMostWithDifference : kMost));
  return out;
}

}  // namespace gander::integrity
