#include "report/configured_report.h"

namespace gander::report {

ConfiguredReport configured(const config::Report& report, model::Compat compat) {
  ConfiguredReport out;
  out.options.compat = compat;
  out.options.program = "ossec-monitord";
  out.options.title = report.title.empty() ? "OSSEC Report (unnamed)" : report.title;
  out.options.show_alerts = report.showlogs;
  for (const config::Report::Filter& f : report.filters) {
    const auto set = f.relation ? out.options.set_relation(f.field, f.text) : out.options.set_filter(f.field, f.text);
    if (!set) out.left_out.push_back(set.error().message);
  }
  return out;
}

}  // namespace gander::report
