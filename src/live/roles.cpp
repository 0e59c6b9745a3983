#include "live/roles.h"

#include <stdexcept>

#include "live/analysis_process.h"
#include "live/collector_process.h"
#include "live/supervisor.h"

namespace gander::live {

std::unique_ptr<Process> make_process(Role role, const SupervisorOptions& options, base::Descriptor supervisor) {
  const HostSettings& settings = options.settings;
  switch (role) {
    case Role::Collector:
      return std::make_unique<CollectorProcess>(settings, std::move(supervisor));
    case Role::Analysis:
      return std::make_unique<AnalysisProcess>(settings, std::move(supervisor));
    default:
      break;
  }
  throw std::logic_error("a role without a body");
}

std::vector<Role> roles_for(const SupervisorOptions&) {
  return {Role::Analysis, Role::Collector};
}

const std::vector<std::pair<Role, Role>>& role_links() {
  static const std::vector<std::pair<Role, Role>> kLinks = {{Role::Collector, Role::Analysis},
                                                            {Role::Responder, Role::Analysis},
                                                            {Role::Scanner, Role::Analysis},
                                                            {Role::Notifier, Role::Responder}};
  return kLinks;
}

}  // namespace gander::live
