// MailSender: takes the mails of the spool to the mail server or program, again and again until each is delivered or
// refused for good.
//
// A server that cannot be reached makes all wait (30 s, doubling to 15 min); one mail that is put off waits alone. A
// recipient that is refused (5xx) does not hold up the others: it goes to the log and to queue/mail/failed.
//
// Owns:    its transfers; not the spool.
// Threads: one thread.
// Cost:    does not block but to read a mail and to write what became of it.
// Fails:   cannot.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "notify/curl_loop.h"
#include "notify/mail_spool.h"
#include "notify/notifier.h"
#include "notify/retry.h"
#include "notify/settings.h"
#include "notify/smtp_transfer.h"

namespace gander::notify {

class MailSender {
 public:
  MailSender(CurlLoop& loop, MailSpool& spool, const Settings& settings);
  ~MailSender();

  // New mails lie in the spool.
  void look_again() { look_at_ = base::Instant{}; }
  base::Instant step(base::Instant now);
  bool idle() const { return waiting_.empty() && !looks(); }
  const MailCounters& counters() const { return counters_; }
  std::string trouble() const { return trouble_; }

 private:
  struct Waiting {
    Retry retry{base::Seconds{30}, base::Seconds{900}};
    std::unique_ptr<SmtpTransfer> transfer;
    bool busy = false;
    bool ended = false;
    SpooledMail mail;
  };

  bool looks() const { return look_at_ == base::Instant{}; }
  void look(base::Instant now);
  void start(const std::string& path, Waiting& waiting);
  void run_program(const std::string& path, Waiting& waiting);
  void ended(const std::string& path, const SmtpOutcome& outcome);
  void settle(const std::string& path, Waiting& waiting, const SmtpOutcome& outcome);
  void refuse(const std::string& path, const SpooledMail& mail, const std::string& to, const std::string& words);
  void put_off(Waiting& waiting, const SmtpOutcome& outcome);
  SmtpServer server() const;
  std::string with_delay(const SpooledMail& mail) const;

  CurlLoop& loop_;
  MailSpool& spool_;
  const Settings& settings_;
  std::map<std::string, Waiting> waiting_;  // by path
  Retry server_retry_{base::Seconds{30}, base::Seconds{900}};
  bool tls_offered_but_broken_ = false;
  base::Instant now_{};
  base::Instant look_at_{};
  MailCounters counters_;
  std::string trouble_;
  std::shared_ptr<MailSender*> self_;  // programs may answer when we are gone
};

}  // namespace gander::notify
