#include "config/section_table.h"

#include <algorithm>
#include <array>

namespace gander::config {
namespace {

constexpr size_t kMaxRemotes = 16;

void check_remotes(const Config& config, SectionReader& reader) {
  size_t secure = 0;
  size_t number = 0;
  for (const Remote& r : config.remotes) {
    if (++number == kMaxRemotes + 1) {
      reader.error({"C021",
                    "more than 16 <remote> blocks",
                    r.at,
                    6,
                    {},
                    {reader.error_line(0, "Too many remoted connections (max 16).")}});
    }
    if (r.connection == Remote::Connection::Secure && ++secure == 2) {
      reader.error({"C021",
                    "a second secure <remote>; there can be one",
                    r.at,
                    6,
                    {},
                    {reader.error_line(0, "Only one secure remoted connection is supported.")}});
    }
  }
}

void check_mail(const Global& g, SectionReader& reader) {
  if (!g.auth_smtp || (!g.smtp_user.empty() && !g.smtp_password.empty())) return;
  reader.error({"C020",
                "auth_smtp needs smtp_user and smtp_password",
                g.auth_smtp_at,
                3,
                {},
                {reader.error_line(0, "auth_smtp=yes requires both smtp_user and smtp_password to be set.")}});
}

}  // namespace

std::span<const Section> sections() {
  static const std::array<Section, 17> kSections = {
      global_section(),       rules_section(),     alerts_section(),        syscheck_section(),
      rootcheck_section(),    localfile_section(), command_section(),       active_response_section(),
      email_alerts_section(), reports_section(),   syslog_output_section(), database_output_section(),
      webhook_section(),      sensitive_section(), remote_section(),        client_section(),
      agentless_section(),
  };
  return kSections;
}

const Section* find_section(std::string_view name) {
  const std::span<const Section> all = sections();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Section& s) { return s.name == name; });
  return found == all.end() ? nullptr : &*found;
}

void check_whole(const Config& config, SectionReader& reader) {
  if (reader.analysis()) return;
  check_remotes(config, reader);
  check_mail(config.global, reader);
  const Client& c = config.client;
  if (c.configured && c.server_ips.empty() && c.server_hostnames.empty()) {
    reader.error({"C012",
                  "<client> names no server",
                  c.at,
                  6,
                  "server-ip or server-hostname",
                  {reader.error_line(1215, "No client configured. Exiting.")}});
  }
}

}  // namespace gander::config
