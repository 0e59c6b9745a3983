#include "respond/rehearsal.h"

#include <algorithm>

#include "respond/timeouts.h"

namespace gander::respond {

Rehearsal::Rehearsal(const config::Config& config, model::Compat compat, Guard& guard)
    : compat_(compat), guard_(guard), decider_(config, compat), list_(ResponseList::from_config(config, compat)) {}

void Rehearsal::add(const Occasion& occasion) {
  ++totals_.alerts;
  const Decider::Answer& answer = decider_.decide(occasion);
  totals_.allowed += answer.allowed;
  totals_.invalid += answer.log.size();
  bool answered = false;
  for (const ResponseRequest& request : answer.requests) {
    if (request.target != Target::Here) {
      ++totals_.remote;
      continue;
    }
    const auto entry = std::find_if(list_.entries.begin(), list_.entries.end(),
                                    [&](const ResponseEntry& e) { return e.name == request.response; });
    if (entry == list_.entries.end()) continue;
    answered = true;
    play(request, *entry);
  }
  totals_.answered += answered ? 1 : 0;
}

std::string Rehearsal::refusal(const std::string& source) {
  if (source.empty() || source == "-") return {};
  const auto known = refusals_.find(source);
  if (known != refusals_.end()) return known->second;
  const auto refusal = guard_.refusal(source);
  std::string why = refusal ? refusal->what : "";
  if (refusals_.size() < kMostSources) refusals_[source] = why;
  return why;
}

void Rehearsal::play(const ResponseRequest& request, const ResponseEntry& entry) {
  std::string target = !request.srcip.empty() ? request.srcip : !request.user.empty() ? request.user : request.filename;
  if (target.empty()) target = "-";
  const std::pair<std::string, std::string> name(request.response, target);
  const auto found = rows_.find(name);
  if (found == rows_.end() && rows_.size() >= kMostSources) {
    ++totals_.beyond;
    return;
  }
  Row& row = found == rows_.end() ? rows_[name] : found->second;
  if (found == rows_.end()) {
    row.response = request.response;
    row.executable = entry.executable;
    row.target = target;
    row.first = request.event_time;
    row.refused = refusal(request.srcip);
  }
  row.last = request.event_time;
  row.rules.insert(request.rule);
  if (!row.refused.empty()) {
    ++totals_.refused;
    return;
  }
  if (entry.timeout.count() == 0) {
    ++row.runs;
    ++totals_.runs;
    return;
  }
  Block& block = blocks_[block_key(entry.executable, request, compat_)];
  const std::chrono::seconds lasts =
      request.srcip.empty() ? entry.timeout : offender_timeout(list_, entry.timeout, block.offences);
  const bool in_force = block.until > request.event_time;
  ++block.offences;
  row.runs += in_force ? 0 : 1;
  totals_.runs += in_force ? 0 : 1;
  row.repeats += in_force ? 1 : 0;
  const base::Instant until = std::max(block.until, request.event_time + lasts);
  const base::Instant from = in_force ? block.until : request.event_time;
  row.in_force += std::chrono::duration_cast<std::chrono::seconds>(until - from);
  block.until = until;
}

std::vector<Rehearsal::Row> Rehearsal::rows() const {
  std::vector<Row> out;
  for (const auto& [name, row] : rows_) out.push_back(row);
  std::stable_sort(out.begin(), out.end(), [](const Row& a, const Row& b) { return a.runs > b.runs; });
  return out;
}

}  // namespace gander::respond
