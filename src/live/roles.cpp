#include "live/roles.h"

#include <stdexcept>

#include "live/analysis_process.h"
#include "live/collector_process.h"
#include "live/indexer_process.h"
#include "live/notifier_process.h"
#include "live/responder_process.h"
#include "live/scanner_process.h"
#include "live/supervisor.h"
#include "live/viewer_process.h"

namespace gander::live {

std::unique_ptr<Process> make_process(Role role, const SupervisorOptions& options, base::Descriptor supervisor) {
  const HostSettings& settings = options.settings;
  switch (role) {
    case Role::Analysis:
      return std::make_unique<AnalysisProcess>(settings, std::move(supervisor));
    case Role::Collector:
      return std::make_unique<CollectorProcess>(settings, std::move(supervisor));
    case Role::Indexer:
      return std::make_unique<IndexerProcess>(settings, std::move(supervisor));
    case Role::Notifier:
      return std::make_unique<NotifierProcess>(settings, std::move(supervisor));
    case Role::Responder:
      return std::make_unique<ResponderProcess>(settings, std::move(supervisor));
    case Role::Viewer:
      return std::make_unique<ViewerProcess>(settings, options.colour ? Colours::Yes : Colours::No,
                                             std::move(supervisor));
    case Role::Scanner:
      return std::make_unique<ScannerProcess>(settings, std::move(supervisor));
    case Role::Supervisor:
      break;
  }
  throw std::logic_error("a role without a body");
}

std::vector<Role> roles_for(const SupervisorOptions& options) {
  std::vector<Role> roles = {Role::Analysis, Role::Responder, Role::Indexer,
                             Role::Notifier, Role::Collector, Role::Scanner};
  if (options.show_alerts) roles.push_back(Role::Viewer);
  return roles;
}

const std::vector<std::pair<Role, Role>>& role_links() {
  static const std::vector<std::pair<Role, Role>> kLinks = {
      {Role::Collector, Role::Analysis}, {Role::Responder, Role::Analysis}, {Role::Scanner, Role::Analysis},
      {Role::Scanner, Role::Responder},  {Role::Notifier, Role::Responder}, {Role::Notifier, Role::Analysis}};
  return kLinks;
}

}  // namespace gander::live
