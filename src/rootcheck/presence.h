// Whether a file is there, asked in several ways: a kernel or library that lies in one of them lies seldom in all.
//
// Threads: functions of their arguments.
// Cost:    a handful of system calls.
#pragma once

#include <string>

namespace gander::rootcheck {

bool is_present(const std::string& path);
// " MD5=… SHA1=… SHA256=…", each `n/a` when it is no regular file that can be read.
std::string digests_of(const std::string& path);

}  // namespace gander::rootcheck
