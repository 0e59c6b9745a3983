#include "rules/ignore_list.h"

namespace gander::rules {
namespace {

constexpr size_t kCompared = 254;  // bytes of a line, without its end, that 4.3 looks at

uint32_t items_to_check(const Rule& rule, model::Compat compat) {
  if (compat == model::Compat::Mended) return rule.check_if_ignored_items;
  return (rule.check_if_ignored_items & ~uint32_t{kIgnoreData}) | (rule.ignore_items & kIgnoreData);
}

}  // namespace

IgnoreList::IgnoreList(model::StateStore& store, StoreWrites writes, model::Compat compat)
    : store_(store), writes_(writes), compat_(compat) {
  for (const std::string& line : store_.ignore_lines()) {
    if (known_.size() < kMaxLines) known_.insert(compared(line));
  }
}

bool IgnoreList::allows(const Rule& rule, const model::Event& event) {
  if (rule.check_if_ignored_items) {
    build_line(event, items_to_check(rule, compat_));
    if (known_.contains(compared(line_))) return false;
  }
  if (rule.ignore_items && writes_ == StoreWrites::Yes) {
    build_line(event, rule.ignore_items);
    if (line_.size() > kMaxLine || known_.size() >= kMaxLines) return true;
    const bool added = known_.insert(compared(line_)).second;
    if (added || compat_ == model::Compat::Ossec43) store_.add_ignore(line_);
  }
  return true;
}

// "name id dstuser srcip dstip data system location". No item selects the system name: its place stays empty.
void IgnoreList::build_line(const model::Event& event, uint32_t items) {
  using model::Field;
  const auto item = [&](uint32_t wanted, std::string_view value) {
    line_ += ' ';
    if (items & wanted) line_ += value;
  };
  line_.clear();
  if ((items & kIgnoreName) && event.decoder) line_ = event.decoder->name;
  item(kIgnoreId, event.field(Field::Id));
  item(kIgnoreUser, event.field(Field::DstUser));
  item(kIgnoreSrcIp, event.field(Field::SrcIp));
  item(kIgnoreDstIp, event.field(Field::DstIp));
  item(kIgnoreData, event.field(Field::Data));
  item(0, {});
  item(kIgnoreLocation, event.location);
}

std::string IgnoreList::compared(const std::string& line) const {
  return compat_ == model::Compat::Ossec43 ? line.substr(0, kCompared) : line;
}

IgnoreTimers::IgnoreTimers(IgnoreBehaviour behaviour, size_t rules, model::Compat compat)
    : behaviour_(behaviour), compat_(compat), opened_(rules) {}

bool IgnoreTimers::allows(const Rule& rule, base::Instant time) {
  const int64_t ignore = rule.ignore_time.count();
  if (ignore == 0) return true;
  const int64_t now = base::unix_seconds(time);
  std::optional<int64_t>& opened = opened_[rule.index];
  if (!opened) {
    opened = now;
    return true;
  }
  const int64_t age = now - *opened;
  const bool stepped_back = compat_ == model::Compat::Mended && age <= -ignore;
  if (age < ignore && !stepped_back) return false;
  if (behaviour_ == IgnoreBehaviour::Daemon || stepped_back) {
    opened = now;
  } else {
    opened.reset();
  }
  return true;
}

void IgnoreTimers::take_over(const IgnoreTimers& before, const RuleMap& rules) {
  for (size_t i = 0; i < rules.size(); ++i) {
    if (const Rule* const now = rules.now(i)) opened_[now->index] = before.opened_[i];
  }
}

}  // namespace gander::rules
