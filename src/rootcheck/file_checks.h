// Checks of files by name and content: signatures of rootkits, replaced programs, files among devices.
//
// Threads: one thread.
// Fails:   what cannot be read is left out.
// OSSEC:   messages as there; a program that is met under two names (/bin, /usr/bin) is told once (4.3: twice).
#pragma once

#include <vector>

#include "rootcheck/check.h"
#include "rootcheck/signatures.h"

namespace gander::rootcheck {

std::string rootkit_text(const std::string& name, const std::string& path);

void check_rootkit_files(const std::vector<FileSignature>& signatures, const Settings& settings, Sink& sink);
void check_trojans(const std::vector<TrojanSignature>& signatures, const Settings& settings, Sink& sink);
void check_devices(const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
