// FileSource: one <location> followed for ever: the file that bears its name now, and those that bore it before.
//
// A file that loses its name (rotation, a new date) is read to its end before its successor, and looked at for a while
// after, because its writer may not know yet. A file that was truncated goes on in its copy, if rotation made one.
//
// Owns:    its tails, oldest first.
// Threads: one thread.
// Fails:   what cannot be opened is said once and tried for ever.
#pragma once

#include <memory>
#include <vector>

#include "collect/source.h"

namespace gander::collect {

class FileSource final : public Source {
 public:
  FileSource(std::string id, const config::Localfile& block, std::string location, Begin begin,
             std::optional<FilePlace> kept, Shared& shared);
  ~FileSource() override;

  const std::string& id() const override { return id_; }
  void look(Outlet& out) override;
  bool turn(Outlet& out) override;
  std::optional<Steady> deadline() const override;
  SourceStatus status() const override;
  std::string place_now() override { return kept_ ? kept_->encode() : place().encode(); }
  std::vector<std::string> watched() const override { return {real(path_)}; }
  size_t open_files() const override;
  void give_back_files() override;
  void mark_backlog() override;
  void polled(const std::string& why) override { polled_ = why; }

 private:
  // How a file took the place of the one before it.
  enum class Arrival { Quiet, Rotated, Reduced };
  struct Follower {
    std::unique_ptr<FileTail> tail;
    Arrival arrival = Arrival::Quiet;
    Steady grew{};  // last time there was something, or since when it is left
  };

  std::string real(const std::string& path) const;
  std::unique_ptr<FileTail> make_tail(FileMark mark);
  FileMark new_mark(FileId id, uint64_t offset);
  void add(FileMark mark, const std::string& real_path, Arrival arrival);
  bool add_path(const std::string& real_path, Arrival arrival);
  void drop(size_t i);

  void first_look(Outlet& out);
  void restore(Outlet& out);
  bool find_again(FileTail& tail);
  void follow_date(Outlet& out);
  void look_at_name(const FileLook& seen, Outlet& out);
  void replaced(const FileLook& seen, Outlet& out);
  void trouble(SourceState state, int error, Outlet& out);
  bool waits_silently() const;
  void announce(Outlet& out);
  void well();

  bool read(size_t i, Outlet& out, bool& more);
  bool nothing_left(size_t i, Outlet& out);
  void pass_on(size_t i, Outlet& out);
  void rewritten(size_t i, Outlet& out);
  void gone(size_t i, Outlet& out);
  bool read_pipe(Outlet& out);
  void add_notice(Arrival arrival);
  void send(const FileTail& tail, Age age, Outlet& out);
  void send_place(Outlet& out);
  FilePlace place();
  Age age_of(const FileTail& tail) const;
  bool idle(const Follower& f) const;

  std::string id_;
  config::Localfile block_;
  std::string location_;  // as configured, or as a wildcard found it; may hold a date
  bool dated_;
  Begin begin_;
  Shared& shared_;
  char queue_;

  std::string path_;
  std::optional<FilePlace> kept_;  // until the first look
  bool looked_ = false;
  bool announced_ = false;
  bool attached_ = false;  // the last tail bears the name now
  uint64_t next_serial_ = 1;
  std::vector<Follower> followers_;

  LogFile pipe_;
  std::unique_ptr<RecordCutter> pipe_cutter_;
  std::string pipe_rest_;
  uint64_t pipe_at_ = 0;

  SourceState state_ = SourceState::Following;
  std::string trouble_;
  std::string polled_;
  int said_ = 0;  // the error that was told last
  Steady complain_from_{};
  Counts counts_;
  Counts batch_;
  std::string notice_;
};

}  // namespace gander::collect
