#include "store/chain_verify.h"

#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "store/edit_finder.h"
#include "store/log_text.h"
#include "store/posix_file.h"

namespace gander::store {
namespace {

std::string_view view(const Mac& mac) {
  return {reinterpret_cast<const char*>(mac.data()), mac.size()};
}

// Reads the records of a chain file, one by one. The file may grow meanwhile.
class ChainFile {
 public:
  static Result<ChainFile> open(const std::string& path) {
    Result<PosixFile> file = PosixFile::open_read(path);
    if (!file) return tl::unexpected(file.error());
    ChainFile chain;
    chain.file_ = std::move(*file);
    return chain;
  }

  // The next whole record, valid until the next call.
  std::optional<ChainRecord> next() {
    if (at_ == 0) {
      fill();
      if (!std::string_view(buffer_).starts_with(kChainMagic)) return std::nullopt;
      used_ = kChainMagic.size();
      at_ = used_;
    }
    std::optional<ChainRecord> record = first_chain_record(std::string_view(buffer_).substr(used_));
    if (!record) {
      fill();
      record = first_chain_record(std::string_view(buffer_).substr(used_));
    }
    if (!record) return std::nullopt;
    used_ += record->size;
    at_ += record->size;
    return record;
  }
  // Bytes of the records given so far.
  uint64_t position() const { return at_; }
  bool at_end() {
    fill();
    return used_ == buffer_.size();
  }

 private:
  void fill() {
    buffer_.erase(0, used_);
    used_ = 0;
    std::string more;
    if (file_.read_at(at_ + buffer_.size(), kRead, more)) buffer_ += more;
  }

  static constexpr size_t kRead = size_t{256} * 1024;
  PosixFile file_;
  std::string buffer_;
  size_t used_ = 0;
  uint64_t at_ = 0;
};

class Verifier {
 public:
  Verifier(const ChainKey& key, const VerifyOptions& options) : key_(key), options_(options) {}

  VerifyReport run() {
    for (const LogKind kind : {LogKind::Alerts, LogKind::AlertsJson}) all_days(kind);
    return std::move(report_);
  }

 private:
  void all_days(LogKind kind);
  void day(const std::string& path, const Mac* next_link);
  void skip(const std::string& path, ChainFile& chain, const Mac* next_link);
  void check_link(const ChainRecord& link, const std::string& path);
  void records(const std::string& path, ChainFile& chain, LogText& text, const Mac* next_link);
  void piece(const std::string& path, const ChainFile& chain, const ChainRecord& record, LogText& text);
  void behind_the_end(const std::string& path, ChainFile& chain, LogText& text, uint64_t size);
  bool is_written() const;
  void check_head(LogKind kind);
  void add(const std::string& file, std::optional<uint64_t> at, std::string text);
  void name_place(Finding& finding);
  std::optional<ChainRecord> link_of(const std::string& path);
  std::string full(const std::string& path) const { return base::join(options_.home, path); }
  bool is_there(const std::string& path) const { return base::exists(full(path)) || base::exists(full(path) + ".gz"); }

  const ChainKey& key_;
  const VerifyOptions& options_;
  VerifyReport report_;
  size_t in_file_ = 0;  // findings of the file that is looked at

  std::string before_path_;        // the file looked at last that has a chain
  Mac before_mac_{};               // its last record's
  bool before_link_seen_ = false;  // the next file's link was met in it
  Mac mac_{};                      // of the record looked at last
  uint64_t end_ = 0;               // of the log, as far as records say
  uint64_t chain_size_ = 0;        // of the file looked at last
  bool cut_ = false;
  std::string link_before_;  // text of the record's name, kept
};

void Verifier::add(const std::string& file, std::optional<uint64_t> at, std::string text) {
  if (++in_file_ > VerifyOptions::kMostFindings) {
    ++report_.more_findings;
    return;
  }
  Finding finding;
  finding.file = file;
  finding.at = at;
  finding.text = std::move(text);
  if (at && in_file_ <= 3) name_place(finding);
  report_.findings.push_back(std::move(finding));
}

// The line and the alert around a byte, read again from the start: it is done for the first findings only.
void Verifier::name_place(Finding& finding) {
  Result<LogText> text = LogText::open(full(finding.file));
  if (!text) return;
  constexpr size_t kRead = size_t{1} << 20;
  constexpr std::string_view kMark = "** Alert ";
  std::string block;
  std::string line;
  finding.line = 1;
  for (uint64_t offset = 0; offset <= *finding.at; offset += block.size()) {
    const size_t size = static_cast<size_t>(std::min<uint64_t>(kRead, *finding.at + 64 - offset));
    if (!text->read(offset, size, block) || block.empty()) return;
    for (size_t i = 0; i < block.size(); ++i) {
      if (offset + i <= *finding.at && block[i] == '\n' && offset + i < *finding.at) ++finding.line;
      if (line.size() < 64 && block[i] != '\n') line.push_back(block[i]);
      if (block[i] != '\n') continue;
      if (line.starts_with(kMark)) finding.alert = line.substr(kMark.size(), line.find(':') - kMark.size());
      line.clear();
      if (offset + i >= *finding.at) return;
    }
  }
}

std::optional<ChainRecord> Verifier::link_of(const std::string& path) {
  Result<ChainFile> chain = ChainFile::open(full(chain_name(path)));
  if (!chain) return std::nullopt;
  std::optional<ChainRecord> record = chain->next();
  if (!record || record->kind != ChainRecord::Kind::Link) return std::nullopt;
  link_before_ = record->before;
  record->before = link_before_;
  record->marks = record->signed_text = {};
  return record;
}

void Verifier::all_days(LogKind kind) {
  std::vector<Day> days = days_of(options_.home, kind);
  // Days of which only the chain is left.
  for (const Day& day : chained_days_of(options_.home, kind)) days.push_back(day);
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  if (options_.since) std::erase_if(days, [&](const Day& day) { return day < *options_.since; });
  before_path_.clear();
  for (size_t i = 0; i < days.size(); ++i) {
    const std::optional<ChainRecord> next = i + 1 < days.size() ? link_of(dated_name(kind, days[i + 1])) : std::nullopt;
    day(dated_name(kind, days[i]), next ? &next->before_mac : nullptr);
  }
  check_head(kind);
}

void Verifier::day(const std::string& path, const Mac* next_link) {
  in_file_ = 0;
  ++report_.files;
  Result<ChainFile> chain = ChainFile::open(full(chain_name(path)));
  if (!chain) {
    Result<LogText> text = LogText::open(full(path));
    const Result<uint64_t> size = text ? text->size() : Result<uint64_t>(0);
    if (size && *size == 0) return;
    if (before_path_.empty()) {
      report_.notes.push_back("'" + path + "' has no chain: it is from before the chain was begun");
    } else {
      add(path, std::nullopt, "its chain '" + chain_name(path) + "' is not there");
    }
    return;
  }
  Result<LogText> text = LogText::open(full(path));
  if (!text) {
    add(path, std::nullopt, "the file was removed, its chain is still there");
    return skip(path, *chain, next_link);
  }
  // Before the chain is read: what is there now has its record in a moment.
  const Result<uint64_t> size = text->compressed() ? Result<uint64_t>(0) : text->size();
  records(path, *chain, *text, next_link);
  chain_size_ = chain->position();
  behind_the_end(path, *chain, *text, size ? *size : 0);
  before_path_ = path;
  before_mac_ = mac_;
}

// A file that is gone: where its chain ends, for the one that follows.
void Verifier::skip(const std::string& path, ChainFile& chain, const Mac* next_link) {
  before_link_seen_ = false;
  while (const std::optional<ChainRecord> record = chain.next()) {
    mac_ = record->mac;
    before_link_seen_ = before_link_seen_ || (next_link != nullptr && mac_ == *next_link);
  }
  chain_size_ = chain.position();
  before_path_ = path;
  before_mac_ = mac_;
}

void Verifier::check_link(const ChainRecord& link, const std::string& path) {
  const std::string before(link.before);
  if (before.empty() && before_path_.empty()) return;
  if (before == before_path_) {
    if (link.before_mac == before_mac_ || before_link_seen_) return;
    return add(before, std::nullopt, "its end was cut off: '" + path + "' follows a record that is not in its chain");
  }
  if (before.empty()) {
    return add(path, std::nullopt, "its chain begins anew, though '" + before_path_ + "' comes before it");
  }
  if (!is_there(before)) {
    // Days before --since are not looked at.
    if (before_path_.empty() && options_.since) return;
    return add(before, std::nullopt, "the file was removed: '" + path + "' follows it");
  }
  if (before_path_.empty()) return;
  add(path, std::nullopt, "it follows '" + before + "', not '" + before_path_ + "'");
}

void Verifier::records(const std::string& path, ChainFile& chain, LogText& text, const Mac* next_link) {
  end_ = 0;
  cut_ = false;
  mac_ = {};
  bool first = true;
  bool seen = false;
  for (std::optional<ChainRecord> record = chain.next(); record; record = chain.next()) {
    ++report_.records;
    if (record->kind == ChainRecord::Kind::Link) {
      if (!first) add(chain_name(path), chain.position() - record->size, "a second beginning of the chain was put in");
      // The chain of a file begins with what it follows.
      if (key_.mac({view(Mac{}), record->signed_text, path}) == record->mac || !first) {
        if (first) check_link(*record, path);
      } else {
        add(path, std::nullopt, "its chain was made for another file or edited at its start");
      }
    } else {
      piece(path, chain, *record, text);
    }
    first = false;
    mac_ = record->mac;
    seen = seen || (next_link != nullptr && mac_ == *next_link);
  }
  before_link_seen_ = seen;
  if (first) add(chain_name(path), 0, "it is no chain");
  if (!first && !chain.at_end()) add(chain_name(path), chain.position(), "the chain is cut or edited here");
}

void Verifier::piece(const std::string& path, const ChainFile& chain, const ChainRecord& record, LogText& text) {
  std::string bytes;
  const Result<void> read = text.read(record.offset, static_cast<size_t>(record.length), bytes);
  if (!read) return add(path, record.offset, read.error().message);
  if (record.offset > end_) {
    add(path, end_, std::to_string(record.offset - end_) + " bytes were put in here by another program");
  } else if (record.offset < end_) {
    add(path, record.offset, "the file had been shortened to here when Gander went on writing");
  }
  end_ = record.offset + record.length;
  report_.bytes += bytes.size();
  const bool whole = bytes.size() == record.length;
  if (whole && key_.mac({view(mac_), record.signed_text, bytes}) == record.mac) return;
  if (cut_ && bytes.empty()) return;
  const Edit edit = find_edit(key_, mac_, record, bytes);
  if (edit.found) {
    const uint64_t at = record.offset + edit.first;
    add(path, at,
        edit.first == edit.last ? "this byte was edited"
                                : "edited: the first changed byte is one of " + std::to_string(at) + " to " +
                                      std::to_string(record.offset + edit.last));
  } else if (!whole && !cut_) {
    add(path, record.offset + bytes.size(),
        text.damaged() ? "the compressed file is damaged from here on" : "the end of the file was cut off here");
  } else if (whole) {
    add(chain_name(path), chain.position() - record.size,
        "this record of the chain was edited, or one before it was taken out");
  }
  cut_ = cut_ || !whole;
}

// Bytes that no record vouches for. Gander writes a batch first and its record behind it, so a home that is being
// written is looked at again for a while.
void Verifier::behind_the_end(const std::string& path, ChainFile& chain, LogText& text, uint64_t size) {
  if (cut_) return;
  for (int tries = 0; tries < 100 && end_ < size && is_written(); ++tries) {
    ::usleep(20'000);
    for (std::optional<ChainRecord> record = chain.next(); record; record = chain.next()) {
      piece(path, chain, *record, text);
      mac_ = record->mac;
    }
    chain_size_ = chain.position();
  }
  std::string more;
  const bool surplus = text.compressed() ? text.read(end_, 1, more) && !more.empty() : end_ < size;
  if (surplus) add(path, end_, "what follows was put in by another program");
}

// Somebody holds the lock of the journal.
bool Verifier::is_written() const {
  const Result<PosixFile> lock = PosixFile::open_read(full("queue/alerts/lock"));
  return lock && ::flock(lock->descriptor(), LOCK_SH | LOCK_NB) != 0;
}

void Verifier::check_head(LogKind kind) {
  for (const auto& [of, head] : options_.heads) {
    if (of != kind || head.path.empty()) continue;
    in_file_ = 0;
    if (before_path_ == head.path) {
      if (chain_size_ >= head.chain_size) continue;
      add(head.path, std::nullopt,
          "its end was cut off together with its chain: the chain had " + std::to_string(head.chain_size) +
              " bytes and has " + std::to_string(chain_size_));
    } else if (!base::exists(full(chain_name(head.path)))) {
      add(head.path, std::nullopt, "the file that was written last was removed with its chain");
    }
  }
}

}  // namespace

VerifyReport verify_alerts(const ChainKey& key, const VerifyOptions& options) {
  return Verifier(key, options).run();
}

}  // namespace gander::store
