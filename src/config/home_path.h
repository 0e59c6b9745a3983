// HomePath: where a file that the configuration names really lies.
//
// In OSSEC the home is the root of everything, so "/etc/x" is home/etc/x. Mended, two more places are tried when
// nothing is there: below the home without OSSEC's usual "/var/ossec", and the path as it stands; each is said once.
//
// Owns:    its copy of the home.
// Threads: one thread.
#pragma once

#include <string>

#include "base/diagnostic.h"
#include "model/compat.h"

namespace gander::config {

class HomePath {
 public:
  HomePath(std::string home, model::Compat compat, Diagnostics& diagnostics)
      : home_(std::move(home)), compat_(compat), diagnostics_(diagnostics) {}

  // `name` with or without leading slash, as a path to open; `at` is where the configuration has it.
  std::string find(const std::string& name, const SourcePos& at);

 private:
  std::string home_;
  model::Compat compat_;
  Diagnostics& diagnostics_;
  bool said_usual_home_ = false;
};

}  // namespace gander::config
