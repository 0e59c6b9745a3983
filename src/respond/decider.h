// Decider: which responses an alert asks for, and with which arguments. The half of active response that runs in the
// analysis process.
//
// Owns:    copies of what it needs of the configuration, compiled patterns.
// Threads: one thread.
// Cost:    a comparison and at most one pattern search for each <active-response>; no I/O, no look-up of names, no
// clock. Fails:   decide() cannot; an argument that must not reach a script is a warning and that response is left out.
// OSSEC:   same conditions in the same order; differences in docs/compat.md#active-response.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "model/compat.h"
#include "model/event.h"
#include "model/rule_info.h"
#include "respond/allow_list.h"
#include "respond/request.h"
#include "text/pattern.h"

namespace gander::respond {

// Whether the rule carries the option no_ar.
enum class RuleAnswers { Yes, Never };

// An alert as far as responses look at it. Views of the caller.
struct Occasion {
  model::RuleId rule = 0;
  int level = 0;
  std::string_view group;  // "syslog,sshd,"
  RuleAnswers answers = RuleAnswers::Yes;
  std::string_view dst_user;
  std::string_view src_user;
  std::string_view srcip;
  std::string_view filename;
  std::string_view location;
  std::string_view alert_id;   // "TIME.N"
  std::string_view stable_id;  // 32 hex digits
  base::Instant event_time{};
};

// Every event whose rule fired is an occasion: also when no_log or log_alert_level keeps the alert from being written;
// not when the rule is of level 0 or `ignore` silenced it.
Occasion occasion_of(const model::RuleInfo& rule, RuleAnswers answers, const model::Event& event,
                     std::string_view alert_id, std::string_view stable_id);

class Decider {
 public:
  Decider(const config::Config& config, model::Compat compat);

  struct Answer {
    std::vector<ResponseRequest> requests;  // in the order of the configuration
    std::vector<std::string> log;           // lines for the program's log, without time
    size_t allowed = 0;                     // responses left out because the source is on the allow list
  };
  // Valid until the next call.
  const Answer& decide(const Occasion& occasion);

  // Nothing is configured that could ever answer.
  bool idle() const { return bindings_.empty(); }

 private:
  struct Binding {
    std::string name;  // "blk600"
    config::Command command;
    config::ActiveResponse when;
    std::optional<text::Pattern> group;
  };

  bool asks(const Binding& binding, const Occasion& occasion);
  void answer(const Binding& binding, const Occasion& occasion);
  bool take_user(const Occasion& occasion, ResponseRequest& request);
  bool take_source(const Binding& binding, const Occasion& occasion, ResponseRequest& request);
  static bool take_filename(const Occasion& occasion, ResponseRequest& request);
  void send(const Binding& binding, ResponseRequest& request);
  void push(ResponseRequest request, Target target);

  model::Compat compat_;
  std::vector<Binding> bindings_;
  AllowList allow_list_;
  bool local_queue_open_ = false;  // some response runs here (4.3 sends nothing at all otherwise)
  std::set<std::string, std::less<>> told_;
  text::MatchContext context_;
  Answer answer_;
};

}  // namespace gander::respond
