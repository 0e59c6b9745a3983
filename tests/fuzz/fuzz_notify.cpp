// Any bytes in every text of an alert: no mail gets a header or an end that it should not have, its parts decode to
// themselves, syslog messages keep to their size and to one line, and JSON stays JSON.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/utf8.h"
#include "notify/mail_digest.h"
#include "notify/mail_html.h"
#include "notify/mail_message.h"
#include "notify/mail_text.h"
#include "notify/syslog_format.h"
#include "notify/webhook_body.h"

namespace {

using gander::config::SyslogOutput;
using gander::config::Webhook;
using gander::model::Compat;
using gander::model::StoredAlert;
using namespace gander::notify;

void require(bool holds) {
  if (!holds) std::abort();
}

// The input's pieces between bytes of 0xFE, one after the other.
class Pieces {
 public:
  explicit Pieces(std::string_view input) : rest_(input) {}
  std::string next() {
    const size_t end = rest_.find('\xFE');
    std::string piece(rest_.substr(0, end));
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    return piece;
  }

 private:
  std::string_view rest_;
};

StoredAlert alert_of(std::string_view input) {
  Pieces p(input);
  StoredAlert a;
  a.log = {p.next(), p.next()};
  a.description = p.next();
  a.location = p.next();
  a.user = p.next();
  a.group = p.next();
  a.date = p.next();
  a.src_ip = p.next();
  a.src_port = p.next();
  a.id = p.next();
  a.filename = p.next();
  a.old_md5 = p.next();
  a.new_md5 = a.old_md5;
  a.new_sha1 = p.next();
  if (input.size() % 2 == 1) {
    a.log = {"ossec: output: 'x':", a.log[0], p.next(), "Previous output:", a.log[1], p.next()};
  }
  a.rule = 100;
  a.level = 8;
  return a;
}

void check_lines(const std::string& message) {
  for (size_t i = 0; i < message.size(); ++i) {
    require(message[i] != '\0');
    if (message[i] == '\r') require(i + 1 < message.size() && message[i + 1] == '\n');
    if (message[i] == '\n') require(i > 0 && message[i - 1] == '\r');
  }
}

// Names of the headers in order; folded lines belong to the header before.
std::string header_names(const std::string& message) {
  std::string names;
  for (size_t at = 0; at < message.size();) {
    const size_t end = message.find("\r\n", at);
    require(end != std::string::npos);
    if (end == at) return names;
    if (message[at] != ' ' && message[at] != '\t') {
      const size_t colon = message.find(": ", at);
      require(colon != std::string::npos && colon < end);
      names += message.substr(at, colon - at) + " ";
    }
    at = end + 2;
  }
  require(false);
  return names;
}

std::string decoded(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out.push_back(text[i]);
    } else if (text[i + 1] == '\r') {
      i += 2;
    } else {
      out.push_back(static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16)));
      i += 2;
    }
  }
  return out;
}

void check_mail(const StoredAlert& alert, Compat compat, MailMessage::Form form) {
  MailMessage mail;
  mail.form = form;
  mail.compat = compat;
  mail.from = "ids@example.org";
  mail.to = {"a@example.org", *alert.user};
  mail.reply_to = "r@example.org";
  mail.ids_name = "n" + *alert.src_ip;
  mail.subject = mail_subject(alert, SubjectForm::Long, compat);
  mail.id = "0123456789abcdef0123456789abcdef";
  append_alert_text(mail.text, alert, compat, {});
  const StoredAlert* const all[] = {&alert};
  if (form == MailMessage::Form::Mime) mail.html = alerts_html(all, mail.subject, "m", {});
  const std::string message = render(mail);
  check_lines(message);
  const std::string cc = is_plain_address(*alert.user) ? "Cc " : "";
  const std::string names = header_names(message);
  require(names.starts_with("To From Reply-To " + cc + "Date X-IDS-OSSEC Subject "));
  if (form == MailMessage::Form::Mime) {
    require(names.ends_with("Subject MIME-Version Message-ID Auto-Submitted Content-Type "));
    const std::string text = quoted_printable(mail.text);
    require(message.find(text) != std::string::npos && decoded(text) == mail.text);
    require(mail.html.find("<script") == std::string::npos);
  }
}

void check_json(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  require(parser.parse(text).get(element) == simdjson::SUCCESS);
}

void check_syslog(const StoredAlert& alert, Compat compat) {
  using Format = SyslogOutput::Format;
  for (const Format format : {Format::Default, Format::Cef, Format::Json, Format::Splunk}) {
    std::string message = syslog_message(alert, format, "host", compat);
    require(message.starts_with("<132>") && message.size() <= kMostMessage);
    if (format == Format::Json && compat == Compat::Mended) check_json(message.substr(message.find(" ossec: ") + 8));
    make_one_line(message);
    require(message.find('\n') == message.size() - 1 && message.find('\r') == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const StoredAlert alert = alert_of({reinterpret_cast<const char*>(data), size});
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
    check_mail(alert, compat, MailMessage::Form::Plain);
    check_syslog(alert, compat);
  }
  check_mail(alert, Compat::Mended, MailMessage::Form::Mime);
  const StoredAlert* const all[] = {&alert};
  for (const DigestPart& part : digest(all, 12, 1000)) check_lines(part.text);
  Webhook hook;
  hook.key = "k";
  using Type = Webhook::Type;
  for (const Type type : {Type::Generic, Type::Slack, Type::Teams, Type::PagerDuty}) {
    hook.type = type;
    check_json(webhook_body(hook, alert));
  }
  return 0;
}
