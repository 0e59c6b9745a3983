// `gander respond rehearse`: past alerts played through the configuration's responses; nothing is run.
#pragma once

#include "cli/arguments.h"

namespace gander::cli {

int rehearse(const RespondArguments& arguments);

}  // namespace gander::cli
