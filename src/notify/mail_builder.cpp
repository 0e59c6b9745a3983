#include "notify/mail_builder.h"

#include <sys/random.h>

#include <algorithm>
#include <array>

#include "notify/mail_html.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

constexpr size_t kMostPage = size_t{256} * 1024;

std::string random_id() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) bytes.fill(0x55);
  std::string out;
  for (const unsigned char b : bytes) out.append(1, kHex[b >> 4]).append(1, kHex[b & 15]);
  return out;
}

bool ossec(const Settings& settings) {
  return settings.compat == model::Compat::Ossec43;
}

MailMessage start(const Settings& settings, const std::vector<std::string>& to, base::Instant now) {
  const config::Global& g = settings.config.global;
  MailMessage mail;
  const bool html = !ossec(settings) && settings.internal.get("maild.html") != 0;
  mail.form = html ? MailMessage::Form::Mime : MailMessage::Form::Plain;
  mail.compat = settings.compat;
  mail.from = g.email_from;
  mail.to = to;
  mail.reply_to = g.email_reply_to;
  mail.ids_name = g.email_idsname;
  mail.id = random_id();
  mail.date = now;
  mail.zone = settings.zone;
  return mail;
}

SpooledMail finish(const Settings& settings, MailMessage& mail, base::Instant now) {
  SpooledMail out;
  out.created = now;
  out.from = mail.from;
  out.to = mail.to;
  if (!ossec(settings)) {
    out.mark = delay_mark(mail.id);
    mail.text.insert(0, out.mark + "\r\n");
  }
  out.message = render(mail);
  return out;
}

}  // namespace

SpooledMail alert_mail(const Settings& settings, const std::vector<std::string>& to,
                       std::span<const model::StoredAlert* const> alerts, base::Instant now) {
  MailMessage mail = start(settings, to, now);
  const auto form = settings.internal.get("maild.full_subject") == 0 ? SubjectForm::Long : SubjectForm::Short;
  const auto highest = std::max_element(alerts.begin(), alerts.end(), [](const auto* a, const auto* b) {
    return a->level < b->level;  // the first of equals stays
  });
  if (highest != alerts.end()) mail.subject = mail_subject(**highest, form, settings.compat);
  for (const model::StoredAlert* const alert : alerts) append_alert_text(mail.text, *alert, settings.compat, now);
  if (mail.form == MailMessage::Form::Mime) {
    mail.html = alerts_html(alerts, mail.subject, delay_mark(mail.id), now);
  }
  return finish(settings, mail, now);
}

SpooledMail text_mail(const Settings& settings, const std::vector<std::string>& to, const TextMail& text,
                      base::Instant now) {
  MailMessage mail = start(settings, to, now);
  mail.others = text.others;
  mail.subject = text.subject;
  mail.text = text.text;
  if (mail.form == MailMessage::Form::Mime) {
    mail.html = text.html;
    if (mail.html.empty() && text.text.size() <= kMostPage) {
      mail.html = text_html(text.text, text.subject, delay_mark(mail.id));
    }
  }
  return finish(settings, mail, now);
}

}  // namespace gander::notify
