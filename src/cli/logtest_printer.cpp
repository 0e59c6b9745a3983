#include "cli/logtest_printer.h"

#include <initializer_list>

namespace gander::cli {
namespace {

void append(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) out.append(part);
}

void append_item(std::string& out, std::string_view label, std::string_view value) {
  append(out, {"       ", label, ": '", value.data() ? value : "(null)", "'\n"});
}

std::string_view description_of(const rules::Rule& rule) {
  return rule.info.description ? std::string_view(*rule.info.description) : std::string_view("(null)");
}

std::string_view info_word(model::InfoKind kind) {
  switch (kind) {
    case model::InfoKind::Text:
      return "Text";
    case model::InfoKind::Link:
      return "Link";
    case model::InfoKind::Cve:
      return "CVE";
    case model::InfoKind::Osvdb:
      return "OSVDB";
  }
  return "";
}

}  // namespace

void LogtestPrinter::before_rules(const model::Event& event, const std::vector<decode::FilledField>& filled,
                                  DecoderList list) {
  out_.append("\n\n**Phase 1: Completed pre-decoding.\n");
  append_item(out_, "full event", event.full_log);
  append_item(out_, "hostname", event.hostname);
  append_item(out_, "program_name", event.program_name);
  append_item(out_, "log", event.log);
  if (list == DecoderList::Present) {
    out_.append("\n**Phase 2: Completed decoding.\n");
    for (const decode::FilledField& field : filled) append_item(out_, field.label, field.value);
    if (!event.decoder) out_.append("       No decoder matched.\n");
  }
  append_item(out_, "decoder", event.decoder ? std::string_view(event.decoder->name) : std::string_view());
}

void LogtestPrinter::accumulated() {
  out_.append("\n**ACCUMULATOR: LEVEL UP!!**\n\n");
}

void LogtestPrinter::rule_heading() {
  if (depth_ != TraceDepth::None) out_.append("\n**Rule debugging:\n");
}

void LogtestPrinter::after_rules(const engine::Decision& decision) {
  if (!decision.rule) return;
  const model::RuleInfo& info = decision.rule->info;
  out_.append("\n**Phase 3: Completed filtering (rules).\n");
  append_item(out_, "Rule id", std::to_string(info.id));
  append_item(out_, "Level", std::to_string(info.level));
  append_item(out_, "Description", description_of(*decision.rule));
  for (const model::InfoLine& line : info.info) {
    append(out_, {"       Info - ", info_word(line.kind), ": '", line.text, "'\n"});
  }
  if (decision.alert) out_.append("**Alert to be generated.\n\n\n");
}

void LogtestPrinter::trying(const rules::Rule& rule) {
  if (depth_ == TraceDepth::None) return;
  append(out_, {"    Trying rule: ", std::to_string(rule.info.id), " - ", description_of(rule), "\n"});
}

void LogtestPrinter::failed(const rules::Rule&, const rules::Condition& condition, const model::Event& event) {
  if (depth_ != TraceDepth::Reasons) return;
  const std::string_view text = condition.looked_at(event);
  append(out_, {"       no: ", condition.element(), " '", condition.wanted(), "' against "});
  if (text.data()) {
    append(out_, {"'", text, "'\n"});
  } else {
    out_.append("nothing: the event has no such field\n");
  }
}

void LogtestPrinter::failed(const rules::Rule& rule, std::string_view test) {
  if (depth_ != TraceDepth::Reasons) return;
  append(out_, {"       no: ", test});
  if (test == "correlation") {
    append(out_, {" (", std::to_string(rule.frequency + 1), " earlier events within ",
                  std::to_string(rule.timeframe.count()), " s are wanted)"});
  }
  out_.append("\n");
}

void LogtestPrinter::matched(const rules::Rule& rule) {
  if (depth_ == TraceDepth::None) return;
  append(out_, {"       *Rule ", std::to_string(rule.info.id), " matched.\n"});
}

void LogtestPrinter::trying_children() {
  if (depth_ != TraceDepth::None) out_.append("       *Trying child rules.\n");
}

}  // namespace gander::cli
