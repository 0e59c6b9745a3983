// The sections of ossec.conf: who reads each, and its rows for the reference.
//
// Threads: constants and functions of their arguments.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/option.h"
#include "config/section_reader.h"

namespace gander::config {

// OSSEC's analysis reads the file twice: settings and rules first, responses then.
enum class Pass { Settings, Responses, NotAnalysis };

struct Section {
  std::string_view name;
  Pass pass;
  std::string_view help;
  void (*read)(const XmlElement&, Config&, SectionReader&);
  std::vector<OptionInfo> (*options)();
  std::span<const AttributeInfo> attributes;
};

std::span<const Section> sections();
const Section* find_section(std::string_view name);
// Findings that only the whole file shows (a server for the client, one secure listener, …).
void check_whole(const Config& config, SectionReader& reader);

Section global_section();
Section rules_section();
Section alerts_section();
Section syscheck_section();
Section rootcheck_section();
Section sensitive_section();
Section localfile_section();
Section remote_section();
Section client_section();
Section command_section();
Section active_response_section();
Section email_alerts_section();
Section reports_section();
Section syslog_output_section();
Section database_output_section();
Section webhook_section();
Section agentless_section();

}  // namespace gander::config
