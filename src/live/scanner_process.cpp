#include "live/scanner_process.h"

#include <algorithm>
#include <utility>

#include "base/json_text.h"

namespace gander::live {

ScannerProcess::ScannerProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Scanner, std::move(settings), std::move(supervisor)) {}

bool ScannerProcess::start() {
  config_ = load_config(settings());
  if (!config_.diagnostics.has_errors()) return true;
  log(Severity::Error, errors_of(config_.diagnostics));
  return false;
}

void ScannerProcess::add_descriptors(std::vector<pollfd>& wanted) {
  wanted.push_back(readable(outbox_.descriptor()));
  if (analysis_) wanted.push_back(of_link(*analysis_));
  if (responder_) wanted.push_back(of_link(*responder_));
}

void ScannerProcess::peer(Role role, base::Descriptor socket) {
  if (role == Role::Analysis) {
    outbox_.detach();
    analysis_.emplace(std::move(socket));
  } else if (role == Role::Responder) {
    if (work_) work_->prefilter().responder_changed();
    responder_.emplace(std::move(socket));
    asked_ = false;
  }
}

void ScannerProcess::serve_analysis(collect::Moment now) {
  if (!analysis_) return;
  analysis_->flush();
  analysis_->pump([&](Frame kind, std::string_view payload) {
    if (kind == Frame::Places) {
      if (const auto places = decode_places(payload)) outbox_.attach(*places, now.wall);
      attached_ = true;
    } else if (kind == Frame::Committed) {
      if (const auto number = decode_number(payload)) outbox_.kept(*number);
    }
    return true;
  });
  if (analysis_->state() == Link::State::Closed) {
    outbox_.detach();
    analysis_.reset();
    return;
  }
  outbox_.send_to(*analysis_);
}

void ScannerProcess::serve_responder() {
  if (!responder_) return;
  responder_->flush();
  responder_->pump([&](Frame kind, std::string_view payload) {
    if (kind == Frame::Watch) {
      group_ = payload.empty() ? responder_->take_descriptor() : base::Descriptor();
      group_trouble_ = payload;
      group_answered_ = true;
    } else if (kind == Frame::Filtered) {
      const bool carries = payload.size() == sizeof(uint64_t);
      base::Descriptor output = carries ? responder_->take_descriptor() : base::Descriptor();
      if (work_) work_->prefilter().answered(payload, std::move(output));
    }
    return true;
  });
  if (responder_->state() == Link::State::Closed) {
    responder_.reset();
    if (work_) work_->prefilter().responder_changed();
    return;
  }
  if (work_) work_->prefilter().send_to(*responder_);
}

bool ScannerProcess::watches() const {
  const config::Syscheck& s = config_.config.syscheck;
  return !s.disabled && std::any_of(s.directories.begin(), s.directories.end(), [](const config::WatchedPaths& d) {
    return (d.checks & config::WatchedPaths::Realtime) != 0;
  });
}

// Once the analysis has said what it keeps, the old work has ended, and the responder has answered about fanotify.
void ScannerProcess::begin_work(collect::Moment now) {
  if (!begin_ || !attached_) return;
  if (work_ && !work_->ended()) return;
  tell_log();
  work_.reset();
  if (watches() && !group_answered_) {
    if (!group_until_) group_until_ = now.steady + kGroupPatience;
    if (responder_ && !std::exchange(asked_, true)) responder_->send(Frame::AskWatch, {});
    if (now.steady < *group_until_) return;
    group_trouble_ = "the responder does not open fanotify";
  }
  ScanSetup setup;
  setup.syscheck = config_.config.syscheck;
  setup.rootcheck = config_.config.rootcheck;
  setup.settings = settings();
  const bool exact = settings().compat == model::Compat::Ossec43;
  if (exact || config_.internal.is_local("syscheck.sleep"))
    setup.pause_seconds = config_.internal.get("syscheck.sleep");
  setup.pause_files = config_.internal.get("syscheck.sleep_after");
  setup.threads = static_cast<size_t>(config_.internal.get("syscheck.threads"));
  setup.most_bytes = static_cast<uint64_t>(config_.internal.get("syscheck.max_read_mb")) * 1'000'000;
  setup.group = std::move(group_);
  setup.group_trouble = std::exchange(group_trouble_, {});
  group_until_.reset();
  group_answered_ = asked_ = false;
  begin_ = false;
  work_ = std::make_unique<ScanWork>(std::move(setup), outbox_);
}

void ScannerProcess::tell_log() {
  if (!work_) return;
  for (const ScanLog& line : work_->take_log()) log(line.severity, line.text);
}

std::optional<collect::Steady> ScannerProcess::step(collect::Moment now) {
  outbox_.hush();
  serve_analysis(now);
  serve_responder();
  begin_work(now);
  tell_log();
  if (begin_ && work_) return now.steady + std::chrono::milliseconds(20);  // until it has ended
  return begin_ ? group_until_ : std::nullopt;
}

std::string ScannerProcess::reload() {
  HostConfig next = load_config(settings());
  if (next.diagnostics.has_errors()) return errors_of(next.diagnostics);
  config_ = std::move(next);
  begin_ = true;
  if (work_) work_->ask_to_stop();
  return {};
}

bool ScannerProcess::stop(collect::Moment now) {
  // What it waits for is answered as long as it lasts.
  serve_analysis(now);
  serve_responder();
  if (!work_) return true;
  work_->ask_to_stop();
  if (!work_->ended()) return false;
  tell_log();
  work_.reset();
  return true;
}

std::string ScannerProcess::status() {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  if (work_) {
    const ScanStatus s = work_->status();
    json.string("doing", s.doing);
    json.string_if_any("watch", s.watch);
    json.string_if_any("no_watch", s.no_watch);
    json.number("last_scan", s.last_scan);
    json.number("files", s.files);
    json.number("changes", s.changes);
    json.number("overflows", s.overflows);
    json.number("last_rootcheck", s.last_rootcheck);
    json.number("findings", s.findings);
    json.string_if_any("trouble", s.trouble);
  }
  json.number("waiting", outbox_.waiting());
  json.close_object();
  return out;
}

}  // namespace gander::live
