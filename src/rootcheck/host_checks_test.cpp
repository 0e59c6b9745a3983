// Processes, ports and interfaces: by views of the test's own, and once each by a real trick.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/testing/temp_folder.h"
#include "rootcheck/interface_check.h"
#include "rootcheck/port_check.h"
#include "rootcheck/process_check.h"
#include "rootcheck/testing/keeping_sink.h"

namespace gander::rootcheck {
namespace {

using Texts = std::vector<std::string>;

// A host of five processes where one can be hidden.
struct FakeHost {
  std::set<int> processes = {1, 2, 3, 4, 5};
  std::set<int> library = processes;
  std::set<int> kernel = processes;
  std::set<int> threads;
  std::map<int, ProcessView> views;

  Texts told(const std::function<void()>& on_pause = {}) {
    ProcessAsker asker;
    asker.highest = 200;
    asker.view = [this](int pid) {
      const auto own = views.find(pid);
      if (own != views.end()) return own->second;
      const bool there = processes.contains(pid) || threads.contains(pid);
      return ProcessView{there, there, there, there};
    };
    asker.listed_by_library = [this] { return library; };
    asker.listed_by_kernel = [this] { return kernel; };
    asker.is_thread = [this](int pid) { return threads.contains(pid); };
    KeepingSink sink;
    sink.on_pause = on_pause;
    check_processes(asker, sink);
    return sink.findings;
  }
};

TEST(HiddenProcesses, EachWayOfHidingHasItsText) {
  FakeHost host;
  EXPECT_TRUE(host.told().empty());
  host.views[2] = {true, false, true, true};
  EXPECT_EQ(host.told(), Texts{"Process '2' hidden from kill (1) or getsid (0). Possible kernel-level rootkit."});
  host.views[2] = {true, true, false, true};
  EXPECT_EQ(host.told(),
            Texts{"Process '2' hidden from kill (1), getsid (1) or getpgid. Possible kernel-level rootkit."});
  host.views[2] = {true, true, true, false};
  EXPECT_EQ(host.told(), Texts{"Process '2' hidden from /proc. Possible kernel level rootkit."});
  host.views.clear();
  host.library.erase(3);
  EXPECT_EQ(host.told(), Texts{"Process '3' hidden from ps. Possible trojaned version installed."});
  host.kernel.erase(3);
  EXPECT_EQ(host.told(), Texts{"Process '3' hidden from /proc. Possible kernel level rootkit."});
}

TEST(HiddenProcesses, ThreadsZombiesAndTheShortLivedAreExcused) {
  FakeHost host;
  host.threads = {100};
  EXPECT_TRUE(host.told().empty());
  host.views[4] = {true, false, false, true};
  EXPECT_TRUE(host.told().empty());
  host.views.clear();
  host.library.erase(5);
  EXPECT_TRUE(host.told([&] { host.processes.erase(5); }).empty());
}

TEST(HiddenProcesses, TooManyAreOneMore) {
  FakeHost host;
  for (int pid = 10; pid < 60; ++pid) host.processes.insert(pid);
  const Texts told = host.told();
  ASSERT_EQ(told.size(), 16u);
  EXPECT_TRUE(told.back().starts_with("Excessive number of hidden processes."));
}

// Runs `body` in a child with mounts and network of its own; its exit status, or -1 where that is not allowed.
int in_namespaces(int flags, const std::function<int()>& body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (::unshare(flags) != 0) ::_exit(200);
    if ((flags & CLONE_NEWNS) && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(200);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) != 200 ? WEXITSTATUS(status) : -1;
}

// An old trick: an empty folder mounted over /proc/PID, so that ps shows nothing of it.
TEST(HiddenProcesses, AMountOverItsEntryIsFound) {
  const pid_t victim = ::fork();
  if (victim == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) ::pause();
  }
  const int status = in_namespaces(CLONE_NEWNS, [&] {
    const std::string entry = "/proc/" + std::to_string(victim);
    const auto told = [] {
      KeepingSink sink;
      check_processes(Settings{}, sink);
      return sink.findings;
    };
    const std::string text =
        "Process '" + std::to_string(victim) + "' hidden from /proc. Possible kernel level rootkit.";
    const Texts before = told();
    if (std::find(before.begin(), before.end(), text) != before.end()) return 1;
    if (::mount("none", entry.c_str(), "tmpfs", 0, nullptr) != 0) return 200;
    const Texts after = told();
    return std::find(after.begin(), after.end(), text) != after.end() ? 0 : 2;
  });
  ::kill(victim, SIGKILL);
  ::waitpid(victim, nullptr, 0);
  if (status < 0) GTEST_SKIP() << "no mounts here";
  EXPECT_EQ(status, 0);
}

TEST(HiddenProcesses, ThisHostHasNoneAndThreadsAreNone) {
  std::atomic<bool> end{false};
  std::thread other([&] { end.wait(false); });
  KeepingSink sink;
  check_processes(Settings{}, sink);
  end = true;
  end.notify_all();
  other.join();
  EXPECT_EQ(sink.findings, Texts{});
}

int bound_port(int fd) {
  sockaddr_in a{};
  socklen_t size = sizeof a;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
  return ntohs(a.sin_port);
}

// A listener that the lists of the kernel, as the test gives them, do not show.
TEST(HiddenPorts, AListenerThatTheListsDoNotShow) {
  const base::Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  const int port = bound_port(listener.get());
  a.sin_port = htons(static_cast<uint16_t>(port));
  const base::Descriptor udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(udp.get(), reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
  const PortRange range{port - 3, port + 3};

  KeepingSink honest;
  check_ports(Settings{}, honest, range);
  EXPECT_EQ(honest.findings, Texts{});

  // The same lists without the two lines.
  const base::testing::TempFolder temp;
  char word[8] = {};
  std::snprintf(word, sizeof word, ":%04X ", port);
  for (const char* const name : {"tcp", "tcp6", "udp", "udp6"}) {
    const Result<std::string> list = base::read_file(std::string("/proc/net/") + name);
    std::string kept;
    for (std::string_view rest = list ? std::string_view(*list) : std::string_view(); !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.find(word) == std::string_view::npos) kept.append(line).push_back('\n');
    }
    temp.write(std::string("net/") + name, kept);
  }
  Settings settings;
  settings.proc = temp.path();
  KeepingSink sink;
  check_ports(settings, sink, range);
  const std::string number = "Port '" + std::to_string(port);
  EXPECT_EQ(sink.findings, (Texts{number + "'(tcp) hidden. Kernel-level rootkit or trojaned version of netstat.",
                                  number + "'(udp) hidden. Kernel-level rootkit or trojaned version of netstat."}));
}

TEST(Interfaces, OneThatListensToEverything) {
  const int status = in_namespaces(CLONE_NEWNET, [] {
    KeepingSink before;
    check_interfaces(Settings{}, before);
    const base::Descriptor fd(::socket(AF_INET, SOCK_DGRAM, 0));
    ifreq request{};
    std::string("lo").copy(request.ifr_name, IFNAMSIZ - 1);
    if (::ioctl(fd.get(), SIOCGIFFLAGS, &request) != 0) return 200;
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_PROMISC | IFF_UP);
    if (::ioctl(fd.get(), SIOCSIFFLAGS, &request) != 0) return 200;
    KeepingSink after;
    check_interfaces(Settings{}, after);
    return before.findings.empty() && after.findings == Texts{"Interface 'lo' in promiscuous mode."} ? 0 : 1;
  });
  if (status < 0) GTEST_SKIP() << "no network of its own here";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace gander::rootcheck
