// `gander respond`: asks the responder that runs; does it itself, under the same lock, when none does.

#include <fmt/format.h>
#include <poll.h>

#include <iostream>

#include "base/file.h"
#include "base/json_text.h"
#include "cli/commands.h"
#include "cli/rehearse.h"
#include "cli/session.h"
#include "cli/shown_text.h"
#include "respond/control.h"
#include "respond/home_scripts.h"

namespace gander::cli {
namespace {

using respond::ControlReply;
using respond::ControlRequest;
using respond::Executor;
using respond::Moment;
using respond::moment_now;
using respond::PendingBlock;

ControlRequest request_of(const RespondArguments& a) {
  ControlRequest request;
  switch (a.what) {
    case RespondArguments::What::Undo:
      request.what = ControlRequest::What::Undo;
      request.name = a.target;
      break;
    case RespondArguments::What::Run:
      request.what = ControlRequest::What::Run;
      request.name = a.response;
      request.action = a.action;
      request.srcip = a.srcip;
      request.user = a.user;
      request.filename = a.file;
      break;
    default:
      break;
  }
  return request;
}

// Waits for the scripts that it started.
void let_scripts_end(Executor& executor) {
  constexpr int kMostWait = 1000;  // ms
  while (!executor.idle()) {
    pollfd ready{executor.descriptor(), POLLIN, 0};
    const auto wait = executor.wait(moment_now());
    ::poll(&ready, 1, wait ? static_cast<int>(std::min<int64_t>(wait->count(), kMostWait)) : kMostWait);
    executor.poll(moment_now());
  }
}

// Names of the allow list are resolved before anything is blocked.
void let_names_resolve(Executor& executor) {
  constexpr int kStep = 100;  // ms
  while (!executor.accepts()) {
    pollfd ready{executor.descriptor(), POLLIN, 0};
    ::poll(&ready, 1, kStep);
    executor.poll(moment_now());
  }
}

Result<ControlReply> do_it_here(const RespondArguments& a, const Layout& layout) {
  Diagnostics diagnostics;
  config::LoadOptions load;
  load.compat = a.compat;
  const config::Config config = config::load_config(layout.config, load, diagnostics);
  if (diagnostics.has_errors()) {
    show_findings(diagnostics, Findings::Errors);
    return fail("V005", "the configuration has errors");
  }
  if (const Result<void> linked = respond::link_scripts(layout.home, layout.state); !linked)
    return tl::unexpected(linked.error());
  respond::LiveHost host;
  respond::Guard guard(host, respond::AllowList(config.global, a.compat));
  respond::ExecutorOptions options;
  options.home = layout.state;
  options.compat = a.compat;
  options.boot_id = respond::boot_id();
  Executor executor(options, respond::ResponseList::from_config(config, a.compat), guard,
                    {[](const std::string& text) { std::cerr << text << "\n"; }, {}});
  if (const Result<void> opened = executor.open(moment_now()); !opened) return tl::unexpected(opened.error());
  if (a.what == RespondArguments::What::Run) let_names_resolve(executor);
  Result<ControlReply> reply = respond::carry_out(request_of(a), executor, moment_now());
  let_scripts_end(executor);
  return reply;
}

// The one that runs answers; only when there is none may this program touch its state.
Result<ControlReply> ask(const RespondArguments& a, const Layout& layout) {
  const std::string socket = base::join(layout.state, "run/responder.sock");
  if (base::exists(socket)) {
    Result<ControlReply> reply = respond::ask_responder(socket, request_of(a));
    if (reply || reply.error().code != "V004") return reply;
    // A socket that was left behind; if a responder is there after all, the lock says so.
    Result<ControlReply> here = do_it_here(a, layout);
    if (!here && here.error().code == "V002") return reply;
    return here;
  }
  return do_it_here(a, layout);
}

std::string block_json(const PendingBlock& b) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("response", b.response);
  json.string("executable", b.executable);
  json.string("srcip", b.srcip);
  json.string("user", b.user);
  json.string("alert", b.alert_id);
  json.string("rule", b.rule);
  json.string_if_any("stable_id", b.stable_id);
  json.number("added", base::unix_seconds(b.added));
  json.number("due", base::unix_seconds(b.due));
  json.number("timeout", b.timeout.count());
  json.number("offences", b.offences);
  json.string("state", b.state);
  json.close_object();
  return out;
}

void print_blocks(const std::vector<PendingBlock>& blocks, const std::string& form) {
  if (form == "json") {
    std::string rows;
    for (const PendingBlock& b : blocks) rows += (rows.empty() ? "" : ",\n ") + block_json(b);
    std::cout << "[" << rows << "]\n";
    return;
  }
  if (blocks.empty()) {
    std::cout << "nothing is in force\n";
    return;
  }
  const base::TimeZone zone = base::TimeZone::local();
  const base::Instant now = moment_now().wall;
  fmt::print("{:<40} {:<16} {:<18} {:<12} {:<19}  {:<12} {:<6} {}\n", "ADDRESS", "USER", "RESPONSE", "STATE",
             "UNDONE AT", "IN", "RULE", "ALERT");
  for (const PendingBlock& b : blocks) {
    const base::Civil c = zone.civil(b.due);
    fmt::print("{:<40} {:<16} {:<18} {:<12} {:04}-{:02}-{:02} {:02}:{:02}:{:02}  {:<12} {:<6} {}\n",
               shown_text(b.srcip), shown_text(b.user), shown_text(b.response), b.state, c.year, c.month, c.day, c.hour,
               c.minute, c.second, shown_duration(std::chrono::ceil<std::chrono::seconds>(b.due - now)),
               shown_text(b.rule), shown_text(b.alert_id));
  }
}

int show(const RespondArguments& a, const ControlReply& reply) {
  if (a.what == RespondArguments::What::List) {
    print_blocks(reply.blocks, a.output);
    return 0;
  }
  if (a.what == RespondArguments::What::Undo || a.action == "delete") {
    std::cout << reply.undone << (reply.undone == 1 ? " response is undone\n" : " responses are undone\n");
    return reply.undone > 0 ? 0 : 1;
  }
  std::cout << (reply.refused.empty() ? respond::words(reply.outcome) : "not run: " + reply.refused) << "\n";
  return reply.refused.empty() ? 0 : 1;
}

}  // namespace

int run(const RespondArguments& arguments) {
  if (arguments.what == RespondArguments::What::Rehearse) return rehearse(arguments);
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return 2;
  }
  const Result<ControlReply> reply = ask(arguments, *layout);
  if (!reply) {
    std::cerr << "gander: " << reply.error().message << "\n";
    return 2;
  }
  const int status = show(arguments, *reply);
  std::cout.flush();
  return status;
}

}  // namespace gander::cli
