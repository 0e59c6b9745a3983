// ResponderLine: the way from a supervisor to a responder that is not its child, because it must be root and the
// supervisor need not be: a unit of its own that listens at a socket, or a process that stayed root at the start.
//
// Owns:    what leads there.
// Threads: one thread.
// Fails:   I003 nobody listens, it belongs to another user, or the process that stayed root has gone. Ask again later.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace gander::live {

struct ConnectedResponder {
  base::Descriptor socket;  // of a Link
  pid_t pid = -1;
};

class ResponderLine {
 public:
  ResponderLine() = default;
  ResponderLine(const ResponderLine&) = delete;
  ResponderLine& operator=(const ResponderLine&) = delete;
  virtual ~ResponderLine() = default;

  virtual Result<ConnectedResponder> connect() = 0;
  // What is missing when nobody answers.
  virtual std::string place() const = 0;
};

// `gander responder --socket PATH` listens there; it must be root's, or this user's.
std::unique_ptr<ResponderLine> responder_unit(std::string path);

// Forks a process that keeps this one's rights and makes a responder for each connect(): `be` runs in it with its end
// of the link and does not return. To be called before rights are given up; it ends with the object. Null: no process.
using BeResponder = std::function<void(base::Descriptor)>;
std::unique_ptr<ResponderLine> responder_that_stays_root(const BeResponder& be);

}  // namespace gander::live
