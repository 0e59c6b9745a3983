#include "respond/control.h"

#include <algorithm>

#include "respond/words.h"

namespace gander::respond {
namespace {

// The response of this name, or the only one whose command has it.
Result<std::string> response_named(const std::string& name, const ResponseList& list) {
  std::vector<std::string> of_command;
  for (const ResponseEntry& e : list.entries) {
    if (e.name == name) return name;
    if (e.name == name + std::to_string(e.timeout.count()) &&
        std::find(of_command.begin(), of_command.end(), e.name) == of_command.end())
      of_command.push_back(e.name);
  }
  if (of_command.size() == 1) return of_command.front();
  if (of_command.empty()) return fail("V005", "no response is named '" + name + "'");
  std::string all;
  for (const std::string& n : of_command) all += (all.empty() ? "" : ", ") + n;
  return fail("V005", "command '" + name + "' has several responses; name one of " + all);
}

Result<ControlReply> run(const ControlRequest& request, Executor& executor, Moment now) {
  const Result<std::string> name = response_named(request.name, executor.responses());
  if (!name) return tl::unexpected(name.error());
  ResponseRequest r;
  r.response = *name;
  r.srcip = request.srcip;
  r.user = request.user;
  r.filename = request.filename;
  r.event_time = now.wall;
  ControlReply reply;
  reply.outcome = executor.submit(r, now);
  const bool done = reply.outcome == Outcome::Started || reply.outcome == Outcome::TimerSet;
  if (!done) reply.refused = words(reply.outcome);
  return reply;
}

}  // namespace

Result<ControlReply> carry_out(const ControlRequest& request, Executor& executor, Moment now) {
  ControlReply reply;
  switch (request.what) {
    case ControlRequest::What::List:
      reply.blocks = executor.pending(now);
      return reply;
    case ControlRequest::What::Undo:
      reply.undone = executor.undo(request.name, now);
      return reply;
    default:
      break;
  }
  if (request.action == "add") return run(request, executor, now);
  if (request.action != "delete") return fail("V005", "the action is add or delete, not '" + request.action + "'");
  const Result<std::string> name = response_named(request.name, executor.responses());
  if (!name) return tl::unexpected(name.error());
  if (request.srcip.empty() && request.user.empty()) return fail("V005", "name what is to be undone");
  reply.undone = executor.undo_of(*name, request.srcip, request.user, now);
  return reply;
}

}  // namespace gander::respond
