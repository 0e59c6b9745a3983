// AllowList: sources that are never blocked: <white_list> addresses, networks and host names.
//
// Owns:    its entries.
// Threads: one thread changes it; const calls from any thread.
// Cost:    one comparison for each entry; looks up no names: resolved() is told their addresses.
// OSSEC:   4.3 lets a source pass that is the beginning of a listed name; mended it is the whole name, in any case.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/sections.h"
#include "model/compat.h"
#include "text/ip_set.h"

namespace gander::respond {

class AllowList {
 public:
  AllowList(const config::Global& global, model::Compat compat);

  // `source` without a leading "::ffff:".
  bool contains(std::string_view source) const;

  const std::vector<std::string>& names() const { return names_; }
  // What `name` resolves to now; replaces what it did before.
  void resolved(std::string_view name, const std::vector<text::Address>& addresses);

 private:
  struct Host {
    std::string name;
    std::vector<text::Address> addresses;
  };

  model::Compat compat_;
  std::vector<text::AddressEntry> entries_;
  std::vector<std::string> names_;
  std::vector<Host> hosts_;
};

}  // namespace gander::respond
