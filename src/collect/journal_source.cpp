#include "collect/journal_source.h"

#include <systemd/sd-journal.h>
#include <xxhash.h>

#include <cstring>
#include <system_error>
#include <utility>

namespace gander::collect {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kEntriesATurn = 256;
constexpr size_t kBytesATurn = size_t{256} * 1024;

struct CloseJournal {
  void operator()(sd_journal* j) const { sd_journal_close(j); }
};

class JournalSource final : public Source {
 public:
  JournalSource(std::string id, const config::Localfile& block, std::optional<std::string> place, Shared& shared)
      : id_(std::move(id)), wanted_(block.location), shared_(shared) {
    if (!place) return;
    PlaceReader r(*place);
    if (r.number() != kVersion) return;
    cursor_ = r.text();
    known_ = r.ended_well();
  }

  const std::string& id() const override { return id_; }
  void look(Outlet& out) override {
    if (!journal_) open(out);
  }
  bool turn(Outlet& out) override;
  std::optional<Steady> deadline() const override {
    // A journal that is not there yet wakes nobody; one that was opened may be without files.
    return shared_.now.steady + (journal_ ? Steady(std::chrono::seconds(10)) : Steady(shared_.options.loop_timeout));
  }
  SourceStatus status() const override;
  int descriptor() const override { return journal_ ? sd_journal_get_fd(journal_.get()) : -1; }
  void mark_backlog() override { fresh_from_ = shared_.now.wall; }

  std::string place_now() override {
    PlaceWriter w;
    w.number(kVersion);
    w.text(cursor_);
    return w.take();
  }

 private:
  bool ossec() const { return shared_.options.compat == model::Compat::Ossec43; }
  bool takes_all() const { return wanted_.starts_with("all") || wanted_.starts_with('/'); }
  void open(Outlet& out);
  void seek(Outlet& out);
  void add_filter();
  bool add_entry();
  std::string_view field(const char* name);
  std::string current_cursor();
  void send(Age age, Outlet& out);
  void trouble(int error, Outlet& out);

  std::string id_;
  std::string wanted_;
  Shared& shared_;
  std::unique_ptr<sd_journal, CloseJournal> journal_;
  std::string cursor_;  // of the last entry that was consumed
  bool known_ = false;
  bool pending_ = false;  // the journal stands on an entry that was not consumed
  base::Instant fresh_from_{};
  std::string trouble_;
  std::string text_;
  std::string host_;
  std::string identifier_;
  Counts counts_;
  Counts batch_;
};

void JournalSource::open(Outlet& out) {
  sd_journal* opened = nullptr;
  const std::string& folder = shared_.options.journal_directory;
  const int status = folder.empty() ? sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY)
                                    : sd_journal_open_directory(&opened, folder.c_str(), 0);
  if (status < 0) return trouble(-status, out);
  journal_.reset(opened);
  trouble_.clear();
  sd_journal_get_fd(opened);  // makes it watch from now on
  sd_journal_set_data_threshold(opened, shared_.options.longest_record + 64);
  add_filter();
  const bool first = !known_;
  seek(out);
  out.say(NoticeLevel::Info, log_line(1951, "INFO", "Analyzing journald log: '" + wanted_ + "'."));
  if (first) {
    known_ = true;
    shared_.scratch.records.clear();
    shared_.scratch.cuts.clear();
    send(Age::Fresh, out);
  }
}

// As OSSEC: `all…` and paths take everything; the rest is compared with the identifier.
void JournalSource::add_filter() {
  if (takes_all()) return;
  sd_journal_add_match(journal_.get(), ("SYSLOG_IDENTIFIER=" + wanted_).c_str(), 0);
  if (!ossec()) sd_journal_add_match(journal_.get(), ("_COMM=" + wanted_.substr(0, 15)).c_str(), 0);
}

void JournalSource::seek(Outlet& out) {
  sd_journal* const j = journal_.get();
  if (!known_) {
    if (sd_journal_seek_tail(j) >= 0 && sd_journal_previous(j) > 0) {
      cursor_ = current_cursor();
    } else {
      sd_journal_seek_head(j);
    }
    return;
  }
  fresh_from_ = shared_.now.wall;
  if (cursor_.empty()) {
    sd_journal_seek_head(j);
    return;
  }
  if (sd_journal_seek_cursor(j, cursor_.c_str()) < 0) {
    out.say(NoticeLevel::Warning,
            log_line(0, "WARN", "The kept position in the journal cannot be used; its oldest entry is next."));
    ++batch_.lost;
    sd_journal_seek_head(j);
    return;
  }
  if (sd_journal_next(j) <= 0) return;
  if (sd_journal_test_cursor(j, cursor_.c_str()) > 0) return;
  pending_ = true;
  ++batch_.lost;
  out.say(
      NoticeLevel::Warning,
      log_line(0, "WARN",
               "The journal does not hold the entry that was read last any more; going on at the oldest later one."));
}

bool JournalSource::turn(Outlet& out) {
  if (!journal_) return false;
  sd_journal_process(journal_.get());
  Scratch& s = shared_.scratch;
  s.records.clear();
  s.cuts.clear();
  Age age = Age::Fresh;
  size_t bytes = 0;
  size_t entries = 0;
  bool more = true;
  while (entries < kEntriesATurn && bytes < kBytesATurn) {
    if (!pending_) {
      const int status = sd_journal_next(journal_.get());
      if (status < 0) {
        trouble(-status, out);
        journal_.reset();
      }
      if (status <= 0) {
        more = false;
        break;
      }
    }
    pending_ = false;
    uint64_t time = 0;
    sd_journal_get_realtime_usec(journal_.get(), &time);
    const Age its = base::Instant(std::chrono::microseconds(time)) < fresh_from_ ? Age::Backlog : Age::Fresh;
    if (entries > 0 && its != age) {
      pending_ = true;
      break;
    }
    age = its;
    ++entries;
    cursor_ = current_cursor();
    add_entry();
    bytes = 0;
    for (const CutList::Cut& c : s.cuts.records) bytes += c.text.size();
  }
  if (entries > 0) send(age, out);
  return more;
}

bool JournalSource::add_entry() {
  ++batch_.lines;
  JournalEntry entry;
  uint64_t time = 0;
  sd_journal_get_realtime_usec(journal_.get(), &time);
  entry.time = base::Instant(std::chrono::microseconds(time));
  identifier_ = field("SYSLOG_IDENTIFIER");
  host_ = field("_HOSTNAME");
  if (!ossec()) {
    if (identifier_.empty()) identifier_ = field("_COMM");
    if (identifier_.empty()) identifier_ = "unknown";
    if (host_.empty()) host_ = shared_.options.hostname;
  }
  if (identifier_.empty() || host_.empty()) return false;
  if (!takes_all() && identifier_ != wanted_) return false;
  entry.identifier = identifier_;
  entry.host = host_;
  entry.message = field("MESSAGE");
  if (entry.message.empty()) return false;
  if (entry.message.size() > shared_.options.longest_record) {
    entry.message = entry.message.substr(0, shared_.options.longest_record);
    ++batch_.truncated;
  }
  batch_.bytes += entry.message.size();
  text_.clear();
  append_journal_text(text_, entry, shared_.options.zone, shared_.options.compat);
  // A cursor has no number of its own; its hash names the entry.
  shared_.scratch.cuts.add_copy(text_, XXH3_64bits(cursor_.data(), cursor_.size()) >> 1);
  return true;
}

// The journal's texts have no end of their own; the view lives until the next call.
std::string_view JournalSource::field(const char* name) {
  const void* data = nullptr;
  size_t size = 0;
  if (sd_journal_get_data(journal_.get(), name, &data, &size) < 0) return {};
  const std::string_view whole(static_cast<const char*>(data), size);
  const size_t equals = whole.find('=');
  return equals == std::string_view::npos ? std::string_view{} : whole.substr(equals + 1);
}

std::string JournalSource::current_cursor() {
  char* cursor = nullptr;
  if (sd_journal_get_cursor(journal_.get(), &cursor) < 0) return cursor_;
  std::string text(cursor);
  std::free(cursor);
  return text;
}

void JournalSource::send(Age age, Outlet& out) {
  Scratch& s = shared_.scratch;
  for (const CutList::Cut& cut : s.cuts.records) s.records.push_back({'1', "journald", cut.text, cut.at});
  batch_.records += s.records.size();
  const std::string bytes = place_now();
  Batch batch;
  batch.source = id_;
  batch.origin = "journal";
  batch.records = s.records;
  batch.place = bytes;
  batch.age = age;
  batch.counts = std::exchange(batch_, {});
  counts_ += batch.counts;
  out.send(batch);
}

void JournalSource::trouble(int error, Outlet& out) {
  const std::string words = std::generic_category().message(error);
  if (words == trouble_) return;
  trouble_ = words;
  out.say(NoticeLevel::Error, log_line(0, "ERROR", "Could not read the journal: " + words + "."));
}

SourceStatus JournalSource::status() const {
  SourceStatus s;
  s.source = id_;
  s.name = "journald " + wanted_;
  s.state = journal_ ? SourceState::Following : SourceState::Unreadable;
  s.trouble = trouble_;
  s.counts = counts_;
  return s;
}

}  // namespace

std::unique_ptr<Source> make_journal_source(std::string id, const config::Localfile& block,
                                            std::optional<std::string> place, Shared& shared) {
  return std::make_unique<JournalSource>(std::move(id), block, std::move(place), shared);
}

bool journal_supported() {
  return true;
}

}  // namespace gander::collect
