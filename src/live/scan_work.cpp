#include "live/scan_work.h"

#include <utility>

#include "live/scan_loop.h"

namespace gander::live {

struct ScanWork::Shared {
  Shared(ScanSetup setup, ScanOutbox& out)
      : outbox(out), prefilter([&out] { out.ring(); }, stop), loop(std::move(setup), out, prefilter, stop) {}

  ScanOutbox& outbox;
  std::atomic<bool> stop{false};
  std::atomic<bool> ended{false};
  PrefilterDoor prefilter;
  ScanLoop loop;
};

ScanWork::ScanWork(ScanSetup setup, ScanOutbox& outbox)
    : shared_(std::make_unique<Shared>(std::move(setup), outbox)), thread_([s = shared_.get()] {
        s->loop.run();
        s->ended = true;
        s->outbox.ring();
      }) {}

ScanWork::~ScanWork() {
  ask_to_stop();
  thread_.join();
}

void ScanWork::ask_to_stop() {
  shared_->stop = true;
  shared_->loop.wake();
}

bool ScanWork::ended() const {
  return shared_->ended;
}

PrefilterDoor& ScanWork::prefilter() {
  return shared_->prefilter;
}

std::vector<ScanLog> ScanWork::take_log() {
  std::vector<ScanLog> log = shared_->loop.report().take_log();
  if (std::string note = shared_->prefilter.take_note(); !note.empty()) {
    log.push_back({Severity::Warning, std::move(note)});
  }
  return log;
}

ScanStatus ScanWork::status() const {
  return shared_->loop.report().status();
}

}  // namespace gander::live
