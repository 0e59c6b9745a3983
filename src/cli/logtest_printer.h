// LogtestPrinter: the phases of `logtest`, to the byte as ossec-logtest prints them, and the longer --trace.
//
// Threads: one thread.
// OSSEC:   same text and order; --trace is ours.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decoder_set.h"
#include "engine/engine.h"
#include "engine/trace.h"

namespace gander::cli {

enum class TraceDepth { None, Rules, Reasons };  // none, -v, --trace

class LogtestPrinter final : public engine::TraceSink {
 public:
  // `log_line` adds a log line with its time stamp to the buffer.
  LogtestPrinter(std::string& out, TraceDepth depth, std::function<void(std::string_view)> log_line)
      : out_(out), depth_(depth), log_line_(std::move(log_line)) {}

  enum class DecoderList { Empty, Present };
  void before_rules(const model::Event& event, const std::vector<decode::FilledField>& filled, DecoderList list);
  void accumulated();
  void rule_heading();
  void after_rules(const engine::Decision& decision);

  void trying(const rules::Rule& rule) override;
  void failed(const rules::Rule& rule, const rules::Condition& condition, const model::Event& event) override;
  void failed(const rules::Rule& rule, std::string_view test) override;
  void matched(const rules::Rule& rule) override;
  void trying_children() override;
  void note(std::string_view text) override { log_line_(text); }

 private:
  std::string& out_;
  TraceDepth depth_;
  std::function<void(std::string_view)> log_line_;
};

}  // namespace gander::cli
