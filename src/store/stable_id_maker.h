// StableIdMaker: the stable id of an alert: the first 128 bits of SHA-256 over ruleset digest, source, place and rule,
// each with its length.
//
// Owns:    the state of the hash behind ruleset and the source asked for last.
// Threads: one thread.
// Cost:    two or three blocks of SHA-256 while the source stays.
// Fails:   cannot.
// Source:  docs/decisions/0002-live-host.md.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "model/rule_info.h"
#include "model/stable_id.h"

namespace gander::store {

class StableIdMaker {
 public:
  explicit StableIdMaker(std::string_view ruleset_digest);
  ~StableIdMaker();
  StableIdMaker(StableIdMaker&&) noexcept;
  StableIdMaker& operator=(StableIdMaker&&) noexcept;

  // `place`: behind the record that alerted, as the source names it. An alert that comes out of no record (statistics)
  // names what it stands for there.
  model::StableId of(std::string_view source, std::string_view place, model::RuleId rule);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::store
