#include "notify/mail_sender.h"

#include <algorithm>
#include <utility>

#include "notify/mail_message.h"
#include "notify/mail_text.h"

namespace gander::notify {
namespace {

constexpr base::Seconds kLookEvery{10};  // mails that others put there

bool is_program(const std::string& server) {
  return server.starts_with('/');
}

void replace_line(std::string& text, const std::string& line, const std::string& with) {
  for (size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + with.size())) {
    text.replace(at, line.size(), with);
  }
}

}  // namespace

MailSender::MailSender(CurlLoop& loop, MailSpool& spool, const Settings& settings)
    : loop_(loop), spool_(spool), settings_(settings), self_(std::make_shared<MailSender*>(this)) {}

MailSender::~MailSender() = default;

SmtpServer MailSender::server() const {
  const config::Global& g = settings_.config.global;
  using Tls = SmtpServer::Tls;
  SmtpServer s;
  s.host = g.smtp_server;
  s.tls = g.secure_smtp ? Tls::FromTheFirstByte : g.auth_smtp ? Tls::StartTls : Tls::IfOffered;
  s.port = g.smtp_port.value_or(g.secure_smtp ? 465 : g.auth_smtp ? 587 : 25);
  s.helo = g.helo_server;
  s.trust.verify = g.smtp_tls_verify;
  if (s.tls == Tls::IfOffered) {
    // Nobody asked for TLS: it is better than none without a check, and must not be in the way.
    const bool plain = tls_offered_but_broken_ || settings_.compat == model::Compat::Ossec43;
    if (plain) s.tls = Tls::Never;
    s.trust.verify = false;
  }
  if (g.auth_smtp) {
    s.user = g.smtp_user;
    s.password = g.smtp_password;
  }
  return s;
}

void MailSender::look(base::Instant now) {
  look_at_ = now + kLookEvery;
  const std::vector<std::string> there = spool_.list();
  for (const std::string& path : there) waiting_.try_emplace(path);
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const bool gone = !at->second.busy && std::find(there.begin(), there.end(), at->first) == there.end();
    at = gone ? waiting_.erase(at) : std::next(at);
  }
  counters_.waiting = waiting_.size();
}

base::Instant MailSender::step(base::Instant now) {
  now_ = now;
  std::erase_if(waiting_, [](const auto& entry) { return entry.second.ended; });
  for (auto& [path, w] : waiting_) {
    if (!w.busy) w.transfer.reset();
  }
  counters_.waiting = waiting_.size();
  if (now >= look_at_ || look_at_ > now + kLookEvery) look(now);
  server_retry_.clock_moved(now);
  base::Instant next = look_at_;
  int busy = 0;
  for (const auto& [path, w] : waiting_) busy += w.busy ? 1 : 0;
  const int most = server_retry_.failures() != 0 ? 1 : settings_.internal.get("maild.max_workers");
  for (auto& [path, w] : waiting_) {
    if (w.busy || w.ended) continue;
    w.retry.clock_moved(now);
    const base::Instant due = std::max(server_retry_.failures() != 0 ? server_retry_.next() : now,
                                       w.retry.failures() != 0 ? w.retry.next() : now);
    if (due > now) {
      next = std::min(next, due);
    } else if (busy < most) {
      ++busy;
      start(path, w);
    }
  }
  return next;
}

std::string MailSender::with_delay(const SpooledMail& mail) const {
  std::string message = mail.message;
  if (mail.mark.empty()) return message;
  const std::string late = lateness(mail.created, now_);
  const std::string words = late.empty() ? "" : "Delayed: this mail waited " + late + " for the mail server.\r\n";
  replace_line(message, mail.mark + "\r\n", words);
  return message;
}

void MailSender::start(const std::string& path, Waiting& waiting) {
  Result<SpooledMail> mail = MailSpool::load(path);
  if (!mail) {
    settings_.log(Severity::Error, "mail: " + mail.error().message);
    waiting.retry.failed(now_);
    return;
  }
  waiting.mail = std::move(*mail);
  // Added by hand, or written by an older configuration: never a command to the server.
  std::erase_if(waiting.mail.to, [&](const std::string& to) {
    if (is_plain_address(to)) return false;
    settings_.log(Severity::Warning, "mail: a recipient of " + path + " is no mail address and is left out");
    return true;
  });
  if (waiting.mail.to.empty() || !is_plain_address(waiting.mail.from)) {
    refuse(path, waiting.mail, "", "no sender or no recipient that is a mail address");
    spool_.remove(path);
    waiting.ended = true;
    return;
  }
  waiting.busy = true;
  if (is_program(settings_.config.global.smtp_server)) return run_program(path, waiting);
  waiting.transfer =
      std::make_unique<SmtpTransfer>(loop_, server(), waiting.mail.from, waiting.mail.to, with_delay(waiting.mail));
  waiting.transfer->start([this, path](SmtpOutcome outcome) { ended(path, outcome); });
}

void MailSender::run_program(const std::string& path, Waiting& waiting) {
  SmtpOutcome outcome;
  outcome.kind = SmtpOutcome::Kind::NoServer;
  outcome.problem = "no program can be run here";
  if (!settings_.mail_program) return settle(path, waiting, outcome);
  const std::weak_ptr<MailSender*> self = self_;
  settings_.mail_program(
      settings_.config.global.smtp_server, with_delay(waiting.mail), [self, path](ProgramOutcome program) {
        const std::shared_ptr<MailSender*> alive = self.lock();
        if (!alive) return;
        MailSender& sender = **alive;
        const auto found = sender.waiting_.find(path);
        if (found == sender.waiting_.end() || !found->second.busy) return;
        SmtpOutcome out;
        out.problem = "the program did not take the mail";
        out.accepted = found->second.mail.to;
        out.kind = program == ProgramOutcome::Accepted ? SmtpOutcome::Kind::Accepted : SmtpOutcome::Kind::TryAgain;
        sender.ended(path, out);
      });
}

void MailSender::ended(const std::string& path, const SmtpOutcome& outcome) {
  const auto found = waiting_.find(path);
  if (found != waiting_.end()) settle(path, found->second, outcome);
}

void MailSender::refuse(const std::string& path, const SpooledMail& mail, const std::string& to,
                        const std::string& words) {
  settings_.log(Severity::Warning, "mail: refused for good" + (to.empty() ? "" : " for " + to) + ": " + words +
                                       "; kept in queue/mail/failed");
  SpooledMail kept = mail;
  if (!to.empty()) kept.to = {to};
  if (const Result<void> written = spool_.keep_failed(path, kept, words); !written) {
    settings_.log(Severity::Error, "mail: " + written.error().message);
  }
  ++counters_.failed;
}

void MailSender::put_off(Waiting& waiting, const SmtpOutcome& outcome) {
  ++counters_.attempts;
  if (outcome.tls_failed && server().tls == SmtpServer::Tls::IfOffered) {
    tls_offered_but_broken_ = true;  // the next attempt goes without, at once
    settings_.log(Severity::Warning, "mail: the server offers TLS that does not work; going on without");
    return;
  }
  Retry& retry = outcome.kind == SmtpOutcome::Kind::NoServer ? server_retry_ : waiting.retry;
  retry.failed(now_);
  if (trouble_ != outcome.problem) settings_.log(Severity::Warning, "mail: " + outcome.problem + "; it is tried again");
  trouble_ = outcome.problem.empty() ? "not sent" : outcome.problem;
}

// What each recipient is told by now decides what is left of the mail.
void MailSender::settle(const std::string& path, Waiting& waiting, const SmtpOutcome& outcome) {
  using Kind = SmtpOutcome::Kind;
  waiting.busy = false;
  if (outcome.kind != Kind::NoServer) server_retry_.succeeded();
  std::vector<std::string> over;
  for (const SmtpOutcome::Refusal& r : outcome.refused) {
    refuse(path, waiting.mail, r.to, r.words);
    over.push_back(r.to);
  }
  if (outcome.kind == Kind::Refused) {
    for (const std::string& to : outcome.accepted) refuse(path, waiting.mail, to, outcome.problem);
  }
  if (outcome.kind == Kind::Refused || outcome.kind == Kind::Accepted) {
    over.insert(over.end(), outcome.accepted.begin(), outcome.accepted.end());
  }
  if (outcome.kind == Kind::Accepted && !outcome.accepted.empty()) {
    ++counters_.sent;
    trouble_.clear();
  }
  SpooledMail& mail = waiting.mail;
  const size_t before = mail.to.size();
  std::erase_if(mail.to, [&](const std::string& to) { return std::find(over.begin(), over.end(), to) != over.end(); });
  if (mail.to.empty()) {
    spool_.remove(path);
    waiting.ended = true;  // the transfer that calls us is destroyed at the next step
    return;
  }
  if (mail.to.size() != before) {
    if (const Result<void> written = spool_.rewrite(path, mail); !written) {
      settings_.log(Severity::Error, "mail: " + written.error().message);
    }
  }
  mail = {};  // it is read again
  put_off(waiting, outcome);
}

}  // namespace gander::notify
