#include "live/responder_process.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "live/source_status.h"
#include "live/watch_group.h"
#include "respond/home_scripts.h"

namespace gander::live {

ResponderProcess::ResponderProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Responder, std::move(settings), std::move(supervisor)) {}

bool ResponderProcess::start() {
  config_ = load_config(settings());
  if (config_.diagnostics.has_errors()) {
    log(Severity::Error, errors_of(config_.diagnostics));
    return false;
  }
  guard_ = std::make_unique<respond::Guard>(host_, respond::AllowList(config_.config.global, settings().compat));
  if (const Result<void> linked = respond::link_scripts(settings().rules_home, settings().home); !linked) {
    log(Severity::Warning, linked.error().message);
  }
  respond::ExecutorOptions options;
  options.home = settings().home;
  options.compat = settings().compat;
  options.boot_id = respond::boot_id();
  respond::Notices notices;
  notices.log = [this](const std::string& text) { log(Severity::Note, text); };
  notices.event = [this](const std::string& text) {
    if (analysis_) analysis_->send(Frame::Event, text);
  };
  executor_ = std::make_unique<respond::Executor>(
      options, respond::ResponseList::from_config(config_.config, settings().compat), *guard_, notices);
  if (const Result<void> opened = executor_->open(respond::moment_now()); !opened) {
    log(Severity::Error, opened.error().message);
    return false;
  }
  control_ = std::make_unique<respond::ControlServer>(*executor_, base::join(settings().home, "run/responder.sock"));
  if (const Result<void> opened = control_->open(); !opened) log(Severity::Error, opened.error().message);
  mail_ = std::make_unique<MailProgram>([this](uint64_t number, MailOutcome outcome) {
    if (notifier_) notifier_->send(Frame::MailDone, encode_number(number) + static_cast<char>(outcome));
  });
  write_response_list();
  return true;
}

void ResponderProcess::write_response_list() {
  const std::string path = base::join(settings().home, "etc/shared/ar.conf");
  const Result<void> written = base::write_file_atomically(path, respond::ResponseList::ar_conf(config_.config));
  if (!written) return log(Severity::Warning, written.error().message);
  ::chmod(path.c_str(), 0440);
}

void ResponderProcess::add_descriptors(std::vector<pollfd>& wanted) {
  wanted.push_back(readable(executor_->descriptor()));
  wanted.push_back(readable(control_->descriptor()));
  if (analysis_) wanted.push_back(of_link(*analysis_));
  if (notifier_) wanted.push_back(of_link(*notifier_));
  if (scanner_) wanted.push_back(of_link(*scanner_));
  if (commands_) wanted.push_back(readable(commands_->poll_fd()));
  mail_->add_descriptors(wanted);
}

void ResponderProcess::peer(Role role, base::Descriptor socket) {
  if (role == Role::Analysis) {
    commands_.reset();
    requests_.clear();
    analysis_.emplace(std::move(socket));
  } else if (role == Role::Notifier) {
    notifier_.emplace(std::move(socket));
  } else if (role == Role::Scanner) {
    scanner_.emplace(std::move(socket));
  }
}

void ResponderProcess::drop_peers() {
  commands_.reset();
  requests_.clear();  // asked for again
  analysis_.reset();
  notifier_.reset();
}

void ResponderProcess::serve_analysis() {
  if (!analysis_) return;
  analysis_->flush();
  analysis_->pump([this](Frame kind, std::string_view payload) {
    if (kind == Frame::Places && !commands_) {
      collect::CommandOptions options;
      options.compat = settings().compat;
      if (const auto places = decode_places(payload)) commands_.emplace(config_.config.localfiles, options, *places);
    } else if (kind == Frame::Committed && commands_) {
      if (const auto number = decode_number(payload)) commands_->acknowledge(*number);
    } else if (kind == Frame::Response) {
      requests_.emplace_back(payload);
    }
    return requests_.size() < kMostWaiting;
  });
  if (analysis_->state() == Link::State::Closed) {
    analysis_.reset();
    commands_.reset();
  }
}

void ResponderProcess::run_requests() {
  const respond::Moment now = respond::moment_now();
  uint64_t taken = 0;
  for (; !requests_.empty() && executor_->accepts(); ++taken) {
    const Result<respond::ResponseRequest> request = respond::decode_request(requests_.front());
    requests_.pop_front();
    if (request) {
      executor_->submit(*request, now);
    } else {
      log(Severity::Error, request.error().message);
    }
  }
  // What is not said to be taken is asked for again when this process was replaced.
  if (taken > 0 && analysis_) analysis_->send(Frame::Taken, encode_number(taken));
}

void ResponderProcess::serve_notifier(collect::Moment now) {
  if (!notifier_) return;
  notifier_->flush();
  notifier_->pump([&](Frame kind, std::string_view payload) {
    constexpr size_t kNumber = sizeof(uint64_t);
    if (kind != Frame::Mail || payload.size() < kNumber) return true;
    const uint64_t number = decode_number(payload.substr(0, kNumber)).value_or(0);
    // The path is this process's own reading of the configuration; the notifier has no say in what runs.
    const std::string& path = config_.config.global.smtp_server;
    if (path.starts_with('/')) {
      mail_->run(path, number, std::string(payload.substr(kNumber)), now);
    } else {
      notifier_->send(Frame::MailDone, encode_number(number) + static_cast<char>(MailOutcome::TryAgain));
    }
    return true;
  });
  if (notifier_->state() == Link::State::Closed) notifier_.reset();
}

void ResponderProcess::serve_scanner(collect::Moment now) {
  filters_.step(now);
  if (!scanner_) return;
  scanner_->flush();
  scanner_->pump([&](Frame kind, std::string_view payload) {
    if (kind == Frame::AskWatch) open_watch();
    if (kind == Frame::Filter) filters_.run(config_.config.syscheck.prefilter_cmd, payload, *scanner_, now);
    return true;
  });
  if (scanner_->state() == Link::State::Closed) scanner_.reset();
}

// By the configuration as it is now: at a reload the scanner may ask before this process has read it again.
void ResponderProcess::open_watch() {
  const HostConfig config = load_config(settings());
  Diagnostics said_by_the_scanner;
  const integrity::WatchPlan plan =
      integrity::WatchPlan::make(config.config.syscheck, settings().compat, said_by_the_scanner);
  const Result<base::Descriptor> group = open_watch_group(plan);
  if (group) {
    scanner_->send(Frame::Watch, {}, group->get());
  } else {
    scanner_->send(Frame::Watch, group.error().message);
  }
}

std::optional<collect::Steady> ResponderProcess::step(collect::Moment now) {
  serve_analysis();
  serve_notifier(now);
  serve_scanner(now);
  run_requests();
  executor_->poll(respond::moment_now());
  control_->poll(respond::moment_now());
  if (commands_) commands_->step(now, *this);
  mail_->step(now);
  return next_deadline(now);
}

std::optional<collect::Steady> ResponderProcess::next_deadline(collect::Moment now) const {
  constexpr std::chrono::milliseconds kLook{50};  // at children that end without a word
  std::optional<collect::Steady> until;
  const auto sooner = [&](collect::Steady t) { until = until ? std::min(*until, t) : t; };
  if (const auto wait = executor_->wait(respond::moment_now())) sooner(now.steady + *wait);
  if (commands_) sooner(commands_->next_deadline(now));
  if (!mail_->idle() || !filters_.idle()) sooner(now.steady + kLook);
  return until;
}

void ResponderProcess::take(const collect::Batch& batch) {
  analysis_->send(Frame::Batch, encode(batch));
}

void ResponderProcess::say(const collect::Notice& notice) {
  if (notice.level != collect::NoticeLevel::Debug) log(severity_of(notice.level), notice.text);
}

std::string ResponderProcess::reload() {
  HostConfig next = load_config(settings());
  if (next.diagnostics.has_errors()) return errors_of(next.diagnostics);
  config_ = std::move(next);
  guard_->allow_list() = respond::AllowList(config_.config.global, settings().compat);
  executor_->set_responses(respond::ResponseList::from_config(config_.config, settings().compat));
  if (commands_) commands_->reload(config_.config.localfiles);
  write_response_list();
  return {};
}

bool ResponderProcess::stop(collect::Moment now) {
  commands_.reset();
  mail_->step(now);
  if (keeps_state()) return true;
  if (!std::exchange(undoing_, true)) executor_->stop(respond::moment_now());
  executor_->poll(respond::moment_now());
  return executor_->idle();
}

std::string ResponderProcess::status() {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("pending_blocks", executor_->pending(respond::moment_now()).size());
  json.number("waiting_requests", requests_.size());
  if (commands_) append_sources(json, "commands", commands_->status());
  json.close_object();
  return out;
}

}  // namespace gander::live
