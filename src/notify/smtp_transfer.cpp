#include "notify/smtp_transfer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace gander::notify {
namespace {

constexpr long kReplySeconds = 60;

std::string url_of(const SmtpServer& server) {
  CURLU* const url = curl().url();
  if (url == nullptr) return {};
  const bool ipv6 = server.host.find(':') != std::string::npos && server.host.front() != '[';
  const std::string host = ipv6 ? "[" + server.host + "]" : server.host;
  curl().url_set(url, CURLUPART_SCHEME, server.tls == SmtpServer::Tls::FromTheFirstByte ? "smtps" : "smtp", 0);
  curl().url_set(url, CURLUPART_HOST, host.c_str(), 0);
  curl().url_set(url, CURLUPART_PORT, std::to_string(server.port).c_str(), 0);
  curl().url_set(url, CURLUPART_PATH, ("/" + server.helo).c_str(), CURLU_URLENCODE);
  char* text = nullptr;
  std::string out;
  if (curl().url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK) out = text;
  curl().free(text);
  curl().url_cleanup(url);
  return out;
}

long tls_level(SmtpServer::Tls tls) {
  switch (tls) {
    case SmtpServer::Tls::Never:
      return CURLUSESSL_NONE;
    case SmtpServer::Tls::IfOffered:
      return CURLUSESSL_TRY;
    default:
      return CURLUSESSL_ALL;
  }
}

}  // namespace

SmtpTransfer::SmtpTransfer(CurlLoop& loop, const SmtpServer& server, const std::string& from,
                           const std::vector<std::string>& to, std::string message)
    : server_(server), message_(std::move(message)), to_(to), easy_(loop) {
  // OSSEC ends each mail by an empty line.
  message_.append("\r\n");
  for (const std::string& address : to_) {
    recipients_.reset(curl().slist_append(recipients_.release(), ("<" + address + ">").c_str()));
  }
  easy_.set(CURLOPT_URL, url_of(server_).c_str());
  easy_.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  easy_.set(CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
  easy_.set(CURLOPT_MAIL_RCPT, recipients_.get());
  easy_.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  easy_.set(CURLOPT_USE_SSL, tls_level(server_.tls));
  easy_.set_trust(server_.trust);
  if (!server_.user.empty()) {
    easy_.set(CURLOPT_USERNAME, server_.user.c_str());
    easy_.set(CURLOPT_PASSWORD, server_.password.c_str());
  }
  easy_.set(CURLOPT_UPLOAD, 1L);
  easy_.set(CURLOPT_READFUNCTION, &SmtpTransfer::on_read);
  easy_.set(CURLOPT_READDATA, this);
  easy_.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message_.size()));
  easy_.set(CURLOPT_SERVER_RESPONSE_TIMEOUT, kReplySeconds);
  easy_.set(CURLOPT_VERBOSE, 1L);  // on_debug sees which recipient an answer belongs to
  easy_.set(CURLOPT_DEBUGFUNCTION, &SmtpTransfer::on_debug);
  easy_.set(CURLOPT_DEBUGDATA, this);
  easy_.set(CURLOPT_FORBID_REUSE, 1L);
  easy_.set(CURLOPT_FRESH_CONNECT, 1L);
  easy_.set(CURLOPT_SOCKOPTFUNCTION, &SmtpTransfer::on_open);
  easy_.set(CURLOPT_SOCKOPTDATA, this);
  easy_.set(CURLOPT_CLOSESOCKETFUNCTION, &SmtpTransfer::on_close);
  easy_.set(CURLOPT_CLOSESOCKETDATA, this);
}

// libcurl would end the mail properly, and wait: a server must not take half a mail for a whole one.
SmtpTransfer::~SmtpTransfer() {
  for (const curl_socket_t socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void SmtpTransfer::start(std::function<void(SmtpOutcome)> done) {
  easy_.start([this, done = std::move(done)](CURLcode code) { done(outcome(code)); });
}

size_t SmtpTransfer::on_read(char* buffer, size_t size, size_t count, void* self) {
  auto& t = *static_cast<SmtpTransfer*>(self);
  const size_t length = std::min(size * count, t.message_.size() - t.sent_);
  t.message_.copy(buffer, length, t.sent_);
  t.sent_ += length;
  if (t.sent_ == t.message_.size()) t.stage_ = Stage::Body;
  return length;
}

int SmtpTransfer::on_open(void* self, curl_socket_t socket, curlsocktype) {
  static_cast<SmtpTransfer*>(self)->sockets_.insert(socket);
  return CURL_SOCKOPT_OK;
}

int SmtpTransfer::on_close(void* self, curl_socket_t socket) {
  static_cast<SmtpTransfer*>(self)->sockets_.erase(socket);
  return ::close(socket);
}

int SmtpTransfer::on_debug(CURL*, curl_infotype type, char* data, size_t size, void* self) {
  auto& t = *static_cast<SmtpTransfer*>(self);
  const std::string_view text(data, size);
  if (type == CURLINFO_HEADER_OUT) t.command(text);
  if (type == CURLINFO_HEADER_IN) t.reply(text);
  return 0;
}

void SmtpTransfer::command(std::string_view text) {
  if (text.starts_with("MAIL FROM")) stage_ = Stage::Sender;
  if (text.starts_with("RCPT TO")) {
    stage_ = Stage::Recipient;
    ++asked_;
  }
  if (text.starts_with("DATA")) stage_ = Stage::Data;
  if (!text.starts_with("QUIT")) return;
  said_quit_ = true;
  // libcurl waits for the answer to QUIT: with nothing more to be read it cannot.
  for (const curl_socket_t socket : sockets_) ::shutdown(socket, SHUT_RD);
}

void SmtpTransfer::reply(std::string_view line) {
  const auto digit = [&](size_t i) { return line.size() > i && line[i] >= '0' && line[i] <= '9'; };
  if (!digit(0) || !digit(1) || !digit(2) || said_quit_) return;
  if (line.size() > 3 && line[3] == '-') return;  // more lines follow
  last_code_ = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  last_words_ = base::printable(line.substr(0, std::min<size_t>(line.find_first_of("\r\n"), 200)));
  if (stage_ != Stage::Recipient || asked_ == 0 || asked_ > to_.size()) return;
  const std::string& to = to_[asked_ - 1];
  if (last_code_ / 100 == 2) {
    answers_.accepted.push_back(to);
  } else if (last_code_ / 100 == 5) {
    answers_.refused.push_back({to, last_words_});
  } else {
    answers_.deferred.push_back(to);
  }
}

SmtpOutcome SmtpTransfer::outcome(CURLcode code) const {
  using Kind = SmtpOutcome::Kind;
  SmtpOutcome out = answers_;
  const bool answered = last_code_ >= 400;
  out.problem = answered ? last_words_ : easy_.problem(code);
  out.tls_failed = code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
                   code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CACERT_BADFILE;
  if (code == CURLE_OK) {
    out.kind = Kind::Accepted;
    out.problem.clear();
    return out;
  }
  const bool about_mail = stage_ == Stage::Data || stage_ == Stage::Body;
  if (about_mail && last_code_ / 100 == 5) {
    out.kind = Kind::Refused;
  } else if (stage_ == Stage::Sender && last_code_ == 552) {  // larger than the server takes
    out.kind = Kind::Refused;
    out.accepted = to_;
  } else if (stage_ == Stage::Greeting) {
    out.kind = Kind::NoServer;
  } else {
    out.kind = Kind::TryAgain;
  }
  return out;
}

}  // namespace gander::notify
