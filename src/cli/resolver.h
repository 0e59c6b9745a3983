// The system's name service, for the compiled rule is_valid_crawler.
#pragma once

#include "rules/rule_loader.h"

namespace gander::cli {

rules::Resolver& system_resolver();

}  // namespace gander::cli
