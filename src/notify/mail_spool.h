// MailSpool: mails on the disk from the moment they are decided on until a server has taken them.
//
// queue/mail/BATCH/NNN.mail: one file a mail; a batch becomes visible by one rename, so that all of its mails are there
// or none. queue/mail/failed/ keeps what was refused for good; queue/mail/held the alerts that wait for a digest.
//
// Owns:    the lock on queue/mail/lock (only one may send).
// Threads: one thread.
// Cost:    put() waits for the disk (fsync).
// Fails:   open() with N001 when another process sends from this home, I002 when the folder cannot be made; writing
// with
//          I002: nothing has then changed.
// Source:  docs/formats/mail-spool.md.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "notify/channel.h"

namespace gander::notify {

struct SpooledMail {
  base::Instant created{};
  std::string from;
  std::vector<std::string> to;  // those who have not got it yet
  std::string mark;             // stands in the message for words about a delay; may be empty
  std::string message;          // headers, empty line, body
};

class MailSpool {
 public:
  enum class Held { Keep, Spent };  // Spent: the batch is the digest of queue/mail/held

  static Result<MailSpool> open(const std::string& home);
  MailSpool(MailSpool&&) noexcept;
  MailSpool& operator=(MailSpool&&) noexcept;
  ~MailSpool();

  // Without the lock, for those who only add (`gander report --mail` beside a running notifier).
  static Result<void> add(const std::string& home, std::span<const SpooledMail> mails);

  // All of the mails or none; `upto` is the place of the alerts that they tell.
  Result<void> put(std::span<const SpooledMail> mails, std::optional<Place> upto, Held held = Held::Keep);
  // The greatest `upto` that lies here.
  std::optional<Place> told() const;

  // Paths of the mails that lie here, oldest first.
  std::vector<std::string> list() const;
  static Result<SpooledMail> load(const std::string& path);
  // Delivered, or delivered to some (mail.to are the others).
  void remove(const std::string& path);
  Result<void> rewrite(const std::string& path, const SpooledMail& mail);
  // Keeps the mail for the recipients that refused it.
  Result<void> keep_failed(const std::string& path, const SpooledMail& mail, const std::string& reason);

  std::string held_path() const { return folder_ + "/held"; }

 private:
  MailSpool(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  void recover();

  std::string folder_;
  int lock_ = -1;
};

}  // namespace gander::notify
