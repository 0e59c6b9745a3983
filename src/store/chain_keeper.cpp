#include "store/chain_keeper.h"

#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "store/posix_file.h"

namespace gander::store {
namespace {

std::string value_key(LogKind kind) {
  return kind == LogKind::Alerts ? "chain:alerts" : "chain:alerts-json";
}

}  // namespace

Result<void> ChainKeeper::load(StateDb& db) {
  for (const LogKind kind : {LogKind::Alerts, LogKind::AlertsJson}) {
    const Result<std::optional<std::string>> text = db.value(value_key(kind));
    if (!text) return tl::unexpected(text.error());
    std::optional<ChainHead> head = *text ? ChainHead::from_text(**text) : std::nullopt;
    if (!head) {
      // A new state: the last file that is there has the end.
      const std::vector<Day> days = days_of(home_, kind);
      if (days.empty()) continue;
      const Result<std::optional<ChainHead>> end = read_end(dated_name(kind, days.back()));
      if (!end) return tl::unexpected(end.error());
      head = *end;
    }
    if (head) heads_[kind] = *head;
  }
  next_ = heads_;
  return {};
}

// Where the chain of `path` goes on. A chain that is not whole (a power cut, or somebody's hand) is copied aside and
// cut behind its last whole record. Nothing: there is no chain yet.
Result<std::optional<ChainHead>> ChainKeeper::read_end(const std::string& path) {
  const std::string name = base::join(home_, chain_name(path));
  if (!base::exists(name)) return std::nullopt;
  const Result<std::string> chain = base::read_file(name);
  if (!chain) return tl::unexpected(Error{"A204", chain.error().message, {name}});
  std::optional<ChainHead> end = end_of_chain(path, *chain);
  if (end || chain->empty()) return end;
  const std::string aside = name + ".damaged-" + aside_;
  const Result<void> kept = base::write_file_atomically(aside, *chain);
  if (!kept) return tl::unexpected(Error{"A201", kept.error().message, {aside}});
  std::string whole;
  std::string_view rest = *chain;
  if (rest.starts_with(kChainMagic)) {
    rest.remove_prefix(kChainMagic.size());
    whole = kChainMagic;
    while (const std::optional<ChainRecord> record = first_chain_record(rest)) {
      whole.append(rest.substr(0, record->size));
      rest.remove_prefix(record->size);
    }
  }
  notes_.push_back("'" + name + "' is not whole; it is kept as '" + aside + "' and goes on behind byte " +
                   std::to_string(whole.size()));
  const Result<void> written = base::write_file_atomically(name, whole);
  if (!written) return tl::unexpected(Error{"A201", written.error().message, {name}});
  return end_of_chain(path, whole);
}

Result<std::optional<ChainHead>> ChainKeeper::resume(const std::string& path, const ChainHead* known) {
  const std::string name = base::join(home_, chain_name(path));
  std::error_code error;
  const auto size = std::filesystem::file_size(name, error);
  if (known != nullptr && known->path == path && !error && size == known->chain_size) return *known;
  if (known != nullptr && known->path == path) {
    notes_.push_back("'" + name + "' was changed by another program; `gander alerts verify` will say where");
  }
  return read_end(path);
}

Result<void> ChainKeeper::add(LogKind kind, const std::string& path, uint64_t offset, std::string_view bytes,
                              std::string& out) {
  const auto known = next_.find(kind);
  const ChainHead* const last = known == next_.end() ? nullptr : &known->second;
  // Records of this batch are not in the file yet, so only a first look says where the file stands.
  if (last == nullptr || last->path != path || out.empty()) {
    const Result<std::optional<ChainHead>> resumed = resume(path, last);
    if (!resumed) return tl::unexpected(resumed.error());
    ChainHead head;
    if (*resumed) {
      head = **resumed;
    } else {
      begin_chain(key_, head, path, last, out);
    }
    next_[kind] = head;
  }
  append_chain(key_, next_[kind], offset, bytes, out);
  return {};
}

void ChainKeeper::values(std::vector<std::pair<std::string, std::string>>& out) const {
  for (const auto& [kind, head] : next_) out.emplace_back(value_key(kind), head.text());
}

}  // namespace gander::store
