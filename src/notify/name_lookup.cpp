#include "notify/name_lookup.h"

#include <netdb.h>

#include <csignal>
#include <cstring>

namespace gander::notify {

struct NameLookup::Request {
  std::string host;
  std::string port;
  addrinfo hints{};
  gaicb call{};
  bool asked = false;  // the C library works on it
};

NameLookup::NameLookup(const std::string& host, int port) : request_(std::make_unique<Request>()) {
  Request& r = *request_;
  r.host = host;
  r.port = std::to_string(port);
  r.hints.ai_socktype = SOCK_DGRAM;
  r.hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  r.call.ar_name = r.host.c_str();
  r.call.ar_service = r.port.c_str();
  r.call.ar_request = &r.hints;
  addrinfo numeric = r.hints;
  numeric.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  if (::getaddrinfo(r.call.ar_name, r.call.ar_service, &numeric, &r.call.ar_result) == 0) return;
  gaicb* calls[] = {&r.call};
  sigevent nothing{};
  nothing.sigev_notify = SIGEV_NONE;
  const int problem = ::getaddrinfo_a(GAI_NOWAIT, calls, 1, &nothing);
  r.asked = problem == 0;
  if (r.asked) return;
  problem_ = ::gai_strerror(problem);
  request_.reset();
}

NameLookup::~NameLookup() {
  if (!request_) return;
  const gaicb* const calls[] = {&request_->call};
  if (request_->asked && ::gai_cancel(&request_->call) == EAI_NOTCANCELED) {
    while (::gai_error(&request_->call) == EAI_INPROGRESS) ::gai_suspend(calls, 1, nullptr);
  }
  if (request_->call.ar_result != nullptr) ::freeaddrinfo(request_->call.ar_result);
}

bool NameLookup::done() {
  if (!request_) return true;
  gaicb& call = request_->call;
  if (request_->asked) {
    const int state = ::gai_error(&call);
    if (state == EAI_INPROGRESS) return false;
    if (state != 0) problem_ = ::gai_strerror(state);
  }
  for (const addrinfo* at = call.ar_result; at != nullptr; at = at->ai_next) {
    SocketAddress found;
    if (at->ai_addrlen > sizeof found.address) continue;
    std::memcpy(&found.address, at->ai_addr, at->ai_addrlen);
    found.length = at->ai_addrlen;
    addresses_.push_back(found);
  }
  if (call.ar_result != nullptr) ::freeaddrinfo(call.ar_result);
  if (addresses_.empty() && problem_.empty()) problem_ = "no address";
  request_.reset();
  return true;
}

}  // namespace gander::notify
