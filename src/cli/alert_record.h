// AlertRecord: an alert as a report counts it, without the way through a file.
#pragma once

#include "base/time.h"
#include "model/alert.h"
#include "model/stored_alert.h"

namespace gander::cli {

class AlertRecord {
 public:
  explicit AlertRecord(base::TimeZone zone) : zone_(std::move(zone)) {}
  // Valid until the next call.
  const model::StoredAlert& of(const model::Alert& alert);

 private:
  base::TimeZone zone_;
  model::StoredAlert stored_;
};

}  // namespace gander::cli
