// What is posted to a webhook for one alert.
//
// Log text is data in each of them: JSON strings, in Slack with its marks escaped and inside a code block, in Teams as
// runs of text that know no marks.
//
// Threads: functions of their arguments.
// Cost:    one pass; texts are cut at what the service takes.
// Fails:   cannot; the result is valid JSON for any bytes.
// Source:  docs/formats/webhooks.md.
#pragma once

#include <string>

#include "config/config.h"
#include "model/stored_alert.h"

namespace gander::notify {

std::string webhook_body(const config::Webhook& hook, const model::StoredAlert& alert);

}  // namespace gander::notify
