// The response scripts that come with Gander, in a home: links to where they are installed, so that an upgrade reaches
// them and an administrator's own file of the same name wins.
//
// Threads: a function of the file system.
// Cost:    a few system calls a script.
// Fails:   V003.
#pragma once

#include <string>

#include "base/result.h"

namespace gander::respond {

// Makes HOME/active-response/{bin,lib} (mode 0750) and a link for each script of SHIPPED/active-response that HOME
// lacks or has as a dead link. Nothing when both are the same folder.
Result<void> link_scripts(const std::string& shipped, const std::string& home);

}  // namespace gander::respond
