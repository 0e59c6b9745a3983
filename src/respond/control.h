// Control: `gander respond` and the responder that runs, over a local socket (run/responder.sock of the home).
//
// ControlServer owns the socket and its connections; one thread; wait on descriptor(), then poll(). A peer must be root
// or the user who runs the responder (SO_PEERCRED); at most kMostPeers at once, each with one request, kPatience long.
// ControlClient: one call, one connection, blocking, at most kPatience.
// Fails:   V004 (socket), V005 (what was asked cannot be done, in words).
// Source:  docs/formats/responses.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "respond/executor.h"

namespace gander::respond {

struct ControlRequest {
  enum class What { List, Undo, Run } what = What::List;
  std::string name;    // Undo: alert id, address or "all"; Run: response or command name
  std::string action;  // Run: add, delete
  std::string srcip;   // Run
  std::string user;    // Run
  std::string filename;
};

struct ControlReply {
  std::vector<PendingBlock> blocks;    // List
  size_t undone = 0;                   // Undo
  Outcome outcome = Outcome::Started;  // Run
  std::string refused;                 // Run: why, when the outcome needs words
};

// What the server does with a request, also for a caller that holds the state itself.
Result<ControlReply> carry_out(const ControlRequest& request, Executor& executor, Moment now);

class ControlServer {
 public:
  static constexpr size_t kMostPeers = 16;
  static constexpr std::chrono::seconds kPatience{10};

  // `path` is replaced if a dead server left it behind.
  ControlServer(Executor& executor, std::string path);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  Result<void> open();
  int descriptor() const;
  void poll(Moment now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Fails with V004 when no responder listens there.
Result<ControlReply> ask_responder(const std::string& path, const ControlRequest& request);

}  // namespace gander::respond
