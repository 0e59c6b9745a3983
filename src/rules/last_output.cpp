#include "rules/last_output.h"

#include <utility>

namespace gander::rules {
namespace {

constexpr size_t kOssecMax = 8191;

// The name between the parentheses for agents, "(name) ip->file".
std::string_view host_of(const model::Event& event) {
  std::string_view host = event.hostname;
  if (!host.starts_with('(')) return host;
  host.remove_prefix(1);
  return host.substr(0, host.find(')'));
}

}  // namespace

std::optional<std::string_view> LastOutput::changed(model::Event& event, model::RuleId rule) {
  const size_t most = compat_ == model::Compat::Ossec43 ? kOssecMax : kMaxText;
  const std::string_view text = event.lines.data() ? event.lines : event.log;
  if (text.size() > most) {
    event.notes.push_back("ossec-analysisd: ERROR: event size (" + std::to_string(text.size()) +
                          ") too long for diff.");
    return std::nullopt;
  }
  const std::string_view host = host_of(event);
  std::optional<std::string> before = store_.last_output(host, rule);
  if (before && *before == text) return std::nullopt;
  store_.set_last_output(host, rule, text);
  // What OSSEC left behind has its lines joined.
  if (!before || *before == event.log) return std::nullopt;
  previous_ = std::move(before);
  return *previous_;
}

}  // namespace gander::rules
