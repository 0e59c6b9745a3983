#include "model/state_store.h"

namespace gander::model {

std::optional<std::string> MemoryStateStore::last_output(std::string_view host, RuleId rule) {
  const auto found = outputs_.find({std::string(host), rule});
  if (found == outputs_.end()) return std::nullopt;
  return found->second;
}

void MemoryStateStore::set_last_output(std::string_view host, RuleId rule, std::string_view text) {
  outputs_.insert_or_assign({std::string(host), rule}, std::string(text));
}

}  // namespace gander::model
