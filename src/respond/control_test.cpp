#include "respond/control.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "respond/control_message.h"
#include "respond/local_socket.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

using testing::at;
using testing::settle;

constexpr int64_t kStart = 1709632800;

class Control : public ::testing::Test {
 protected:
  Control() {
    home.noting_script("blk.sh");
    home.noting_script("usr.sh");
    list.entries = {{"blk20", "blk.sh", std::chrono::seconds(20), ResponseEntry::Expects{false, true, false, false}},
                    {"blk60", "blk.sh", std::chrono::seconds(60), ResponseEntry::Expects{false, true, false, false}},
                    {"usr0", "usr.sh", std::chrono::seconds(0), ResponseEntry::Expects{true, false, false, false}}};
    ExecutorOptions options;
    options.home = home.path();
    options.lookup_program.clear();
    executor = std::make_unique<Executor>(options, list, guard, Notices{});
    EXPECT_TRUE(executor->open(at(kStart)));
    path = home.path() + "/run/responder.sock";
  }

  // Serves until the client, a thread of its own, has its answer.
  Result<ControlReply> ask(ControlServer& server, const ControlRequest& request) {
    Result<ControlReply> reply = fail("V004", "not asked");
    std::atomic<bool> done = false;
    std::jthread client([&] {
      reply = ask_responder(path, request);
      done = true;
    });
    while (!done) {
      pollfd ready{server.descriptor(), POLLIN, 0};
      ::poll(&ready, 1, 10);
      server.poll(at(kStart));
    }
    client.join();
    settle(*executor, at(kStart));
    return reply;
  }

  testing::ResponseHome home;
  testing::FakeHost host;
  Guard guard{host, AllowList({}, model::Compat::Mended)};
  ResponseList list;
  std::unique_ptr<Executor> executor;
  std::string path;
};

TEST_F(Control, RunListUndo) {
  ControlServer server(*executor, path);
  ASSERT_TRUE(server.open());
  struct stat socket {};
  ASSERT_EQ(::stat(path.c_str(), &socket), 0);
  EXPECT_EQ(socket.st_mode & 07777, 0600u);
  auto reply = ask(server, {ControlRequest::What::Run, "blk20", "add", "203.0.113.5", "", ""});
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->outcome, Outcome::Started);
  EXPECT_EQ(home.new_calls(),
            (std::vector<std::string>{"blk.sh\tadd\t-\t203.0.113.5\t(from_the_server)\t(no_rule_id)\t<"}));
  reply = ask(server, {});
  ASSERT_EQ(reply->blocks.size(), 1u);
  EXPECT_EQ(reply->blocks[0].srcip, "203.0.113.5");
  EXPECT_EQ(reply->blocks[0].response, "blk20");
  EXPECT_EQ(base::unix_seconds(reply->blocks[0].due), kStart + 20);
  EXPECT_EQ(reply->blocks[0].state, "in force");
  EXPECT_EQ(ask(server, {ControlRequest::What::Undo, "203.0.113.9", "", "", "", ""})->undone, 0u);
  EXPECT_EQ(ask(server, {ControlRequest::What::Undo, "::ffff:203.0.113.5", "", "", "", ""})->undone, 1u);
  EXPECT_EQ(home.new_calls().size(), 1u);
  EXPECT_TRUE(ask(server, {})->blocks.empty());
}

TEST_F(Control, ByCommandName) {
  ControlServer server(*executor, path);
  ASSERT_TRUE(server.open());
  EXPECT_EQ(ask(server, {ControlRequest::What::Run, "usr", "add", "", "bob", ""})->outcome, Outcome::Started);
  auto reply = ask(server, {ControlRequest::What::Run, "blk", "add", "203.0.113.5", "", ""});
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().message.find("blk20, blk60"), std::string::npos);
  reply = ask(server, {ControlRequest::What::Run, "nope", "add", "203.0.113.5", "", ""});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "V005");
}

TEST_F(Control, ByHandIsGuardedAndCheckedToo) {
  host.entries = {{"192.0.2.1", "the gateway of eth0"}};
  ControlServer server(*executor, path);
  ASSERT_TRUE(server.open());
  EXPECT_EQ(ask(server, {ControlRequest::What::Run, "blk20", "add", "192.0.2.1", "", ""})->outcome, Outcome::Guarded);
  EXPECT_EQ(ask(server, {ControlRequest::What::Run, "blk20", "add", "$(id)", "", ""})->outcome, Outcome::Invalid);
  EXPECT_TRUE(home.new_calls().empty());
}

TEST_F(Control, RubbishGetsAnErrorAndHarmsNobody) {
  ControlServer server(*executor, path);
  ASSERT_TRUE(server.open());
  std::vector<LocalSocket> idle;
  for (size_t i = 0; i + 1 < ControlServer::kMostPeers; ++i) {
    auto socket = connect_to(path, std::chrono::seconds(1));
    ASSERT_TRUE(socket);
    idle.push_back(std::move(*socket));
  }
  const std::string rubbish = "fire\tall\n";
  ASSERT_GT(::send(idle[0].get(), rubbish.data(), rubbish.size(), MSG_NOSIGNAL), 0);
  EXPECT_TRUE(ask(server, {}));
  char answer[256] = {};
  ASSERT_GT(::recv(idle[0].get(), answer, sizeof answer - 1, 0), 0);
  EXPECT_TRUE(std::string_view(answer).starts_with("error\tV005\t"));
  // Those who ask nothing are let go after a while.
  server.poll(at(kStart + 11));
  EXPECT_EQ(::recv(idle[1].get(), answer, sizeof answer, 0), 0);
}

TEST_F(Control, ADeadSocketIsReplacedALiveOneIsNot) {
  auto server = std::make_unique<ControlServer>(*executor, path);
  ASSERT_TRUE(server->open());
  ControlServer second(*executor, path);
  EXPECT_FALSE(second.open());
  EXPECT_TRUE(ask(*server, {}));
  server.reset();
  // As kill -9 leaves it: bound, and nobody there.
  { const auto dead = listen_at(path); }
  ControlServer third(*executor, path);
  EXPECT_TRUE(third.open());
}

TEST_F(Control, NobodyThere) {
  const auto reply = ask_responder(path, {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, "V004");
}

TEST_F(Control, ALongPath) {
  path = home.path() + "/" + std::string(100, 'x') + "/" + std::string(60, 'y') + "/responder.sock";
  ControlServer server(*executor, path);
  const auto opened = server.open();
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(ask(server, {}));
}

// Nobody but root and the owner: a child that is somebody else connects, if it may at all, and gets no answer.
TEST_F(Control, OthersAreRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  ControlServer server(*executor, path);
  ASSERT_TRUE(server.open());
  for (const std::string& open : {home.path(), home.path() + "/run", path}) ::chmod(open.c_str(), 0777);
  int done[2] = {};
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool answered = ::setuid(65534) != 0 || ask_responder(path, {}).has_value();
    ::_exit(answered ? 1 : 0);
  }
  int status = 0;
  ASSERT_TRUE(testing::wait_until([&] {
    server.poll(at(kStart));
    return ::waitpid(child, &status, WNOHANG) == child;
  }));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  ::close(done[0]);
  ::close(done[1]);
}

TEST(ControlMessage, ComesBack) {
  const ControlRequest request{ControlRequest::What::Run, "a\tb", "add", "10.0.0.1", "u\n", "/x y"};
  const auto back = parse_control(control_line(request));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->name, "a\tb");
  EXPECT_EQ(back->user, "u\n");
  EXPECT_FALSE(parse_control("run\tx\n"));
  EXPECT_FALSE(parse_reply("block\tx\nend\n"));
  EXPECT_FALSE(parse_reply("undone\t1\n"));
  EXPECT_FALSE(parse_reply("outcome\t99\t\nend\n"));
}

}  // namespace
}  // namespace gander::respond
