// The body of each process of a live host, by its role.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "live/process.h"

namespace gander::live {

struct SupervisorOptions;

std::unique_ptr<Process> make_process(Role role, const SupervisorOptions& options, base::Descriptor supervisor);

// Roles that a host needs, in the order in which they start; they stop in the same order.
std::vector<Role> roles_for(const SupervisorOptions& options);
// Pairs that speak with each other.
const std::vector<std::pair<Role, Role>>& role_links();

}  // namespace gander::live
