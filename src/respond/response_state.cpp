#include "respond/response_state.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/file.h"
#include "respond/record_text.h"

namespace gander::respond {
namespace {

constexpr std::string_view kHeader = "gander-responses 1\n";
constexpr std::array<std::string_view, 4> kPhases = {"asked", "started", "failed", "undoing"};

std::string text(int64_t number) {
  return std::to_string(number);
}

std::string text(base::Instant t) {
  return text(t.time_since_epoch().count());
}

std::string sealed(const std::string& line) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = line + "\t";
  const uint64_t hash = XXH64(line.data(), line.size(), 0);
  for (int shift = 60; shift >= 0; shift -= 4) out += kHex[hash >> shift & 15];
  return out + "\n";
}

// The line without its check, if that holds.
std::optional<std::string_view> unsealed(std::string_view line) {
  const size_t tab = line.rfind('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  const std::string again = sealed(std::string(line.substr(0, tab)));
  if (std::string_view(again).substr(0, again.size() - 1) != line) return std::nullopt;
  return line.substr(0, tab);
}

std::vector<std::string> fields_of(const StateEntry& e) {
  return {"+",
          e.key,
          std::string(kPhases[static_cast<size_t>(e.phase)]),
          e.response,
          e.executable,
          e.stable_id,
          join_words(e.words),
          text(e.timeout.count()),
          text(e.offences),
          text(e.tries),
          text(e.added),
          text(e.due),
          text(e.up_due.count()),
          e.boot};
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Leaves the newer half.
template <class Map, class TimeOf>
void halve(Map& map, TimeOf time_of) {
  std::vector<base::Instant> times;
  for (const auto& [key, value] : map) times.push_back(time_of(value));
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const base::Instant limit = *middle;
  std::erase_if(map, [&](const auto& item) { return time_of(item.second) < limit; });
  // All of one time: order does not matter then.
  while (map.size() > times.size() / 2 + 1) map.erase(map.begin());
}

}  // namespace

ResponseState::~ResponseState() {
  if (file_ >= 0) ::close(file_);
  if (lock_ >= 0) ::close(lock_);
}

Result<void> ResponseState::lock() {
  const std::string path = folder_ + "/lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock_ < 0) return fail("V003", "cannot open '" + path + "': " + std::strerror(errno), {path});
  if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return {};
  return fail("V002", "another responder works on '" + folder_ + "'", {folder_});
}

Result<void> ResponseState::open(base::Instant now, std::vector<std::string>& notes) {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) return fail("V003", "cannot make '" + folder_ + "': " + failed.message(), {folder_});
  ::chmod(folder_.c_str(), 0700);
  if (const Result<void> locked = lock(); !locked) return locked;
  const std::string path = folder_ + "/state";
  if (base::exists(path)) {
    const Result<std::string> bytes = base::read_file(path);
    if (!bytes) return fail("V003", bytes.error().message, {path});
    const bool ours = bytes->starts_with(kHeader);
    if (!ours && !bytes->empty()) {
      const std::string aside = path + ".damaged-" + text(base::unix_seconds(now));
      if (::rename(path.c_str(), aside.c_str()) != 0)
        return fail("V003", "cannot set '" + path + "' aside: " + std::strerror(errno), {path});
      notes.push_back("gander: WARN: '" + path + "' is damaged and was set aside as '" + aside +
                      "'; blocks that it held are not undone.");
    } else if (ours && !load(std::string_view(*bytes).substr(kHeader.size()))) {
      notes.push_back("gander: WARN: '" + path + "' had damaged lines; they were left out.");
    }
  }
  forget_old(now);
  if (!rewrite()) return fail("V003", failure_, {path});
  return {};
}

// False: lines were damaged. A last line without its end was torn by a crash and is no damage.
bool ResponseState::load(std::string_view text) {
  bool sound = true;
  for (;;) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return sound;
    const auto line = unsealed(text.substr(0, end));
    const auto fields = line ? split_record(*line) : std::nullopt;
    sound = fields && apply(*fields) && sound;
    text.remove_prefix(end + 1);
  }
}

bool ResponseState::apply(const std::vector<std::string>& f) {
  if (f[0] == "+") return apply_entry(f);
  if (f[0] == "-" && f.size() == 2) {
    entries_.erase(f[1]);
    return true;
  }
  if (f[0] == "seen" && f.size() == 3) {
    const auto at = number_in(f[2]);
    if (at) seen_[f[1]] = base::Instant(std::chrono::microseconds(*at));
    return at.has_value();
  }
  if (f[0] == "offences" && f.size() == 4) {
    const auto count = number_in(f[2]);
    const auto at = number_in(f[3]);
    if (!count || !at) return false;
    offenders_[f[1]] = {static_cast<int>(std::clamp<int64_t>(*count, 0, 1'000'000)),
                        base::Instant(std::chrono::microseconds(*at))};
    return true;
  }
  return false;
}

bool ResponseState::apply_entry(const std::vector<std::string>& f) {
  if (f.size() != 14) return false;
  const auto phase = std::find(kPhases.begin(), kPhases.end(), f[2]);
  const auto words = split_words(f[6]);
  std::array<int64_t, 6> numbers{};
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto number = number_in(f[7 + i]);
    if (!number) return false;
    numbers[i] = *number;
  }
  if (phase == kPhases.end() || !words || numbers[0] < 0 || numbers[0] > INT32_MAX) return false;
  StateEntry e;
  e.key = f[1];
  e.phase = static_cast<Phase>(phase - kPhases.begin());
  e.response = f[3];
  e.executable = f[4];
  e.stable_id = f[5];
  e.words = *words;
  e.timeout = std::chrono::seconds(numbers[0]);
  e.offences = static_cast<int>(std::clamp<int64_t>(numbers[1], 0, 1'000'000));
  e.tries = static_cast<int>(std::clamp<int64_t>(numbers[2], 0, 1000));
  e.added = base::Instant(std::chrono::microseconds(numbers[3]));
  e.due = base::Instant(std::chrono::microseconds(numbers[4]));
  e.up_due = std::chrono::microseconds(numbers[5]);
  e.boot = f[13];
  entries_[e.key] = std::move(e);
  return true;
}

const StateEntry* ResponseState::find(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void ResponseState::put(StateEntry entry) {
  const std::vector<std::string> fields = fields_of(entry);
  std::string key = entry.key;
  entries_[std::move(key)] = std::move(entry);
  append(fields);
}

void ResponseState::erase(std::string_view key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  const std::vector<std::string> fields = {"-", found->first};
  entries_.erase(found);
  append(fields);
}

void ResponseState::note_seen(std::string_view id, base::Instant now) {
  if (seen_.size() >= most_) halve(seen_, [](base::Instant t) { return t; });
  seen_[std::string(id)] = now;
  append({"seen", std::string(id), text(now)});
}

int ResponseState::offences(std::string_view key) const {
  const auto found = offenders_.find(key);
  return found == offenders_.end() ? 0 : found->second.count;
}

void ResponseState::set_offences(std::string_view key, int count, base::Instant now) {
  if (offenders_.size() >= most_) halve(offenders_, [](const Counted& c) { return c.last; });
  offenders_[std::string(key)] = {count, now};
  append({"offences", std::string(key), text(count), text(now)});
}

void ResponseState::forget_old(base::Instant now) {
  // A clock that went backwards must not keep things for ever: what lies ahead counts as now.
  for (auto& [id, at] : seen_) at = std::min(at, now);
  for (auto& [key, counted] : offenders_) counted.last = std::min(counted.last, now);
  std::erase_if(seen_, [&](const auto& item) { return item.second < now - kSeenFor; });
  std::erase_if(offenders_, [&](const auto& item) { return item.second.last < now - kOffendersFor; });
}

void ResponseState::append(const std::vector<std::string>& fields) {
  constexpr size_t kHistory = 4096;
  if (file_ < 0 || failing()) return;
  ++lines_;
  if (lines_ > kHistory + 2 * (entries_.size() + seen_.size() + offenders_.size())) {
    rewrite();
    return;
  }
  if (!write_all(file_, sealed(join_record(fields)))) {
    failure_ = "cannot write '" + folder_ + "/state': " + std::strerror(errno);
  }
}

void ResponseState::sync() {
  if (file_ < 0 || failing() || ::fdatasync(file_) == 0) return;
  failure_ = "cannot sync '" + folder_ + "/state': " + std::strerror(errno);
}

void ResponseState::repair() {
  if (failing()) rewrite();
}

std::string ResponseState::whole() const {
  std::string out(kHeader);
  for (const auto& [key, entry] : entries_) out += sealed(join_record(fields_of(entry)));
  for (const auto& [id, at] : seen_) out += sealed(join_record({"seen", id, text(at)}));
  for (const auto& [key, c] : offenders_) out += sealed(join_record({"offences", key, text(c.count), text(c.last)}));
  return out;
}

bool ResponseState::rewrite() {
  const std::string path = folder_ + "/state";
  const std::string fresh = path + ".new";
  const auto failed = [&](const char* what) {
    failure_ = std::string("cannot ") + what + " '" + fresh + "': " + std::strerror(errno);
    return false;
  };
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return failed("create");
  if (!write_all(fd, whole()) || ::fsync(fd) != 0 || ::rename(fresh.c_str(), path.c_str()) != 0) {
    failed("write");
    ::close(fd);
    return false;
  }
  if (const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  if (file_ >= 0) ::close(file_);
  file_ = fd;
  lines_ = entries_.size() + seen_.size() + offenders_.size();
  failure_.clear();
  return true;
}

}  // namespace gander::respond
