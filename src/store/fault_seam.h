// FaultSeam: where tests step between the store and the system: each step has a name and may be stopped there, or told
// that the system said no. Programs leave it empty.
#pragma once

#include <functional>
#include <string_view>

namespace gander::store {

// Called before each step ("journal.write", "target.write", "state.commit", ...; "torn" variants write only half).
// Returns 0 to go on, an errno to fail the step with, or kTorn to write a part of the bytes and then fail with ENOSPC.
constexpr int kTorn = -1;
using FaultSeam = std::function<int(std::string_view step)>;

}  // namespace gander::store
