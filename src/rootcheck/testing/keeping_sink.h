// KeepingSink: a Sink for tests that keeps what it is told and never waits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rootcheck/check.h"

namespace gander::rootcheck {

class KeepingSink final : public Sink {
 public:
  void finding(std::string text) override { findings.push_back(std::move(text)); }
  void log(Severity, std::string text) override { logged.push_back(std::move(text)); }
  bool go_on() override {
    ++asked;
    return asked <= most;
  }
  bool pause() override {
    if (on_pause) on_pause();
    return true;
  }

  std::vector<std::string> findings;
  std::vector<std::string> logged;
  std::function<void()> on_pause;
  uint64_t asked = 0;
  uint64_t most = UINT64_MAX;
};

}  // namespace gander::rootcheck
