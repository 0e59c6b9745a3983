#include "respond/allow_list.h"

#include <algorithm>
#include <cctype>

#include "respond/words.h"

namespace gander::respond {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

AllowList::AllowList(const config::Global& global, model::Compat compat)
    : compat_(compat), names_(global.allowed_names) {
  for (const std::string& text : global.allowed_addresses) {
    const auto entry = text::AddressEntry::parse(text);
    if (entry && entry->wanted == text::AddressEntry::Wanted::Yes) entries_.push_back(*entry);
  }
}

bool AllowList::contains(std::string_view source) const {
  if (const auto address = text::AddressEntry::parse(source); address && !address->any) {
    const text::Address& a = address->address;
    if (std::any_of(entries_.begin(), entries_.end(), [&](const auto& e) { return e.contains(a); })) return true;
    for (const Host& host : hosts_) {
      if (std::find(host.addresses.begin(), host.addresses.end(), a) != host.addresses.end()) return true;
    }
  }
  return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
    return compat_ == model::Compat::Ossec43 ? name.starts_with(source) : same_name(name, source);
  });
}

void AllowList::resolved(std::string_view name, const std::vector<text::Address>& addresses) {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& h) { return h.name == name; });
  if (host == hosts_.end())
    hosts_.push_back({std::string(name), addresses});
  else
    host->addresses = addresses;
}

}  // namespace gander::respond
