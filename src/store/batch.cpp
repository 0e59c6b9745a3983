#include "store/batch.h"

#include <algorithm>
#include <utility>

#include "model/alert_record.h"
#include "store/spool.h"

namespace gander::store {
namespace {

// Strings above this are not kept for the next batch.
constexpr size_t kKeepBytes = size_t{4} * 1024 * 1024;
constexpr size_t kKeepStrings = 16;

}  // namespace

void Batch::set_day(const Day& day) {
  if (day == day_) return;
  day_ = day;
  open_.fill(-1);
}

std::string& Batch::log(LogKind kind) {
  std::ptrdiff_t& open = open_[static_cast<size_t>(kind)];
  if (open < 0) {
    open = static_cast<std::ptrdiff_t>(chunk(dated_name(kind, day_)));
    chunks_[static_cast<size_t>(open)].kind = static_cast<int>(kind);
  }
  return chunks_[static_cast<size_t>(open)].bytes;
}

std::string& Batch::open_record() {
  records_at_.push_back(spool_.size());
  spool_.append(kFrameHead, '\0');
  return spool_;
}

void Batch::identify_record(std::string_view source, std::string_view place, model::RuleId rule) {
  pending_ids_.push_back({records_at_.size() - 1, source.size(), place.size(), rule});
  id_texts_.append(source).append(place);
}

void Batch::finish_records(StableIdMaker& ids) {
  std::string_view texts = id_texts_;
  const auto next = [&](size_t size) {
    const std::string_view text = texts.substr(0, size);
    texts.remove_prefix(size);
    return text;
  };
  for (const PendingId& p : pending_ids_) {
    const std::string_view source = next(p.source_size);
    const std::string_view place = next(p.place_size);
    model::set_record_id(spool_, records_at_[p.record] + kFrameHead, ids.of(source, place, p.rule));
  }
  for (size_t i = 0; i < records_at_.size(); ++i) {
    finish_frame(spool_, records_at_[i], i + 1 < records_at_.size() ? records_at_[i + 1] : spool_.size());
  }
}

std::string& Batch::append_to(std::string_view path) {
  return chunks_[chunk(path)].bytes;
}

void Batch::replace(std::string_view path, std::string content) {
  Chunk& c = chunks_[chunk(path)];
  c.bytes = std::move(content);
  c.replace = true;
}

void Batch::write_at(std::string_view path, uint64_t offset, std::string bytes) {
  Chunk made;
  made.path = path;
  made.bytes = std::move(bytes);
  made.at = offset;
  chunks_.push_back(std::move(made));
}

size_t Batch::chunk(std::string_view path) {
  for (size_t i = chunks_.size(); i-- > 0;) {
    if (chunks_[i].path == path && !chunks_[i].at) return i;
  }
  Chunk made;
  made.path = path;
  if (!spare_.empty()) {
    made.bytes = std::move(spare_.back());
    spare_.pop_back();
  }
  chunks_.push_back(std::move(made));
  return chunks_.size() - 1;
}

void Batch::place(std::string_view source, std::string_view place) {
  std::erase(forgotten_, source);
  const auto known = places_.find(source);
  if (known != places_.end()) {
    known->second = place;
  } else {
    places_.emplace(source, place);
  }
}

void Batch::forget_source(std::string_view source) {
  const auto known = places_.find(source);
  if (known != places_.end()) places_.erase(known);
  forgotten_.emplace_back(source);
}

void Batch::count(std::string_view source, std::string_view name, uint64_t more) {
  auto of_source = counts_.find(source);
  if (of_source == counts_.end())
    of_source = counts_.emplace(std::string(source), decltype(counts_)::mapped_type()).first;
  const auto known = of_source->second.find(name);
  if (known != of_source->second.end()) {
    known->second += more;
  } else {
    of_source->second.emplace(name, more);
  }
}

void Batch::response(std::string request) {
  responses_.push_back(std::move(request));
}

bool Batch::empty() const {
  return chunks_.empty() && spool_.empty() && places_.empty() && forgotten_.empty() && counts_.empty() &&
         responses_.empty();
}

bool Batch::changes_state() const {
  return std::any_of(chunks_.begin(), chunks_.end(), [](const Chunk& c) { return c.kind < 0; });
}

size_t Batch::size() const {
  size_t total = spool_.size();
  for (const Chunk& c : chunks_) total += c.bytes.size();
  return total;
}

void Batch::clear() {
  open_.fill(-1);
  for (Chunk& c : chunks_) {
    if (c.bytes.capacity() > kKeepBytes || spare_.size() >= kKeepStrings) continue;
    c.bytes.clear();
    spare_.push_back(std::move(c.bytes));
  }
  chunks_.clear();
  if (spool_.capacity() > 2 * kKeepBytes) spool_ = {};
  spool_.clear();
  records_at_.clear();
  pending_ids_.clear();
  id_texts_.clear();
  places_.clear();
  forgotten_.clear();
  counts_.clear();
  responses_.clear();
}

}  // namespace gander::store
