#include "live/file_events.h"

#include <utility>

#include "base/file.h"

namespace gander::live {
namespace {

constexpr const char* kDecoders[] = {"syscheck_integrity_changed", "syscheck_integrity_changed_2nd",
                                     "syscheck_integrity_changed_3rd", "syscheck_new_entry", "syscheck_deleted"};

integrity::SyscheckDecoder::Options options_for(const config::Config& config, const std::string& home,
                                                model::Compat compat, const base::TimeZone& zone) {
  integrity::SyscheckDecoder::Options options;
  options.compat = compat;
  options.folder = base::join(home, "queue/syscheck");
  options.logs = base::join(home, "logs");
  if (!config.global.md5_allowlist.empty()) options.allowlist = base::join(home, config.global.md5_allowlist);
  options.zone = zone;
  return options;
}

model::FileChange::Pair pair_of(const std::string& before, const std::string& after) {
  model::FileChange::Pair pair;
  if (!before.empty()) pair.before = before;
  if (!after.empty()) pair.after = after;
  return pair;
}

}  // namespace

FileEvents::FileEvents(const config::Config& config, const std::string& home, model::Compat compat,
                       const base::TimeZone& zone, store::Batch& batch, Log log)
    : decoder_(options_for(config, home, compat, zone), config.syscheck),
      home_(home),
      batch_(batch),
      log_(std::move(log)) {
  for (const char* const name : kDecoders) {
    model::DecoderInfo info;
    info.name = integrity::kShownDecoder;
    info.category = model::Category::Ossec;
    infos_.emplace_back(name, std::move(info));
  }
}

void FileEvents::reload(const decode::DecoderSet& decoders) {
  const auto identities = decoders.identities();
  for (auto& [name, info] : infos_) {
    const auto found = identities.find(name);
    info.identity = found == identities.end() ? 0 : found->second;
  }
}

const model::DecoderInfo& FileEvents::decoder_for(std::string_view name) const {
  for (const auto& [known, info] : infos_) {
    if (known == name) return info;
  }
  return infos_.front().second;
}

void FileEvents::keep_file(const integrity::FileEvent& made) {
  const integrity::FileDifference& d = made.difference;
  file_ = {};
  file_.path = made.path;
  file_.md5 = pair_of(d.md5_before, d.md5_after);
  file_.sha1 = pair_of(d.sha1_before, d.sha1_after);
  file_.sha256 = pair_of(d.sha256_before, d.sha256_after);
  file_.owner = pair_of(d.owner_before, d.owner_after);
  file_.group = pair_of(d.group_before, d.group_after);
  if (d.mode_before) file_.permissions.before = static_cast<int>(*d.mode_before);
  if (d.mode_after) file_.permissions.after = static_cast<int>(*d.mode_after);
}

bool FileEvents::make(std::string_view body, std::string_view who, model::Event& event) {
  const std::optional<integrity::FileEvent> made = decoder_.decode(event.location, body, event.time);
  for (const std::string& note : decoder_.take_notes()) log_(note);
  if (!made) return false;
  keep_file(*made);
  event.full_log = event.log = event.keep(made->text);
  event.encoding = event.log_encoding = text::Subject::of(event.full_log).encoding;
  event.decoder = &decoder_for(made->decoder);
  event.category = model::Category::Ossec;
  event.set(model::Field::Filename, event.keep(file_.path));
  event.file = &file_;
  actor_ = who.empty() ? std::nullopt : model::actor_from(who);
  event.actor = actor_ ? &*actor_ : nullptr;
  return true;
}

void FileEvents::flush() {
  std::vector<integrity::FileWrite> writes = decoder_.take_writes();
  const std::string below = home_ + "/";
  for (integrity::FileWrite& w : writes) {
    const std::string_view name = w.file;
    batch_.write_at(name.starts_with(below) ? name.substr(below.size()) : name, w.offset, std::move(w.bytes));
  }
  flushed_ = flushed_ || !writes.empty();
}

void FileEvents::kept() {
  if (std::exchange(flushed_, false)) decoder_.written();
}

}  // namespace gander::live
