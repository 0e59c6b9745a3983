// TextWriter: alerts.log, to the byte.
//
// Under Compat::Ossec43 texts are cut at 1256 bytes and written as they are. Mended, lines are whole, a value cannot
// break its line, and a log line that a reader would take for a part of an alert's frame is written behind a blank:
// no log text can end an alert, start another one or change its rule.
//
// Owns:    its settings.
// Threads: one thread.
// Source:  docs/formats/alerts-log.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "output/alert_time.h"
#include "output/alert_writer.h"

namespace gander::output {

class TextWriter final : public AlertWriter {
 public:
  static constexpr size_t kOssecLogCut = 1256;
  static constexpr size_t kOssecCustomCut = 1023;

  TextWriter(model::Compat compat, base::TimeZone zone, std::string custom_format);

  void begin(std::string&) override {}
  void alert(std::string& out, const model::Alert& alert) override;
  void end(std::string&) override {}

 private:
  // Of a text among the log texts of its alert.
  enum class Place { Only, First, Middle, Last };
  struct Token;

  // What every alert of a rule has in common.
  struct RuleText {
    std::string head;  // ": mail  - GROUP\n"
    std::string rule;  // "\nRule: ID (level N) -> 'DESCRIPTION'\n"
  };

  const RuleText& rule_text(const model::RuleInfo& rule);
  std::string_view opening(base::Instant time);
  void usual(std::string& out, const model::Alert& alert);
  void custom(std::string& out, const model::Alert& alert);
  void value(std::string& out, std::string_view name, std::string_view text);
  void origin(std::string& out, const model::Event& event);
  void one_line(std::string& out, std::string_view text);
  void log_text(std::string& out, std::string_view text, Place place);
  void fill_in_turn(std::string& out, std::span<const Token> tokens);
  void fill_at_once(std::string& out, std::span<const Token> tokens);

  bool mended_;
  AlertTime time_;
  std::string custom_format_;
  std::unordered_map<const model::RuleInfo*, RuleText> rule_texts_;
  std::optional<int64_t> opening_second_;
  std::string opening_;  // "** Alert SECONDS." of that second
};

}  // namespace gander::output
