// Link: frames between two processes of a live host, over a connected stream socket; a frame may carry a descriptor.
//
// Frame: u32 length of the rest (little endian), u8 kind, bytes. What does not fit into the socket is kept and sent by
// flush(). The two ends are one program and trust each other's framing, but not each other's bytes: every payload is
// decoded with checks (wire.h).
//
// Owns:    the socket, bytes that wait, descriptors that came and were not taken.
// Threads: one thread.
// Cost:    one copy each way; reads of up to 256 KiB.
// Fails:   a closed or broken socket is State::Closed for good; sends are then dropped.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.h"

namespace gander::live {

enum class Frame : uint8_t {
  // supervisor -> others
  Peer = 1,  // payload: PeerRole; carries a descriptor
  Reload,
  Stop,  // payload: empty, or kKeepState
  AskStatus,
  // others -> supervisor
  Log,       // payload: severity, text
  Ready,     // serving; payload: text for the log, may be empty
  Reloaded,  // payload: empty, or what is wrong
  Status,    // payload: JSON object
  // sources -> analysis and back
  Batch,
  Places,
  Committed,
  // analysis -> responder and back
  Response,
  Taken,
  // notifier -> responder and back
  Mail,
  MailDone,
  // responder -> analysis: an event of its own (the guard said no)
  Event,
  // scanner -> responder and back
  AskWatch,  // for a fanotify group with marks
  Watch,     // empty, with a descriptor; or why there is none
  Filter,    // number, path: the output of prefilter_cmd
  Filtered,  // number, with a descriptor; or number, what is wrong
  // analysis -> notifier and back
  AskName,  // address, NUL, part of its name
  Name,     // yes or no (a byte), then the question
};

class Link {
 public:
  enum class State { Open, Closed };
  static constexpr size_t kLargestFrame = size_t{64} << 20;

  // Without a socket it is closed.
  explicit Link(base::Descriptor socket);

  int descriptor() const { return socket_.get(); }
  State state() const { return state_; }

  void send(Frame kind, std::string_view payload);
  // `fd` is duplicated.
  void send(Frame kind, std::string_view payload, int fd);
  // Writes what waits. True: nothing waits any more.
  bool flush();
  size_t waiting() const { return out_.size() - out_done_; }

  // Reads once what is there, then calls take(kind, payload) for each whole frame. take() may return false to stop
  // behind this frame. True: whole frames are left over for the next call.
  using Take = std::function<bool(Frame, std::string_view)>;
  bool pump(const Take& take);
  // The next descriptor that came, in order; empty: none.
  base::Descriptor take_descriptor();

  // Two connected ends.
  static std::pair<base::Descriptor, base::Descriptor> pair();

 private:
  void read_some();
  bool hand_out(const Take& take);

  base::Descriptor socket_;
  State state_;
  std::string out_;
  size_t out_done_ = 0;
  std::deque<std::pair<size_t, base::Descriptor>> out_descriptors_;  // with the offset in out_ they go with
  std::unique_ptr<char[]> buffer_;                                   // of one read
  std::string in_;
  size_t in_done_ = 0;
  std::deque<base::Descriptor> in_descriptors_;
};

}  // namespace gander::live
