// The system's name service, for the compiled rule is_valid_crawler.
//
// Threads: any.
// Cost:    waits for name servers, as long as the system's configuration says.
// Fails:   what cannot be resolved is "no".
#pragma once

#include "rules/rule_loader.h"

namespace gander::engine {

rules::Resolver& system_resolver();

}  // namespace gander::engine
