// `ossec-control`: OSSEC's way to start and stop, for scripts and habits that know no other.

#include <fcntl.h>
#include <poll.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <optional>
#include <vector>

#include "base/descriptor.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/layout.h"
#include "cli/session.h"
#include "live/control_socket.h"

namespace gander::cli {
namespace {

constexpr std::chrono::seconds kPatience{90};
constexpr int kPauseMilliseconds = 50;

struct Process {
  std::string role;
  std::string state;
  int64_t pid = -1;
};

class Control {
 public:
  explicit Control(Layout layout) : layout_(std::move(layout)), socket_(base::join(layout_.state, "run/gander.sock")) {}

  // The processes of the host that is watched; nothing: nobody answers.
  std::optional<std::vector<Process>> processes() const {
    const Result<std::string> answer = live::ControlSocket::ask(socket_, "status");
    simdjson::dom::parser parser;
    simdjson::dom::array list;
    if (!answer || answer->empty() || parser.parse(*answer)["processes"].get(list) != simdjson::SUCCESS) return {};
    std::vector<Process> out;
    for (const simdjson::dom::element e : list) {
      Process p;
      std::string_view role;
      std::string_view state;
      if (e["role"].get(role) == simdjson::SUCCESS) p.role = role;
      if (e["state"].get(state) == simdjson::SUCCESS) p.state = state;
      if (e["pid"].get(p.pid) != simdjson::SUCCESS) p.pid = -1;
      out.push_back(std::move(p));
    }
    return out;
  }

  Result<std::string> ask(std::string_view word) const { return live::ControlSocket::ask(socket_, word); }

  int start() const;
  int stop() const;
  int restart() const;
  int reload() const;
  int status() const;

 private:
  bool configuration_is_good() const;
  [[noreturn]] void become_gander(int errors) const;
  bool wait_for_stop() const;
  // Until every process works, the child `pid` has ended (0: there is none), or patience does.
  bool wait_for_start(pid_t pid, int64_t old_analysis) const;

  Layout layout_;
  std::string socket_;
};

int64_t analysis_of(const std::vector<Process>& processes) {
  for (const Process& p : processes) {
    if (p.role == "analysis") return p.pid;
  }
  return -1;
}

bool Control::configuration_is_good() const {
  CheckArguments arguments;
  arguments.home = layout_.home;
  const Result<Session> session = open_session(arguments, "", "", config::Scope::Everything);
  if (!session) std::cerr << "gander: " << session.error().message << "\n";
  if (session && show_findings(session->diagnostics, Findings::Errors) == 0) return true;
  std::cerr << "gander: Testing rules failed. Configuration error. Exiting.\n";
  return false;
}

void Control::become_gander(int errors) const {
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  ::dup2(null, STDIN_FILENO);
  ::dup2(null, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  std::vector<std::string> words = {"gander", "run", "-q", "--home", layout_.home, "--state", layout_.state};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv("/proc/self/exe", argv.data());
  ::_exit(127);
}

bool Control::wait_for_start(pid_t pid, int64_t old_analysis) const {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    if (pid > 0 && ::waitpid(pid, nullptr, WNOHANG) == pid) return false;
    const auto list = processes();
    bool all = list && analysis_of(*list) != old_analysis;
    for (const Process& p : list.value_or(std::vector<Process>{})) all = all && p.state != "starting";
    if (all) return true;
    ::poll(nullptr, 0, kPauseMilliseconds);
  }
  return false;
}

bool Control::wait_for_stop() const {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    if (!ask("status")) return true;
    ::poll(nullptr, 0, kPauseMilliseconds);
  }
  return false;
}

int Control::start() const {
  if (processes()) {
    std::cout << "gander already running...\n";
    return 0;
  }
  std::cout << "Starting gander...\n" << std::flush;
  if (!configuration_is_good()) return 1;
  // What it says before its log is open; a pipe would end with this program.
  const base::Descriptor errors(::memfd_create("gander-start", MFD_CLOEXEC));
  const pid_t pid = ::fork();
  if (pid == 0) become_gander(errors.get());
  if (pid > 0 && wait_for_start(pid, -1)) {
    std::cout << "Started gander...\nCompleted.\n";
    return 0;
  }
  char text[4096];
  const ssize_t n = ::pread(errors.get(), text, sizeof text, 0);
  if (n > 0) std::cerr.write(text, n);
  std::cerr << "gander did not start correctly; see " << base::join(layout_.state, "logs/ossec.log") << "\n";
  return 1;
}

int Control::stop() const {
  if (!ask("stop")) {
    std::cout << "gander not running ..\n";
    return 0;
  }
  std::cout << "Killing gander .. \n" << std::flush;
  if (!wait_for_stop()) {
    std::cerr << "gander: it does not stop; see " << base::join(layout_.state, "logs/ossec.log") << "\n";
    return 1;
  }
  std::cout << "gander Stopped\n";
  return 0;
}

int Control::restart() const {
  const auto before = processes();
  if (!before) return start();
  if (!configuration_is_good()) return 1;
  if (!ask("restart") || !wait_for_start(0, analysis_of(*before))) {
    std::cerr << "gander did not start correctly; see " << base::join(layout_.state, "logs/ossec.log") << "\n";
    return 1;
  }
  std::cout << "Restarted gander...\nCompleted.\n";
  return 0;
}

int Control::reload() const {
  const Result<std::string> answer = ask("reload");
  if (!answer) return start();
  const bool refused = answer->starts_with("error:");
  (refused ? std::cerr : std::cout) << *answer;
  return refused ? 1 : 0;
}

int Control::status() const {
  const auto list = processes();
  if (!list) {
    std::cout << "gander not running...\n";
    return 1;
  }
  constexpr std::pair<const char*, const char*> kNames[] = {{"analysis", "ossec-analysisd"},
                                                            {"collector", "ossec-logcollector"},
                                                            {"scanner", "ossec-syscheckd"},
                                                            {"responder", "ossec-execd"},
                                                            {"notifier", "ossec-maild"}};
  bool all = true;
  for (const Process& p : *list) {
    std::string name = "gander-" + p.role;
    for (const auto& [role, ossec] : kNames) name = p.role == role ? ossec : name;
    if (p.state == "not needed") continue;
    const bool runs = p.state == "running";
    all = all && runs;
    std::cout << name << (runs ? " is running...\n" : " not running...\n");
  }
  return all ? 0 : 1;
}

}  // namespace

int run(const ControlArguments& arguments) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return 1;
  }
  const Control control(*layout);
  if (arguments.word == "start") return control.start();
  if (arguments.word == "stop") return control.stop();
  if (arguments.word == "restart") return control.restart();
  if (arguments.word == "reload") return control.reload();
  return control.status();
}

}  // namespace gander::cli
