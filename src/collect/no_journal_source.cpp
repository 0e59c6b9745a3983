// In builds without libsystemd: says so, and stays visible in the status.
#include <utility>

#include "collect/journal_source.h"

namespace gander::collect {

namespace {

class NoJournal final : public Source {
 public:
  NoJournal(std::string id, std::string wanted, std::string place)
      : id_(std::move(id)), wanted_(std::move(wanted)), place_(std::move(place)) {}

  const std::string& id() const override { return id_; }
  void look(Outlet& out) override {
    if (std::exchange(said_, true)) return;
    out.say(NoticeLevel::Warning, log_line(0, "WARN", "journald not available on this version of OSSEC"));
  }
  bool turn(Outlet& /*out*/) override { return false; }
  std::optional<Steady> deadline() const override { return std::nullopt; }
  SourceStatus status() const override {
    SourceStatus s;
    s.source = id_;
    s.name = "journald " + wanted_;
    s.state = SourceState::Unreadable;
    s.trouble = "built without libsystemd";
    return s;
  }
  std::string place_now() override { return place_; }

 private:
  std::string id_;
  std::string wanted_;
  std::string place_;
  bool said_ = false;
};

}  // namespace

std::unique_ptr<Source> make_journal_source(std::string id, const config::Localfile& block,
                                            std::optional<std::string> place, Shared& /*shared*/) {
  return std::make_unique<NoJournal>(std::move(id), block.location, place.value_or(""));
}

bool journal_supported() {
  return false;
}

}  // namespace gander::collect
