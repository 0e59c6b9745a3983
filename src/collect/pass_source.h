// PassSource: a file as OSSEC 4.3 follows it (Compat::Ossec43): read to its end every `loop_timeout`, looked at for
// rotation every 65 passes, open records sent at the end of a pass, losses and splits included.
//
// Owns:    the open file.
// Threads: one thread.
// OSSEC:   ossec-logcollector of 4.3. What differs: places are kept when the caller keeps them.
#pragma once

#include <memory>
#include <string>

#include "collect/source.h"

namespace gander::collect {

class PassSource final : public Source {
 public:
  PassSource(std::string id, const config::Localfile& block, std::string location, std::optional<FilePlace> kept,
             Shared& shared);

  const std::string& id() const override { return id_; }
  void look(Outlet& out) override;
  bool turn(Outlet& out) override;
  std::optional<Steady> deadline() const override;
  SourceStatus status() const override;
  std::string place_now() override;

 private:
  enum class From { Beginning, End };

  std::string real() const;
  void start(Outlet& out);
  bool open(From from, Outlet& out);
  void check(Outlet& out);
  void check_open_file(Outlet& out);
  void failed(Outlet& out);
  void begin_pass();
  // Cuts one piece; true when the pass is over.
  bool read_piece(Outlet& out);
  size_t take_line(std::string_view rest, bool at_end);
  std::string_view as_c_string(std::string_view line, bool terminated);
  FileMark mark() const;
  void send(Outlet& out);
  void notice(std::string_view words, Outlet& out);

  std::string id_;
  config::Localfile block_;
  std::string location_;
  Shared& shared_;
  std::string path_;
  std::optional<FilePlace> kept_;
  bool started_ = false;
  LogFile file_;
  FileId file_id_;
  std::unique_ptr<RecordCutter> cutter_;
  uint64_t serial_ = 0;
  uint64_t offset_ = 0;
  uint64_t pass_begin_ = 0;
  uint64_t checked_size_ = 0;
  bool in_pass_ = false;
  bool resend_ = false;  // the audit reader goes back to the beginning of its pass
  int passes_ = 0;
  int errors_;
  Steady next_pass_{};
  SourceState state_ = SourceState::Following;
  std::string trouble_;
  Counts counts_;
  Counts batch_;
};

}  // namespace gander::collect
