// NotifierProcess: tells people: mail, daily reports, syslog, webhooks, and the page for machines. Each channel reads
// the spool at its own pace.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>

#include "live/name_service.h"
#include "live/process.h"
#include "notify/http_page.h"
#include "notify/notifier.h"
#include "store/spool.h"
#include "store/state_db.h"

namespace gander::live {

class NotifierProcess final : public Process {
 public:
  NotifierProcess(HostSettings settings, base::Descriptor supervisor);

 private:
  // A channel with its own place in the spool.
  struct Reading {
    notify::Channel* channel;
    store::SpoolReader reader;
  };
  using MailDone = std::function<void(notify::ProgramOutcome)>;

  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  void peer(Role role, base::Descriptor socket) override;
  std::string reload() override;
  std::string status() override;
  bool stop(collect::Moment now) override;

  bool open(HostConfig config);
  bool open_readings();
  void open_page();
  void feed(Reading& reading);
  void publish();
  void serve_responder();
  void send_mail(const std::string& message, MailDone done);
  notify::Snapshot snapshot();

  std::string no_libcurl_;  // why it could not be loaded; empty: it is
  HostConfig config_;
  std::optional<notify::Notifier> notifier_;
  std::vector<Reading> readings_;
  std::optional<store::SpoolReader> keeper_;  // holds what some channel still wants
  std::optional<notify::Place> published_;
  std::optional<notify::HttpPage> page_;
  int page_port_ = 0;
  std::optional<Link> responder_;
  NameAnswerer names_;
  std::unordered_map<uint64_t, MailDone> mails_;
  uint64_t next_mail_ = 1;
  model::StoredAlert alert_;
  std::string trouble_;
  bool flushed_ = false;
};

}  // namespace gander::live
