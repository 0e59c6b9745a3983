#include "respond/decider.h"

#include <algorithm>

#include "respond/words.h"

namespace gander::respond {
namespace {

using config::ActiveResponse;
using config::Command;
using model::Compat;

bool absent(std::string_view text) {
  return text.empty() || text == "-";
}

std::string warning(int code, std::string_view what, std::string_view value) {
  return "ossec-analysisd(" + std::to_string(code) + "): WARN: Invalid " + std::string(what) + " '" +
         std::string(value.substr(0, kMostName)) + "'. Possible logging attack.";
}

}  // namespace

Occasion occasion_of(const model::RuleInfo& rule, RuleAnswers answers, const model::Event& event,
                     std::string_view alert_id, std::string_view stable_id) {
  Occasion o;
  o.rule = rule.id;
  o.level = rule.level;
  o.group = rule.group;
  o.answers = answers;
  o.dst_user = event.field(model::Field::DstUser);
  o.src_user = event.field(model::Field::SrcUser);
  o.srcip = event.field(model::Field::SrcIp);
  o.filename = event.field(model::Field::Filename);
  o.location = event.location;
  o.alert_id = alert_id;
  o.stable_id = stable_id;
  o.event_time = event.time;
  return o;
}

Decider::Decider(const config::Config& config, Compat compat) : compat_(compat), allow_list_(config.global, compat) {
  const auto on_invalid = compat == Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes;
  for (const ActiveResponse& r : config.active_responses) {
    const auto command = std::find_if(config.commands.begin(), config.commands.end(),
                                      [&](const Command& c) { return c.name == r.command; });
    if (r.off || command == config.commands.end()) continue;
    local_queue_open_ = local_queue_open_ || r.on_local || r.on_server;
    Binding binding{r.command + std::to_string(r.timeout), *command, r, std::nullopt};
    if (!r.rules_group.empty()) {
      auto group = text::Pattern::compile(text::Dialect::OsRegex, r.rules_group, on_invalid);
      if (group) binding.group = std::move(*group);  // the loader of the configuration has told of a bad one
    }
    bindings_.push_back(std::move(binding));
  }
}

const Decider::Answer& Decider::decide(const Occasion& occasion) {
  answer_ = {};
  if (occasion.level <= 0 || occasion.answers == RuleAnswers::Never) return answer_;
  for (const Binding& binding : bindings_) {
    if (asks(binding, occasion)) answer(binding, occasion);
  }
  return answer_;
}

bool Decider::asks(const Binding& binding, const Occasion& occasion) {
  const ActiveResponse& when = binding.when;
  if (when.level > 0 && occasion.level >= when.level) return true;
  if (std::find(when.rules_id.begin(), when.rules_id.end(), occasion.rule) != when.rules_id.end()) return true;
  return binding.group && binding.group->matches(text::Subject::of(occasion.group), context_);
}

void Decider::answer(const Binding& binding, const Occasion& occasion) {
  ResponseRequest request;
  request.response = binding.name;
  request.alert_id = occasion.alert_id;
  request.stable_id = occasion.stable_id;
  request.rule = occasion.rule;
  request.location = occasion.location.substr(0, kMostPath);
  request.event_time = occasion.event_time;
  if (binding.command.expects_user && !take_user(occasion, request)) return;
  if (binding.command.expects_srcip && !take_source(binding, occasion, request)) return;
  if (binding.command.expects_filename && !take_filename(occasion, request)) return;
  if (compat_ == Compat::Ossec43 && !local_queue_open_) return;
  if (binding.command.expects_srcip && allow_list_.contains(request.srcip)) {
    ++answer_.allowed;
    return;
  }
  send(binding, request);
}

bool Decider::take_user(const Occasion& occasion, ResponseRequest& request) {
  const std::string_view user = absent(occasion.dst_user) ? occasion.src_user : occasion.dst_user;
  if (absent(user)) return false;
  const bool too_long = compat_ == Compat::Mended && user.size() > kMostName;
  if (too_long || !is_user_text(user)) {
    answer_.log.push_back(warning(1272, "username", user));
    return false;
  }
  request.user = user;
  return true;
}

bool Decider::take_source(const Binding& binding, const Occasion& occasion, ResponseRequest& request) {
  if (occasion.srcip.empty()) return false;
  if (!is_source_text(occasion.srcip) || occasion.srcip.size() > kMostName) {
    answer_.log.push_back(warning(1271, "IP Address", occasion.srcip));
    return false;
  }
  request.srcip = without_mapping(occasion.srcip);
  if (compat_ == Compat::Ossec43) return true;
  if (occasion.srcip == "-") return false;
  if (const auto address = source_address(occasion.srcip)) {
    request.srcip = address->text;
    return true;
  }
  if (binding.command.expects_hostname) return true;
  if (told_.insert(binding.name).second) {
    answer_.log.push_back("gander: WARN: Response '" + binding.name + "' wants an address and rule " +
                          std::to_string(occasion.rule) + " gave it the name '" + request.srcip +
                          "': not run. <expect>srcip, hostname</expect> lets names pass. (said once)");
  }
  return false;
}

bool Decider::take_filename(const Occasion& occasion, ResponseRequest& request) {
  if (occasion.filename.empty() || occasion.filename.size() > kMostPath ||
      occasion.filename.find('\0') != std::string_view::npos)
    return false;
  request.filename = occasion.filename;
  return true;
}

void Decider::send(const Binding& binding, ResponseRequest& request) {
  const ActiveResponse& when = binding.when;
  const bool remote = from_agent(request.location);
  if (when.on_server || (when.on_local && !remote)) push(request, Target::Here);
  if (when.on_local && remote) push(request, Target::OriginAgent);
  if (when.on_all) push(request, Target::AllAgents);
  if (when.on_defined_agent) {
    request.agent_id = when.agent_id;
    push(request, Target::GivenAgent);
  }
}

// Two blocks may ask for the same response: 4.3 runs it twice, mended once is enough.
void Decider::push(ResponseRequest request, Target target) {
  request.target = target;
  const auto same = std::count_if(answer_.requests.begin(), answer_.requests.end(), [&](const ResponseRequest& r) {
    return r.response == request.response && r.target == target && r.agent_id == request.agent_id;
  });
  if (same > 0 && compat_ == Compat::Mended) return;
  if (same > 0 && !request.stable_id.empty()) request.stable_id += "+" + std::to_string(same);
  answer_.requests.push_back(std::move(request));
}

}  // namespace gander::respond
