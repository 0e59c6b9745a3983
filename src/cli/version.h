// The version, from CMake's project().
#pragma once

namespace gander::cli {

inline constexpr const char* kVersion = GANDER_VERSION;

}  // namespace gander::cli
