// PackageJudge: whether a change is what a package brought: content as the package database has it, and no more rights
// than before. What it cannot tell (modes, owners, attributes, scripts' own files) it leaves to people.
//
// Owns:    nothing.
// Threads: one thread.
// Cost:    a look-up; a read of the file when its MD5 is not known.
// Fails:   cannot; what cannot be read is not explained.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "integrity/change.h"
#include "integrity/hasher.h"
#include "integrity/package_database.h"

namespace gander::integrity {

class PackageJudge {
 public:
  // `owned_before`: paths of packages when the baseline was last accepted.
  PackageJudge(const PackageDatabase& packages, std::vector<uint64_t> owned_before)
      : packages_(packages), owned_before_(std::move(owned_before)) {}

  // "package libc6 2.36-9", or nothing.
  std::optional<std::string> explain(const Change& change);
  // How many changes each explanation stood for.
  const std::map<std::string, uint64_t>& counts() const { return counts_; }

 private:
  bool content_fits(const Change& change, std::string& package);

  const PackageDatabase& packages_;
  std::vector<uint64_t> owned_before_;
  std::map<std::string, uint64_t> counts_;
  Hasher hasher_;
};

}  // namespace gander::integrity
