#include "live/notifier_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/file.h"
#include "base/json_text.h"
#include "engine/system_resolver.h"
#include "live/day_report.h"
#include "live/mail_program.h"
#include "model/alert_record.h"
#include "notify/curl_library.h"

namespace gander::live {
namespace {

constexpr const char* kReaderName = "notify";
constexpr std::chrono::seconds kRetry{2};
constexpr unsigned kOffsetBits = 40;

// A place in the spool as one number that grows with it.
notify::Place number_of(store::SpoolPlace place) {
  return place.segment << kOffsetBits | place.offset;
}
store::SpoolPlace place_of(notify::Place number) {
  return {number >> kOffsetBits, number & ((notify::Place{1} << kOffsetBits) - 1)};
}

collect::Steady steady_of(base::Instant at, collect::Moment now) {
  return now.steady + std::chrono::duration_cast<collect::Steady>(at - now.wall);
}

}  // namespace

NotifierProcess::NotifierProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Notifier, std::move(settings), std::move(supervisor)), names_(engine::system_resolver()) {
  try {
    notify::curl();  // once confined, the process loads no library
  } catch (const std::runtime_error& e) {
    no_libcurl_ = e.what();
  }
}

bool NotifierProcess::start() {
  if (!no_libcurl_.empty()) {
    log(Severity::Error, no_libcurl_);
    return false;
  }
  HostConfig config = load_config(settings());
  if (config.diagnostics.has_errors()) {
    log(Severity::Error, errors_of(config.diagnostics));
    return false;
  }
  return open(std::move(config));
}

bool NotifierProcess::open(HostConfig config) {
  config_ = std::move(config);
  notify::Settings s;
  s.config = config_.config;
  s.internal = config_.internal;
  s.compat = settings().compat;
  s.home = settings().home;
  s.host_name = settings().host_name;
  s.zone = settings().zone;
  s.version = settings().version;
  s.log = [this](Severity severity, const std::string& text) { log(severity, text); };
  s.mail_program = [this](const std::string&, const std::string& message, MailDone done) {
    send_mail(message, std::move(done));
  };
  s.report_maker = report_maker(settings().home, settings().zone, settings().compat);
  Result<notify::Notifier> opened = notify::Notifier::open(std::move(s));
  if (!opened) {
    log(Severity::Error, opened.error().message);
    return false;
  }
  notifier_.emplace(std::move(*opened));
  open_page();
  return open_readings();
}

bool NotifierProcess::open_readings() {
  readings_.clear();
  auto keeper = store::SpoolReader::open(settings().home, kReaderName, store::SpoolReader::Start::Newest);
  if (!keeper) {
    log(Severity::Error, keeper.error().message);
    return false;
  }
  keeper_.emplace(std::move(*keeper));
  for (const auto& channel : notifier_->channels()) {
    if (!channel->safe()) channel->start_at(number_of(keeper_->place()));
    auto reader = store::SpoolReader::open(settings().home, "", store::SpoolReader::Start::Newest);
    Result<void> there = reader ? reader->seek(place_of(*channel->safe())) : Result<void>();
    if (!reader || !there) {
      log(Severity::Error, reader ? there.error().message : reader.error().message);
      return false;
    }
    readings_.push_back({channel.get(), std::move(*reader)});
  }
  return true;
}

void NotifierProcess::open_page() {
  const int port = config_.internal.get("notify.page_port");
  if (port == page_port_) return;
  page_.reset();
  page_port_ = port;
  if (port == 0) return;
  Result<notify::HttpPage> page = notify::HttpPage::open("127.0.0.1", port, [this] { return snapshot(); });
  if (page) {
    page_.emplace(std::move(*page));
  } else {
    log(Severity::Error, page.error().message);
    page_port_ = 0;
  }
}

void NotifierProcess::add_descriptors(std::vector<pollfd>& wanted) {
  wanted.push_back(readable(notifier_->descriptor()));
  if (page_) wanted.push_back(readable(page_->descriptor()));
  if (responder_) wanted.push_back(of_link(*responder_));
  names_.add_descriptors(wanted);
  for (const Reading& r : readings_) {
    if (r.channel->wants()) wanted.push_back(readable(r.reader.descriptor()));
  }
}

void NotifierProcess::feed(Reading& reading) {
  reading.reader.drain();
  while (reading.channel->wants()) {
    const Result<std::optional<std::string_view>> record = reading.reader.next();
    if (!record) {
      if (trouble_ != record.error().message) log(Severity::Error, record.error().message);
      trouble_ = record.error().message;
      return;
    }
    if (!*record) return;
    const notify::Place place = number_of(reading.reader.place());
    if (model::read_record(**record, alert_)) {
      reading.channel->take(place, alert_);
    } else {
      reading.channel->skip(place, 1);
    }
  }
}

// Segments stay until the slowest channel has passed them.
void NotifierProcess::publish() {
  const std::optional<notify::Place> safe = notifier_->safe();
  if (!safe || safe == published_) return;
  if (!keeper_->seek(place_of(*safe)) || !keeper_->publish()) return;
  published_ = safe;
}

std::optional<collect::Steady> NotifierProcess::step(collect::Moment now) {
  serve_responder();
  names_.step();
  for (Reading& r : readings_) feed(r);
  base::Instant until = notifier_->step(now.wall);
  publish();
  if (page_) until = std::min(until, page_->step(now.wall));
  collect::Steady next = steady_of(until, now);
  if (!trouble_.empty()) next = std::min(next, now.steady + kRetry);
  // What step() made room for is read at once.
  for (const Reading& r : readings_) {
    if (r.channel->wants() && r.reader.place() < keeper_->place()) next = now.steady;
  }
  return next;
}

void NotifierProcess::peer(Role role, base::Descriptor socket) {
  if (role == Role::Analysis) names_.connect(std::move(socket));
  if (role == Role::Responder) responder_.emplace(std::move(socket));
}

void NotifierProcess::serve_responder() {
  if (!responder_) return;
  responder_->flush();
  responder_->pump([this](Frame kind, std::string_view payload) {
    constexpr size_t kNumber = sizeof(uint64_t);
    if (kind != Frame::MailDone || payload.size() != kNumber + 1) return true;
    const auto mail = mails_.find(decode_number(payload.substr(0, kNumber)).value_or(0));
    if (mail == mails_.end()) return true;
    const MailDone done = std::move(mail->second);
    mails_.erase(mail);
    done(payload.back() == static_cast<char>(MailOutcome::Accepted) ? notify::ProgramOutcome::Accepted
                                                                    : notify::ProgramOutcome::TryAgain);
    return true;
  });
  if (responder_->state() == Link::State::Open) return;
  // It died with mails in its hands; their spool files are still there.
  responder_.reset();
  for (auto& [number, done] : std::exchange(mails_, {})) done(notify::ProgramOutcome::TryAgain);
}

void NotifierProcess::send_mail(const std::string& message, MailDone done) {
  if (!responder_) return done(notify::ProgramOutcome::TryAgain);
  const uint64_t number = next_mail_++;
  mails_.emplace(number, std::move(done));
  responder_->send(Frame::Mail, encode_number(number) + message);
}

std::string NotifierProcess::reload() {
  HostConfig next = load_config(settings());
  if (next.diagnostics.has_errors()) return errors_of(next.diagnostics);
  notifier_->flush(moment_now().wall);
  readings_.clear();
  notifier_.reset();
  published_.reset();
  return open(std::move(next)) ? std::string() : "the notifier could not be opened again; see logs/ossec.log\n";
}

bool NotifierProcess::stop(collect::Moment now) {
  if (!std::exchange(flushed_, true)) {
    for (Reading& r : readings_) feed(r);
    notifier_->flush(now.wall);
  }
  notifier_->step(now.wall);
  publish();
  return true;
}

// The ledger of the analysis, from its own state, and the counts of the channels.
notify::Snapshot NotifierProcess::snapshot() {
  notify::Snapshot out;
  add_metrics(*notifier_, out);
  auto state = store::StateDb::open(base::join(settings().home, "queue/gander.db"), store::StateDb::Access::ReadOnly,
                                    moment_now().wall);
  const auto counts = state ? state->counts() : tl::unexpected(state.error());
  if (!counts) {
    out.healthy = false;
    out.problems.push_back(counts.error().message);
    return out;
  }
  std::map<std::string, notify::Metric> metrics;
  for (const store::SourceCount& c : *counts) {
    notify::Metric& m = metrics[c.name];
    m.name = fmt::format("gander_source_{}_total", c.name);
    m.help = fmt::format("Records of a source: {} (in = analysed + repeats + refused + waiting).", c.name);
    m.samples.push_back({{{"source", c.source}}, static_cast<double>(c.value)});
  }
  for (auto& [name, metric] : metrics) out.metrics.push_back(std::move(metric));
  return out;
}

std::string NotifierProcess::status() {
  const notify::MailCounters mail = notifier_->mail();
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("mails_waiting", mail.waiting);
  json.number("mails_sent", mail.sent);
  json.number("mails_failed", mail.failed);
  json.number("alerts_held", mail.held);
  json.open_array("channels");
  for (const auto& channel : notifier_->channels()) {
    const notify::ChannelCounters& c = channel->counters();
    json.open_object();
    json.string("name", channel->name());
    json.number("taken", c.taken);
    json.number("told", c.told);
    json.number("refused", c.refused);
    json.number("lost", c.lost);
    json.string_if_any("trouble", channel->trouble());
    json.close_object();
  }
  json.close_array();
  json.close_object();
  return out;
}

}  // namespace gander::live
