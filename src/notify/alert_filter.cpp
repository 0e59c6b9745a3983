#include "notify/alert_filter.h"

#include <algorithm>
#include <utility>

namespace gander::notify {

AlertFilter::AlertFilter(std::optional<int> level, std::vector<int> rules, const std::string& group,
                         const std::string& location, model::Compat compat)
    : level_(level), rules_(std::move(rules)) {
  const auto on_invalid =
      compat == model::Compat::Ossec43 ? text::OnInvalidUtf8::NoMatch : text::OnInvalidUtf8::SearchBytes;
  const auto compile = [&](const std::string& pattern) {
    auto compiled = text::Pattern::compile(text::Dialect::OsMatch, pattern, on_invalid);
    Searched searched;
    if (compiled) searched.pattern.emplace(std::move(*compiled));
    return searched;
  };
  if (!group.empty()) group_.emplace(compile(group));
  if (!location.empty()) location_.emplace(compile(location));
  asks_ = level_ || !rules_.empty() || group_ || location_;
}

bool AlertFilter::matches(const std::optional<Searched>& searched, std::string_view text) {
  if (!searched) return true;
  return searched->pattern && searched->pattern->matches(text::Subject::of(text), context_);
}

bool AlertFilter::passes(const model::StoredAlert& alert) {
  if (level_ && alert.level < *level_) return false;
  if (!rules_.empty() && std::find(rules_.begin(), rules_.end(), alert.rule) == rules_.end()) return false;
  return matches(group_, alert.group ? std::string_view(*alert.group) : std::string_view()) &&
         matches(location_, alert.location);
}

}  // namespace gander::notify
