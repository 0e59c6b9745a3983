#include "notify/http_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <list>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "notify/event_loop.h"

namespace gander::notify {
namespace {

namespace http = boost::beast::http;

struct Listening {
  int socket = -1;
  int port = 0;
};

Result<Listening> listen_on(const std::string& address, int port) {
  sockaddr_storage storage{};
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  const std::string where = address + " port " + std::to_string(port);
  socklen_t length = 0;
  if (::inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1 && (ntohl(v4->sin_addr.s_addr) >> 24) == 127) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(static_cast<uint16_t>(port));
    length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(static_cast<uint16_t>(port));
    length = sizeof *v6;
  } else {
    return fail("N002", "the page for metrics is on loopback only, not on " + where);
  }
  const int socket = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  if (socket >= 0) ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&storage), length) != 0 || ::listen(socket, 64) != 0) {
    const std::string why = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    return fail("N002", where + ": " + why);
  }
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &length);
  return Listening{socket, ntohs(storage.ss_family == AF_INET ? v4->sin_port : v6->sin6_port)};
}

std::string answer(int status, std::string_view words, std::string_view type, std::string_view body, bool with_body) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " " + std::string(words) + "\r\n";
  out.append("Content-Type: ").append(type).append("\r\nContent-Length: ").append(std::to_string(body.size()));
  out.append("\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
  if (with_body) out.append(body);
  return out;
}

}  // namespace

struct HttpPage::Impl {
  struct Client {
    int socket;
    base::Instant since{};
    http::request_parser<http::empty_body> parser;
    std::string in;   // not parsed yet
    std::string out;  // the answer, not sent yet
    bool over = false;
  };

  Impl(Listening opened, Source from) : listening(opened), source(std::move(from)) {
    events.watch(listening.socket, EPOLLIN, [this](uint32_t) { accept(); });
  }
  ~Impl() {
    for (Client& c : clients) ::close(c.socket);
    ::close(listening.socket);
  }

  void accept();
  void serve(Client& client);
  void read(Client& client);
  void write(Client& client);
  std::string answer_to(http::verb verb, std::string_view target) const;
  void refuse(Client& client, int status, std::string_view words);

  EventLoop events;
  Listening listening;
  Source source;
  std::list<Client> clients;  // oldest first
  base::Instant now{};
};

void HttpPage::Impl::accept() {
  for (;;) {
    const int socket = ::accept4(listening.socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) return;
    if (clients.size() >= kMostConnections) {
      const auto oldest = std::find_if(clients.begin(), clients.end(), [](const Client& c) { return !c.over; });
      if (oldest != clients.end()) {
        events.unwatch(oldest->socket);
        ::close(oldest->socket);
        clients.erase(oldest);
      }
    }
    Client& client = clients.emplace_back();
    client.socket = socket;
    client.since = now;
    client.parser.header_limit(kLargestHead);
    client.parser.body_limit(UINT64_MAX);  // none is read
    events.watch(socket, EPOLLIN, [this, &client](uint32_t) { serve(client); });
  }
}

std::string HttpPage::Impl::answer_to(http::verb verb, std::string_view target) const {
  const bool get = verb == http::verb::get;
  if (!get && verb != http::verb::head) return answer(405, "Method Not Allowed", "text/plain", "GET or HEAD\n", true);
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/metrics") {
    return answer(200, "OK", "text/plain; version=0.0.4; charset=utf-8", prometheus_text(source()), get);
  }
  if (path == "/health") {
    const Snapshot snapshot = source();
    return answer(snapshot.healthy ? 200 : 503, snapshot.healthy ? "OK" : "Service Unavailable", "application/json",
                  health_json(snapshot), get);
  }
  return answer(404, "Not Found", "text/plain", "/metrics or /health\n", get);
}

void HttpPage::Impl::refuse(Client& client, int status, std::string_view words) {
  client.out = answer(status, words, "text/plain", std::string(words) + "\n", true);
  write(client);
}

void HttpPage::Impl::serve(Client& client) {
  if (client.over) return;
  if (client.out.empty()) {
    read(client);
  } else {
    write(client);
  }
}

void HttpPage::Impl::read(Client& client) {
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t count = ::recv(client.socket, bytes.data(), bytes.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      client.over = true;
      return;
    }
    client.in.append(bytes.data(), static_cast<size_t>(count));
    boost::system::error_code problem;
    const size_t used = client.parser.put(boost::asio::const_buffer(client.in.data(), client.in.size()), problem);
    client.in.erase(0, used);
    if (problem == http::error::need_more) problem = {};
    if (problem == http::error::header_limit || client.in.size() > kLargestHead) {
      return refuse(client, 431, "Request Header Fields Too Large");
    }
    // A body is not read: what is asked for stands in the head.
    if (client.parser.is_header_done()) {
      const auto& request = client.parser.get();
      client.out = answer_to(request.method(), {request.target().data(), request.target().size()});
      return write(client);
    }
    if (problem) return refuse(client, 400, "Bad Request");
  }
}

void HttpPage::Impl::write(Client& client) {
  while (!client.out.empty()) {
    const ssize_t count = ::send(client.socket, client.out.data(), client.out.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      events.watch(client.socket, EPOLLOUT, [this, &client](uint32_t) { serve(client); });
      return;
    }
    if (count <= 0) break;
    client.out.erase(0, static_cast<size_t>(count));
  }
  ::shutdown(client.socket, SHUT_WR);
  client.over = true;
}

Result<HttpPage> HttpPage::open(const std::string& address, int port, Source source) {
  const Result<Listening> listening = listen_on(address, port);
  if (!listening) return tl::unexpected<Error>(listening.error());
  return HttpPage(std::make_unique<Impl>(*listening, std::move(source)));
}

HttpPage::HttpPage(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpPage::HttpPage(HttpPage&&) noexcept = default;
HttpPage& HttpPage::operator=(HttpPage&&) noexcept = default;
HttpPage::~HttpPage() = default;

int HttpPage::port() const {
  return impl_->listening.port;
}

int HttpPage::descriptor() const {
  return impl_->events.descriptor();
}

base::Instant HttpPage::step(base::Instant now) {
  Impl& p = *impl_;
  p.now = now;
  p.events.dispatch();
  base::Instant next = now + base::Seconds{60};
  for (auto at = p.clients.begin(); at != p.clients.end();) {
    const bool idle = now - at->since >= kLongestIdle || at->since > now;
    if (at->over || idle) {
      p.events.unwatch(at->socket);
      ::close(at->socket);
      at = p.clients.erase(at);
      continue;
    }
    next = std::min(next, at->since + kLongestIdle);
    ++at;
  }
  return next;
}

}  // namespace gander::notify
