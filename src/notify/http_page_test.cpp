#include "notify/http_page.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace gander::notify {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Snapshot sample() {
  Snapshot s;
  s.metrics.push_back(
      {"gander_lines_total", "Lines \"in\"", Metric::Type::Counter, {{{{"source", "/l\n\"x\\"}}, 5}, {{}, 0.5}}});
  return s;
}

class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void send(const std::string& text) const { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  // Steps the page until the connection is closed.
  std::string answer(HttpPage& page, base::Instant now) const {
    std::string out;
    for (int round = 0; round < 2000; ++round) {
      page.step(now);
      std::array<char, 4096> piece{};
      const ssize_t count = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
      if (count > 0) out.append(piece.data(), static_cast<size_t>(count));
      if (count == 0 || (count < 0 && errno != EAGAIN)) return out;
      pollfd ready[] = {{socket_, POLLIN, 0}, {page.descriptor(), POLLIN, 0}};
      ::poll(ready, 2, 20);
    }
    return out + "(no end)";
  }

 private:
  int socket_;
  bool connected_ = false;
};

TEST(HttpPage, Metrics) {
  auto page = HttpPage::open("127.0.0.1", 0, sample);
  ASSERT_TRUE(page.has_value()) << page.error().message;
  const Client client(page->port());
  client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = client.answer(*page, {});
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("# TYPE gander_lines_total counter\n"
                                "gander_lines_total{source=\"/l?\\\"x\\\\\"} 5\ngander_lines_total 0.5\n"));
}

TEST(HttpPage, Health) {
  Snapshot s = sample();
  s.healthy = false;
  s.problems = {"mail: \"x\""};
  auto page = HttpPage::open("127.0.0.1", 0, [&] { return s; });
  const Client client(page->port());
  client.send("GET /health?x HTTP/1.0\r\n\r\n");
  const std::string answer = client.answer(*page, {});
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr(R"({"status":"degraded","problems":["mail: \"x\""]})"));
}

TEST(HttpPage, OtherRequests) {
  auto page = HttpPage::open("::1", 0, sample);
  if (!page) page = HttpPage::open("127.0.0.1", 0, sample);  // no IPv6 here
  page = HttpPage::open("127.0.0.1", 0, sample);
  const auto asked = [&](const std::string& text) {
    const Client client(page->port());
    client.send(text);
    return client.answer(*page, {}).substr(0, 12);
  };
  EXPECT_EQ(asked("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 404");
  EXPECT_EQ(asked("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"), "HTTP/1.1 405");
  EXPECT_EQ(asked("nonsense\r\n\r\n"), "HTTP/1.1 400");
  EXPECT_EQ(asked("GET /" + std::string(20000, 'a')), "HTTP/1.1 431");
  EXPECT_EQ(asked("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 200");
}

TEST(HttpPage, SlowClientsAreDroppedAndTheOldestMakesRoom) {
  auto page = HttpPage::open("127.0.0.1", 0, sample);
  const base::Instant start = base::from_unix(1000);
  const Client slow(page->port());
  slow.send("GET /met");
  page->step(start);
  page->step(start + base::Seconds(9));
  EXPECT_EQ(slow.answer(*page, start + HttpPage::kLongestIdle), "");
  std::vector<std::unique_ptr<Client>> many;
  for (size_t i = 0; i < 2 * HttpPage::kMostConnections; ++i) {
    many.push_back(std::make_unique<Client>(page->port()));
    page->step(start);
  }
  const Client late(page->port());
  late.send("GET /metrics HTTP/1.1\r\n\r\n");
  EXPECT_THAT(late.answer(*page, start), StartsWith("HTTP/1.1 200"));
}

TEST(HttpPage, OnlyOnLoopback) {
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "localhost", ""}) {
    const auto page = HttpPage::open(address, 0, sample);
    ASSERT_FALSE(page.has_value()) << address;
    EXPECT_EQ(page.error().code, "N002");
  }
}

}  // namespace
}  // namespace gander::notify
