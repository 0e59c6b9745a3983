// The status of a watched host, for people.
#pragma once

#include <iosfwd>
#include <string>

namespace gander::cli {

// `status`: the object that the control socket gives. False: something is not as it should be.
bool show_status(const std::string& status, std::ostream& out);

}  // namespace gander::cli
