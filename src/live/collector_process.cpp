#include "live/collector_process.h"

#include <utility>

#include "live/source_status.h"

namespace gander::live {

CollectorProcess::CollectorProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Collector, std::move(settings), std::move(supervisor)) {}

bool CollectorProcess::start() {
  config_ = load_config(settings());
  if (!config_.diagnostics.has_errors()) return true;
  log(Severity::Error, errors_of(config_.diagnostics));
  return false;
}

collect::SourceOptions CollectorProcess::options() const {
  collect::SourceOptions o;
  o.compat = settings().compat;
  o.zone = settings().zone;
  o.hostname = settings().host_name;
  o.home = settings().rules_home;
  o.loop_timeout = base::Seconds(config_.internal.get("logcollector.loop_timeout"));
  if (settings().shipped_config) o.missing = collect::SourceOptions::Missing::SumUp;
  o.open_attempts = config_.internal.get("logcollector.open_attempts");
  return o;
}

void CollectorProcess::add_descriptors(std::vector<pollfd>& wanted) {
  if (analysis_) wanted.push_back(of_link(*analysis_));
  if (sources_) wanted.push_back(readable(sources_->poll_fd()));
}

void CollectorProcess::peer(Role role, base::Descriptor socket) {
  if (role != Role::Analysis) return;
  // What the analysis before this one had not kept is read again, from the places that this one sends.
  sources_.reset();
  analysis_.emplace(std::move(socket));
}

void CollectorProcess::serve_analysis() {
  if (!analysis_) return;
  analysis_->flush();
  analysis_->pump([this](Frame kind, std::string_view payload) {
    if (kind == Frame::Places && !sources_) {
      if (const auto places = decode_places(payload)) sources_.emplace(config_.config.localfiles, options(), *places);
    } else if (kind == Frame::Committed && sources_) {
      if (const auto number = decode_number(payload)) sources_->acknowledge(*number);
    }
    return true;
  });
  if (analysis_->state() == Link::State::Closed) {
    analysis_.reset();
    sources_.reset();
  }
}

std::optional<collect::Steady> CollectorProcess::step(collect::Moment now) {
  serve_analysis();
  if (!sources_) return std::nullopt;
  now_ = now;
  sources_->step(now, *this);
  return sources_->next_deadline(now);
}

void CollectorProcess::take(const collect::Batch& batch) {
  analysis_->send(Frame::Batch, encode(batch));
}

void CollectorProcess::say(const collect::Notice& notice) {
  if (notice.level != collect::NoticeLevel::Debug) log(severity_of(notice.level), notice.text);
}

std::string CollectorProcess::reload() {
  HostConfig next = load_config(settings());
  if (next.diagnostics.has_errors()) return errors_of(next.diagnostics);
  config_ = std::move(next);
  if (sources_) sources_->reload(config_.config.localfiles);
  return {};
}

std::string CollectorProcess::status() {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  if (sources_) {
    append_sources(json, "sources", sources_->status());
    json.number("unacknowledged_bytes", sources_->unacknowledged_bytes());
  }
  json.close_object();
  return out;
}

}  // namespace gander::live
