#include "respond/control_message.h"

#include <algorithm>
#include <array>

#include "respond/record_text.h"

namespace gander::respond {
namespace {

constexpr std::array<std::string_view, 3> kWhat = {"list", "undo", "run"};
constexpr size_t kBlockFields = 13;
constexpr int64_t kOutcomes = static_cast<int64_t>(Outcome::Full) + 1;

auto damaged() {
  return fail("V005", "a message of the control socket is damaged");
}

std::string text(base::Instant t) {
  return std::to_string(t.time_since_epoch().count());
}

std::string block_line(const PendingBlock& b) {
  return join_record({"block", b.response, b.executable, b.user, b.srcip, b.alert_id, b.stable_id, b.rule,
                      text(b.added), text(b.due), std::to_string(b.timeout.count()), std::to_string(b.offences),
                      b.state}) +
         "\n";
}

bool parse_block(const std::vector<std::string>& f, ControlReply& reply) {
  if (f.size() != kBlockFields) return false;
  const auto added = number_in(f[8]);
  const auto due = number_in(f[9]);
  const auto timeout = number_in(f[10]);
  const auto offences = number_in(f[11]);
  if (!added || !due || !timeout || !offences) return false;
  reply.blocks.push_back({f[1], f[2], f[3], f[4], f[5], f[6], f[7], base::Instant(std::chrono::microseconds(*added)),
                          base::Instant(std::chrono::microseconds(*due)), std::chrono::seconds(*timeout),
                          static_cast<int>(*offences), f[12]});
  return true;
}

bool parse_line(const std::vector<std::string>& f, ControlReply& reply) {
  if (f[0] == "block") return parse_block(f, reply);
  const auto number = f.size() > 1 ? number_in(f[1]) : std::nullopt;
  if (!number || *number < 0) return false;
  if (f[0] == "undone") {
    reply.undone = static_cast<size_t>(*number);
    return true;
  }
  if (f[0] != "outcome" || f.size() != 3 || *number >= kOutcomes) return false;
  reply.outcome = static_cast<Outcome>(*number);
  reply.refused = f[2];
  return true;
}

}  // namespace

std::string control_line(const ControlRequest& r) {
  return join_record({std::string(kWhat[static_cast<size_t>(r.what)]), r.name, r.action, r.srcip, r.user, r.filename}) +
         "\n";
}

Result<ControlRequest> parse_control(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  const auto f = split_record(line);
  if (!f || f->size() != 6) return damaged();
  const auto what = std::find(kWhat.begin(), kWhat.end(), (*f)[0]);
  if (what == kWhat.end()) return damaged();
  ControlRequest r;
  r.what = static_cast<ControlRequest::What>(what - kWhat.begin());
  r.name = (*f)[1];
  r.action = (*f)[2];
  r.srcip = (*f)[3];
  r.user = (*f)[4];
  r.filename = (*f)[5];
  return r;
}

std::string reply_lines(const Result<ControlReply>& reply) {
  if (!reply) return join_record({"error", std::string(reply.error().code), reply.error().message}) + "\nend\n";
  std::string out;
  for (const PendingBlock& block : reply->blocks) out += block_line(block);
  out += join_record({"undone", std::to_string(reply->undone)}) + "\n";
  out += join_record({"outcome", std::to_string(static_cast<int>(reply->outcome)), reply->refused}) + "\n";
  return out + "end\n";
}

Result<ControlReply> parse_reply(std::string_view lines) {
  ControlReply reply;
  while (!lines.empty()) {
    const size_t end = lines.find('\n');
    if (end == std::string_view::npos) break;
    const auto f = split_record(lines.substr(0, end));
    lines.remove_prefix(end + 1);
    if (!f) return damaged();
    if ((*f)[0] == "end") return reply;
    if ((*f)[0] == "error" && f->size() == 3) return fail("V005", (*f)[2]);
    if (!parse_line(*f, reply)) return damaged();
  }
  return fail("V004", "the responder did not answer to the end");
}

}  // namespace gander::respond
