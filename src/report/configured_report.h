// What a <reports> block asks for, as ReportOptions.
//
// Threads: functions of their arguments.
// Fails:   cannot: filters that cannot be used are left out, one line each in `left_out`.
#pragma once

#include <string>
#include <vector>

#include "config/sections.h"
#include "report/report_options.h"

namespace gander::report {

struct ConfiguredReport {
  ReportOptions options;
  std::vector<std::string> left_out;
};

ConfiguredReport configured(const config::Report& report, model::Compat compat);

}  // namespace gander::report
