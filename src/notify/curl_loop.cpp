#include "notify/curl_loop.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "base/utf8.h"

namespace gander::notify {
namespace {

constexpr long kConnectSeconds = 30;
constexpr long kWholeSeconds = 120;

void start_libcurl() {
  // The first call wins; libcurl counts them and makes it safe.
  static const CURLcode kStarted = curl().global_init(CURL_GLOBAL_DEFAULT);
  if (kStarted != CURLE_OK) throw std::runtime_error("libcurl cannot start");
}

}  // namespace

CurlLoop::CurlLoop(EventLoop& events) : events_(events) {
  start_libcurl();
  multi_ = curl().multi_init();
  if (multi_ == nullptr) throw std::runtime_error("libcurl cannot start");
  timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (timer_ < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  curl().multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl().multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl().multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl().multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  events_.watch(timer_, EPOLLIN, [this](uint32_t) {
    uint64_t times = 0;
    if (::read(timer_, &times, sizeof times) > 0) act(CURL_SOCKET_TIMEOUT, 0);
  });
}

CurlLoop::~CurlLoop() {
  for (const auto& [easy, done] : running_) curl().multi_remove_handle(multi_, easy);
  events_.unwatch(timer_);
  curl().multi_cleanup(multi_);
  ::close(timer_);
}

void CurlLoop::add(CURL* easy, std::function<void(CURLcode)> done) {
  running_[easy] = std::move(done);
  curl().multi_add_handle(multi_, easy);
}

void CurlLoop::remove(CURL* easy) {
  running_.erase(easy);
  curl().multi_remove_handle(multi_, easy);
}

void CurlLoop::act(curl_socket_t socket, int flags) {
  int running = 0;
  curl().multi_socket_action(multi_, socket, flags, &running);
}

void CurlLoop::step() {
  int left = 0;
  while (const CURLMsg* const message = curl().multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    const auto found = running_.find(message->easy_handle);
    if (found == running_.end()) continue;
    const std::function<void(CURLcode)> done = std::move(found->second);
    running_.erase(found);
    done(code);
  }
}

int CurlLoop::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (what == CURL_POLL_REMOVE) {
    loop.events_.unwatch(socket);
    return 0;
  }
  uint32_t wanted = 0;
  if (what != CURL_POLL_OUT) wanted |= EPOLLIN;
  if (what != CURL_POLL_IN) wanted |= EPOLLOUT;
  loop.events_.watch(socket, wanted, [&loop, socket](uint32_t ready) {
    int flags = 0;
    if ((ready & EPOLLIN) != 0) flags |= CURL_CSELECT_IN;
    if ((ready & EPOLLOUT) != 0) flags |= CURL_CSELECT_OUT;
    if ((ready & (EPOLLERR | EPOLLHUP)) != 0) flags |= CURL_CSELECT_ERR;
    loop.act(socket, flags);
  });
  return 0;
}

int CurlLoop::on_timer(CURLM*, long milliseconds, void* self) {
  itimerspec when{};
  if (milliseconds == 0) when.it_value.tv_nsec = 1;  // all zeros would switch it off
  if (milliseconds > 0) {
    when.it_value.tv_sec = milliseconds / 1000;
    when.it_value.tv_nsec = (milliseconds % 1000) * 1'000'000;
  }
  ::timerfd_settime(static_cast<CurlLoop*>(self)->timer_, 0, &when, nullptr);
  return 0;
}

Easy::Easy(CurlLoop& loop) : loop_(loop), easy_(curl().easy_init()), words_(std::make_unique<char[]>(CURL_ERROR_SIZE)) {
  if (easy_ == nullptr) throw std::runtime_error("libcurl cannot start a transfer");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_TIMEOUT, kWholeSeconds);
  set(CURLOPT_ERRORBUFFER, words_.get());
}

Easy::~Easy() {
  if (added_) loop_.remove(easy_);
  curl().easy_cleanup(easy_);
}

void Easy::set_trust(const TlsTrust& trust) {
  set(CURLOPT_SSL_VERIFYPEER, trust.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, trust.verify ? 2L : 0L);
  if (!trust.ca_file.empty()) {
    set(CURLOPT_CAINFO, trust.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
}

void Easy::start(std::function<void(CURLcode)> done) {
  added_ = true;
  loop_.add(easy_, std::move(done));
}

std::string Easy::problem(CURLcode code) const {
  return base::printable(words_[0] != '\0' ? words_.get() : curl().easy_strerror(code));
}

}  // namespace gander::notify
