// StoredAlertView: a stored alert as the writers of alerts take it, so that a search shows alerts in the same forms.
//
// Owns:    the event and the rule that its alert points to.
// Threads: one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.h"
#include "model/stored_alert.h"

namespace gander::cli {

class StoredAlertView {
 public:
  // Valid until the next call.
  const model::Alert& of(const model::StoredAlert& stored);

 private:
  void log_of(const model::StoredAlert& stored);

  model::Alert alert_;
  model::RuleInfo rule_;
  model::DecoderInfo decoder_;
  model::Event event_;
  std::optional<model::Actor> actor_;
  std::vector<std::string_view> previous_;
};

}  // namespace gander::cli
