// ControlSocket: how `gander status`, `reload` and `stop` speak with a host that is watched: run/gander.sock of the
// home.
//
// A peer (root, or the user who runs the supervisor) sends one word and a line feed and gets one answer, until the end
// of the stream. At most kMostPeers at once, each kPatience long.
//
// Owns:    the socket and its connections.
// Threads: one thread.
// Fails:   open() with N-codes of the system in words; peers that misbehave are closed.
#pragma once

#include <poll.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "collect/record.h"

namespace gander::live {

class ControlSocket {
 public:
  static constexpr size_t kMostPeers = 16;
  static constexpr size_t kLongestWord = 64;
  static constexpr std::chrono::seconds kPatience{30};

  using Ticket = uint64_t;
  // A request came; answer() with its ticket, now or later.
  using Request = std::function<void(Ticket, const std::string& word)>;

  Result<void> open(const std::string& path);
  void add_descriptors(std::vector<pollfd>& wanted) const;
  void step(collect::Moment now, const Request& request);
  void answer(Ticket ticket, std::string_view text);

  // The other side: asks and returns the answer. Fails with I003 when nobody listens.
  static Result<std::string> ask(const std::string& path, std::string_view word);

 private:
  struct Peer {
    Ticket ticket = 0;
    base::Descriptor socket;
    std::string in;
    std::string out;
    bool asked = false;
    bool answered = false;
    collect::Steady begin{0};
  };

  void admit(collect::Moment now);
  // False: this peer is done.
  static bool serve(Peer& peer, const Request& request);

  base::Descriptor listener_;
  std::list<Peer> peers_;
  Ticket next_ = 1;
};

}  // namespace gander::live
