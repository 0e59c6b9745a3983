// SmtpTransfer: one mail to one server.
//
// Owns:    its connection and the bytes of the mail.
// Threads: one thread.
// Cost:    does not block; ends within two minutes whatever the server does.
// Fails:   as an SmtpOutcome.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "notify/curl_loop.h"

namespace gander::notify {

struct SmtpServer {
  enum class Tls { Never, IfOffered, StartTls, FromTheFirstByte };
  std::string host;
  int port = 25;
  std::string helo;
  Tls tls = Tls::Never;
  TlsTrust trust;
  std::string user;  // empty: no login
  std::string password;
};

struct SmtpOutcome {
  enum class Kind {
    Accepted,  // by the server, for `accepted`
    TryAgain,  // this mail
    Refused,   // this mail, for good
    NoServer   // nothing could be said about any mail
  };
  struct Refusal {
    std::string to;
    std::string words;  // of the server, one line
  };
  Kind kind = Kind::NoServer;
  std::vector<std::string> accepted;
  std::vector<std::string> deferred;
  std::vector<Refusal> refused;
  std::string problem;  // for the log
  bool tls_failed = false;
};

class SmtpTransfer {
 public:
  SmtpTransfer(CurlLoop& loop, const SmtpServer& server, const std::string& from, const std::vector<std::string>& to,
               std::string message);
  ~SmtpTransfer();
  SmtpTransfer(const SmtpTransfer&) = delete;
  SmtpTransfer& operator=(const SmtpTransfer&) = delete;

  void start(std::function<void(SmtpOutcome)> done);

 private:
  enum class Stage { Greeting, Sender, Recipient, Data, Body };

  static size_t on_read(char* buffer, size_t size, size_t count, void* self);
  static int on_debug(CURL*, curl_infotype type, char* data, size_t size, void* self);
  static int on_open(void* self, curl_socket_t socket, curlsocktype);
  static int on_close(void* self, curl_socket_t socket);
  void command(std::string_view text);
  void reply(std::string_view line);
  SmtpOutcome outcome(CURLcode code) const;

  SmtpServer server_;
  std::string message_;
  size_t sent_ = 0;
  std::vector<std::string> to_;
  size_t asked_ = 0;  // recipients that were named to the server
  Stage stage_ = Stage::Greeting;
  bool said_quit_ = false;
  int last_code_ = 0;
  std::string last_words_;
  SmtpOutcome answers_;  // per recipient
  std::set<curl_socket_t> sockets_;
  struct FreeList {
    void operator()(curl_slist* list) const { curl().slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, FreeList> recipients_;
  Easy easy_;  // the last: its end still calls back
};

}  // namespace gander::notify
