// JsonAlert: alerts out of JSON, as alerts.json and the ndjson, json and ECS forms of Gander have them.
//
// Owns:    the parser's working memory.
// Threads: one thread.
// Cost:    one parse; values are copied into the alert.
// Fails:   read() says no to text that is no JSON object of an alert.
// Source:  docs/formats/alerts-json.md, ecs.md.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "model/stored_alert.h"

namespace gander::report {

class JsonAlerts {
 public:
  JsonAlerts();
  ~JsonAlerts();
  JsonAlerts(JsonAlerts&&) noexcept;

  // One line: an object, an object with a comma behind it, a bracket of the array around them, or a whole array.
  // Calls take(alert) for each alert. False: something in it is not an alert.
  bool read(std::string_view line, const std::function<void(const model::StoredAlert&)>& take);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::report
