// How much of the machine a thread may take.
#pragma once

namespace gander::base {

// The calling thread gives way to all others: nice 10, idle disk class, batch scheduling. What the system refuses is
// left as it is.
void give_way();

}  // namespace gander::base
