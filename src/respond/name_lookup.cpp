#include "respond/name_lookup.h"

#include <algorithm>

#include "respond/words.h"

namespace gander::respond {

std::vector<text::Address> addresses_in(std::string_view output) {
  std::vector<text::Address> out;
  while (!output.empty()) {
    const size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    const auto found = source_address(line.substr(0, line.find_first_of(" \t")));
    if (found && std::find(out.begin(), out.end(), found->address) == out.end()) out.push_back(found->address);
    output.remove_prefix(std::min(end + 1, output.size()));
  }
  return out;
}

void NameLookup::poll(ScriptRunner::Up now) {
  if (program_.empty() || list_.names().empty() || busy()) return;
  if (rounds_ > 0 && now < due_) return;
  asking_ = 0;
  ask(now);
}

// Asks for the name at *asking_, or for the next one that can be asked for; ends the round behind the last.
void NameLookup::ask(ScriptRunner::Up now) {
  for (; *asking_ < list_.names().size(); ++*asking_) {
    const std::string& name = list_.names()[*asking_];
    asked_ = name;
    // A name that looks like an option, or is no name at all, is not given to a program.
    const bool sound = is_source_text(name) && !name.empty() && name.size() < kMostName && name.front() != '-';
    if (sound && !runner_.start(kIds + *asking_, {program_, "ahosts", name}, "/", Output::Keep, now, kPatience)) return;
    failed(name);
  }
  asking_.reset();
  ++rounds_;
  due_ = now + kEvery;
}

void NameLookup::restart() {
  rounds_ = 0;
  told_.clear();
  resolved_.clear();
}

void NameLookup::take(const ScriptEnd& end, ScriptRunner::Up now) {
  if (!asking_) return;
  if (*asking_ >= list_.names().size() || list_.names()[*asking_] != asked_) {
    asking_.reset();  // poll() begins again
    rounds_ = 0;
    return;
  }
  const std::string name = asked_;
  const std::vector<text::Address> addresses = addresses_in(end.output);
  if (end.how == ScriptEnd::How::Exited && end.status == 0 && !addresses.empty()) {
    list_.resolved(name, addresses);
    resolved_.insert(name);
  } else {
    failed(name);
  }
  ++*asking_;
  ask(now);
}

void NameLookup::failed(const std::string& name) {
  if (resolved_.contains(name) || !told_.insert(name).second) return;
  log_("gander-responder: WARN: The allowed name '" + name + "' has no address now; only the name itself is allowed.");
}

std::optional<ScriptRunner::Up> NameLookup::next() const {
  if (program_.empty() || list_.names().empty() || busy()) return std::nullopt;
  return rounds_ == 0 ? ScriptRunner::Up{} : due_;
}

}  // namespace gander::respond
