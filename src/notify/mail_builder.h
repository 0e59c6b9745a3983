// MailBuilder: mails for the spool, with what <global> says of sender, names and form.
//
// Threads: functions of their arguments; the id of a mail is drawn from the system's random numbers.
// Cost:    one pass over the texts.
// Fails:   cannot.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/stored_alert.h"
#include "notify/mail_message.h"
#include "notify/mail_spool.h"
#include "notify/settings.h"

namespace gander::notify {

// Alerts in full, oldest first; the subject is that of the highest level, the first of equals.
SpooledMail alert_mail(const Settings& settings, const std::vector<std::string>& to,
                       std::span<const model::StoredAlert* const> alerts, base::Instant now);

// A text with its subject. `html` is a whole page, or empty: one is then made of short texts.
struct TextMail {
  std::string subject;
  std::string text;
  std::string html;
  MailMessage::Others others = MailMessage::Others::Cc;
};
SpooledMail text_mail(const Settings& settings, const std::vector<std::string>& to, const TextMail& mail,
                      base::Instant now);

}  // namespace gander::notify
