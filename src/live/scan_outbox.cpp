#include "live/scan_outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <utility>

#include "live/wire.h"

namespace gander::live {
namespace {

constexpr const char* kSources[] = {"integrity", "rootcheck"};

// "GENERATION NEXT"
uint64_t number_in(std::string_view text) {
  uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

ScanOutbox::ScanOutbox() : bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void ScanOutbox::ring() const {
  const uint64_t one = 1;
  static_cast<void>(::write(bell_.get(), &one, sizeof one));
}

void ScanOutbox::hush() const {
  uint64_t rung = 0;
  static_cast<void>(::read(bell_.get(), &rung, sizeof rung));
}

uint64_t ScanOutbox::put(const std::string& source, std::vector<ScanLine> lines) {
  uint64_t ticket = 0;
  {
    const base::MutexLock lock(mutex_);
    std::vector<ScanLine> some;
    size_t bytes = 0;
    for (ScanLine& line : lines) {
      bytes += line.text.size() + line.who.size();
      some.push_back(std::move(line));
      if (some.size() < kMostLines && bytes < kMostBytes) continue;
      put_parcel(source, std::exchange(some, {}));
      bytes = 0;
    }
    if (!some.empty()) put_parcel(source, std::move(some));
    ticket = last_number_;
  }
  ring();
  return ticket;
}

void ScanOutbox::put_parcel(const std::string& source, std::vector<ScanLine> lines) {
  Source& s = sources_[source];
  Parcel parcel{++last_number_, source, s.next, std::move(lines), false};
  s.next += parcel.lines.size();
  parcels_.push_back(std::move(parcel));
}

bool ScanOutbox::wait_kept(uint64_t ticket, const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds kLook{50};  // at `stop`
  const base::MutexLock lock(mutex_);
  while (kept_ < ticket) {
    if (stop) return false;
    kept_changed_.wait_for(mutex_, kLook);
  }
  return true;
}

void ScanOutbox::attach(const std::vector<collect::KeptPlace>& places, base::Instant now) {
  const base::MutexLock lock(mutex_);
  std::map<std::string, Source> known;
  for (const collect::KeptPlace& p : places) {
    const size_t blank = p.place.find(' ');
    if (blank == std::string::npos) continue;
    known[p.source] = {p.place.substr(0, blank), number_in(std::string_view(p.place).substr(blank + 1))};
  }
  for (const char* const name : kSources) {
    Source& mine = sources_[name];
    const auto found = known.find(name);
    if (!mine.generation.empty()) continue;
    if (found != known.end()) {
      mine = found->second;
    } else {
      mine.generation = std::to_string(now.time_since_epoch().count());
    }
  }
  while (!parcels_.empty()) {
    const Parcel& parcel = parcels_.front();
    const auto found = known.find(parcel.source);
    if (found == known.end() || found->second.generation != sources_[parcel.source].generation) break;
    if (parcel.first + parcel.lines.size() > found->second.next) break;
    kept_ = parcel.number;
    parcels_.pop_front();
  }
  for (Parcel& p : parcels_) p.sent = false;
  attached_ = true;
  kept_changed_.notify_all();
  ring();
}

void ScanOutbox::detach() {
  const base::MutexLock lock(mutex_);
  attached_ = false;
}

std::string ScanOutbox::encoded(const Parcel& parcel) {
  const Source& source = sources_[parcel.source];
  std::vector<collect::Record> records;
  collect::Batch batch;
  uint64_t at = parcel.first;
  for (const ScanLine& line : parcel.lines) {
    collect::Record r;
    r.queue = line.queue;
    r.location = line.queue == '8' ? "syscheck" : "rootcheck";
    r.text = line.text;
    r.who = line.who;
    r.at = at++;
    batch.counts.bytes += line.text.size();
    records.push_back(r);
  }
  const std::string place = source.generation + " " + std::to_string(at);
  batch.number = parcel.number;
  batch.source = parcel.source;
  batch.origin = source.generation;
  batch.records = records;
  batch.place = place;
  batch.counts.lines = batch.counts.records = records.size();
  return encode(batch);
}

void ScanOutbox::send_to(Link& link) {
  const base::MutexLock lock(mutex_);
  if (!attached_) return;
  for (Parcel& parcel : parcels_) {
    if (std::exchange(parcel.sent, true)) continue;
    link.send(Frame::Batch, encoded(parcel));
  }
}

void ScanOutbox::kept(uint64_t number) {
  const base::MutexLock lock(mutex_);
  kept_ = std::max(kept_, number);
  while (!parcels_.empty() && parcels_.front().number <= number) parcels_.pop_front();
  kept_changed_.notify_all();
}

uint64_t ScanOutbox::waiting() const {
  const base::MutexLock lock(mutex_);
  uint64_t lines = 0;
  for (const Parcel& p : parcels_) lines += p.lines.size();
  return lines;
}

}  // namespace gander::live
