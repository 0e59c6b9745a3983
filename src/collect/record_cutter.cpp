#include "collect/record_cutter.h"

namespace gander::collect {

std::unique_ptr<RecordCutter> make_cutter(std::string_view log_format, const CutterOptions& options) {
  for (const auto make : {make_line_cutter, make_group_cutter, make_audit_cutter, make_alert_cutter}) {
    if (auto cutter = make(log_format, options)) return cutter;
  }
  return make_line_cutter("syslog", options);
}

char queue_of(std::string_view log_format) {
  if (log_format == "mysql_log" || log_format == "djb-multilog") return 'a';
  if (log_format == "postgresql_log") return 'b';
  return log_format == "nmapg" ? '3' : '1';
}

std::optional<std::string> djb_program_of(std::string_view path) {
  constexpr std::string_view kName = "/current";
  if (!path.ends_with(kName)) return std::nullopt;
  path.remove_suffix(kName.size());
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == path.size()) return std::nullopt;
  return std::string(path.substr(slash + 1));
}

}  // namespace gander::collect
