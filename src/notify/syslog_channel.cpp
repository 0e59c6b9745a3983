#include "notify/syslog_channel.h"

#include "base/utf8.h"
#include "notify/syslog_format.h"

namespace gander::notify {
namespace {

using Protocol = config::SyslogOutput::Protocol;

std::string name_of(const config::SyslogOutput& o) {
  const std::string protocol = o.protocol == Protocol::Udp ? "udp" : o.protocol == Protocol::Tcp ? "tcp" : "tls";
  const std::string format = o.format == config::SyslogOutput::Format::Cef      ? "cef"
                             : o.format == config::SyslogOutput::Format::Json   ? "json"
                             : o.format == config::SyslogOutput::Format::Splunk ? "splunk"
                                                                                : "default";
  return "syslog " + protocol + " " + base::printable(o.server) + ":" + std::to_string(o.port) + " " + format;
}

}  // namespace

SyslogChannel::SyslogChannel(const Settings& settings, const config::SyslogOutput& output)
    : Channel(name_of(output)),
      settings_(settings),
      output_(output),
      filter_(output.level, output.rule_ids, output.group, output.location, settings.compat) {}

std::string SyslogChannel::message_of(const model::StoredAlert& alert) const {
  const std::string_view host = shown_host(settings_.host_name, output_.use_fqdn);
  std::string message = syslog_message(alert, output_.format, host, settings_.compat);
  if (output_.protocol != Protocol::Udp) make_one_line(message);
  return message;
}

void SyslogChannel::say(const std::string& problem) {
  ++counters_.retries;
  if (trouble_ == problem) return;
  trouble_ = problem;
  settings_.log(Severity::Warning, name() + ": " + problem);
}

void SyslogChannel::works() {
  if (trouble_.empty()) return;
  trouble_.clear();
  settings_.log(Severity::Note, name() + ": works again");
}

std::unique_ptr<Channel> make_syslog_channel(const Settings& settings, const config::SyslogOutput& output,
                                             EventLoop& events, CurlLoop& loop) {
  if (output.protocol == Protocol::Udp) return std::make_unique<SyslogUdp>(settings, output);
  return std::make_unique<SyslogStream>(settings, output, events, loop);
}

}  // namespace gander::notify
