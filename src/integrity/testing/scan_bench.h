// ScanBench: a home, a plan and a scanner for tests; what is told is kept.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "integrity/change_text.h"
#include "integrity/scan_messages.h"
#include "integrity/scanner.h"
#include "integrity/testing/temp_folder.h"

namespace gander::integrity {

inline base::Instant wall_clock() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

class KeepingSink final : public ChangeSink {
 public:
  Result<void> deliver(std::span<const Change> changes) override {
    if (refuse) return fail("I002", "the test refuses");
    told.insert(told.end(), changes.begin(), changes.end());
    return {};
  }
  std::vector<Change> told;
  bool refuse = false;
};

class ScanBench {
 public:
  // `syscheck`: what stands in <syscheck>; @DIR@ is the watched folder.
  explicit ScanBench(std::string syscheck, model::Compat compat = model::Compat::Mended) : compat_(compat) {
    std::filesystem::create_directories(dir());
    std::filesystem::create_directories(queue());
    set_config(std::move(syscheck));
    open();
  }

  std::string dir() const { return temp_ / "dir"; }
  std::string queue() const { return temp_ / "queue"; }
  std::string file(const std::string& name) const { return dir() + "/" + name; }

  void set_config(std::string syscheck) {
    for (size_t at = syscheck.find("@DIR@"); at != std::string::npos; at = syscheck.find("@DIR@")) {
      syscheck.replace(at, 5, dir());
    }
    Diagnostics findings;
    const std::string text = "<ossec_config><syscheck>" + syscheck + "</syscheck></ossec_config>";
    settings_ = config::parse_config(text, "ossec.conf", {compat_, config::Scope::Everything}, findings).syscheck;
    plan_ = std::make_unique<WatchPlan>(WatchPlan::make(settings_, compat_, findings_));
  }
  void open() {
    baseline_.reset();
    notes_.clear();
    Result<Baseline> opened = Baseline::open_fresh(queue(), notes_);
    if (opened) baseline_ = std::make_unique<Baseline>(std::move(*opened));
  }
  void close() { baseline_.reset(); }

  ScanOptions options() {
    ScanOptions o;
    o.now = wall_clock;
    o.contents = &contents();
    return o;
  }
  ContentStore& contents() {
    if (!contents_) contents_ = std::make_unique<ContentStore>(queue() + "/diff/local", compat_);
    return *contents_;
  }
  // A scan, and what it told.
  std::vector<Change> scan(ScanOptions o) {
    sink.told.clear();
    Scanner scanner(*plan_, *baseline_, pool_, sink, std::move(o));
    Result<ScanSummary> done = scanner.scan();
    error = done ? "" : done.error().message;
    if (done) summary = std::move(*done);
    return sink.told;
  }
  std::vector<Change> scan() { return scan(options()); }
  std::vector<Change> check(std::vector<Scanner::Dirty> dirty) {
    sink.told.clear();
    Scanner scanner(*plan_, *baseline_, pool_, sink, options());
    Result<ScanSummary> done = scanner.check(dirty);
    error = done ? "" : done.error().message;
    if (done) summary = std::move(*done);
    return sink.told;
  }

  WatchPlan& plan() { return *plan_; }
  Baseline& baseline() { return *baseline_; }
  WorkPool& pool() { return pool_; }
  const std::vector<std::string>& notes() const { return notes_; }
  model::Compat compat() const { return compat_; }

  KeepingSink sink;
  ScanSummary summary;
  std::string error;

 private:
  TempFolder temp_;
  model::Compat compat_;
  config::Syscheck settings_;
  Diagnostics findings_;
  std::unique_ptr<WatchPlan> plan_;
  std::unique_ptr<Baseline> baseline_;
  std::unique_ptr<ContentStore> contents_;
  InlinePool pool_;
  std::vector<std::string> notes_;
};

// "changed /a", one a change, sorted; `root` is cut off.
inline std::vector<std::string> names_of(const std::vector<Change>& changes, const std::string& root) {
  std::vector<std::string> out;
  for (const Change& change : changes) {
    const char* kind = change.kind == ChangeKind::Deleted      ? "deleted "
                       : change.kind == ChangeKind::New        ? "new "
                       : change.kind == ChangeKind::Baseline   ? "baseline "
                       : change.kind == ChangeKind::Attributes ? "attributes "
                                                               : "changed ";
    out.push_back(kind + change.path.substr(root.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace gander::integrity
