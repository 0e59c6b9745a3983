// `gander rules test`, `coverage` and `check`: what the tests beside the rules say, and what they leave out.

#include <fmt/format.h>

#include <iostream>
#include <set>

#include "base/json_text.h"
#include "cli/rules_parts.h"
#include "cli/shown_text.h"
#include "ruletools/coverage.h"
#include "ruletools/lint.h"
#include "ruletools/rule_texts.h"
#include "ruletools/test_runner.h"

namespace gander::cli {
namespace {

using base::DamagedUtf8;
using base::JsonBuilder;
using ruletools::TestPack;

constexpr const char* kTestZone = "UTC";

std::shared_ptr<const engine::Ruleset> ruleset_for(const Session& session, const TestPack& pack) {
  return pack.folder.empty() ? session.ruleset : with_files(session, pack.decoders, pack.rules);
}

// Names that a line can show: those of the decoders without a parent.
size_t services_of(const engine::Ruleset& ruleset) {
  std::set<std::string> names;
  for (const decode::LoadedDecoder& decoder : ruleset.decoders().loaded()) {
    if (decoder.info->parent.empty()) names.insert(std::string(decoder.own_name));
  }
  return names.size();
}

struct Sums {
  size_t services = 0;
  size_t rules = 0;
  size_t decoders = 0;

  void take(const engine::Ruleset& ruleset) {
    services = std::max(services, services_of(ruleset));
    rules = std::max(rules, ruleset.tree().rules.size());
    decoders = std::max(decoders, ruleset.decoders().size());
  }
};

void print_difference(const ruletools::Difference& d) {
  fmt::print("{}: {}\n  expected {}\n  got      {}\n  line     {}\n", place_of(d.step->at),
             d.step->name.empty() ? "differs" : shown_text(d.step->name), shown_text(d.expected), shown_text(d.got),
             shown_text(d.step->line));
}

std::string test_json(const ruletools::RunCounts& counts, const Sums& sums) {
  std::string out;
  JsonBuilder json(out, DamagedUtf8::Replace);
  json.open_object();
  json.number("services", sums.services);
  json.number("decoders", sums.decoders);
  json.number("rules", sums.rules);
  json.number("tests", counts.tests);
  json.number("passed", counts.tests - counts.failed);
  json.number("failed", counts.failed);
  json.number("left_out", counts.left_out);
  json.open_array("differences");
  std::string rows;
  for (const ruletools::Difference& d : counts.differences) {
    if (!rows.empty()) rows += ',';
    JsonBuilder row(rows, DamagedUtf8::Replace);
    row.open_object();
    row.string("file", d.step->at.file);
    row.number("line", d.step->at.line);
    row.string("test", d.step->name);
    row.string("expected", d.expected);
    row.string("got", d.got);
    row.string("log", d.step->line);
    row.close_object();
  }
  return out + rows + "]}\n";
}

}  // namespace

int rules_test(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, kTestZone);
  if (!session) return 2;
  const auto packs = open_tests(arguments, *session);
  if (!packs) return 2;
  ruletools::RunCounts counts;
  Sums sums;
  for (const TestPack& pack : *packs) {
    if (pack.files.empty()) continue;
    const auto ruleset = ruleset_for(*session, pack);
    if (!ruleset) return 2;
    sums.take(*ruleset);
    ruletools::TestRunner runner(ruleset, session->engine_options, arguments.compat);
    for (const ruletools::TestFile& file : pack.files) runner.run(file, counts);
  }
  if (counts.tests == 0) {
    std::cerr << "gander: there are no tests\n";
    return 2;
  }
  if (arguments.output == "json") {
    std::cout << test_json(counts, sums) << std::flush;
  } else {
    for (const ruletools::Difference& d : counts.differences) print_difference(d);
    fmt::print("{} services, {} decoders, {} rules; {} tests: {} passed, {} failed", sums.services, sums.decoders,
               sums.rules, counts.tests, counts.tests - counts.failed, counts.failed);
    if (counts.left_out > 0) fmt::print(", {} left out in this mode", counts.left_out);
    fmt::print("\n");
  }
  return counts.failed == 0 ? 0 : 1;
}

namespace {

using Report = ruletools::Coverage::Report;
using Gap = ruletools::Coverage::Gap;

double percent(size_t part, size_t whole) {
  return whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

const char* gap_word(Gap::What what) {
  return what == Gap::What::NeverHeld ? "never held" : "never refused a line";
}

// Numbers of conditions without a gap of this kind.
size_t without(const Report& report, Gap::What what) {
  size_t gaps = 0;
  for (const Gap& gap : report.gaps) gaps += gap.what == what ? 1 : 0;
  return report.conditions - gaps;
}

void print_coverage(const Report& report, bool conditions) {
  for (const rules::Rule* rule : report.unreached_rules) {
    fmt::print("{}: rule {}: no test line reaches it\n", place_of(rule->info.at), rule->info.id);
  }
  for (const decode::LoadedDecoder& decoder : report.unreached_decoders) {
    fmt::print("{}: decoder {}: no line of field tests goes through it\n", place_of(decoder.at), decoder.own_name);
  }
  for (const auto& stale : report.stale) {
    fmt::print("{}: rule {} is excused, but {}\n", place_of(stale.at), stale.rule,
               stale.exists ? "a test line reaches it" : "there is no such rule");
  }
  for (const Gap& gap : report.gaps) {
    if (!conditions) break;
    fmt::print("{}: rule {}: {}: {}\n", place_of(gap.rule->info.at), gap.rule->info.id, gap_word(gap.what), gap.test);
  }
  const auto line = [](const char* what, size_t part, size_t whole) {
    fmt::print("{:<26} {:>5} of {:>5}  {:5.1f} %\n", what, part, whole, percent(part, whole));
  };
  line("rules reached", report.rules - report.unreached_rules.size(), report.rules);
  line("decoders reached", report.decoders - report.unreached_decoders.size(), report.decoders);
  line("conditions that held", without(report, Gap::What::NeverHeld), report.conditions);
  line("conditions that refused", without(report, Gap::What::NeverRefused), report.conditions);
}

std::string coverage_json(const Report& report, bool conditions) {
  std::string out;
  JsonBuilder json(out, DamagedUtf8::Replace);
  json.open_object();
  json.number("rules", report.rules);
  json.number("decoders", report.decoders);
  json.number("conditions", report.conditions);
  json.number("conditions_held", without(report, Gap::What::NeverHeld));
  json.number("conditions_refused", without(report, Gap::What::NeverRefused));
  json.open_array("unreached_rules");
  for (const rules::Rule* rule : report.unreached_rules) json.element(std::to_string(rule->info.id));
  json.close_array();
  json.open_array("unreached_decoders");
  for (const decode::LoadedDecoder& decoder : report.unreached_decoders) {
    json.element(std::string(decoder.own_name) + " " + place_of(decoder.at));
  }
  json.close_array();
  json.open_array("stale_excuses");
  for (const auto& stale : report.stale) json.element(std::to_string(stale.rule));
  json.close_array();
  json.open_array("condition_gaps");
  for (const Gap& gap : report.gaps) {
    if (!conditions) break;
    json.element(std::to_string(gap.rule->info.id) + " " + gap_word(gap.what) + ": " + gap.test);
  }
  return out + "]}\n";
}

}  // namespace

int rules_coverage(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, kTestZone);
  if (!session) return 2;
  const auto packs = open_tests(arguments, *session);
  if (!packs) return 2;
  if (packs->size() > 2 || (packs->size() == 2 && !packs->front().files.empty())) {
    std::cerr << "gander: coverage is of one ruleset; these paths have several (decoders.xml, rules.xml)\n";
    return 2;
  }
  const TestPack& pack = packs->back();
  const auto ruleset = ruleset_for(*session, pack);
  if (!ruleset) return 2;
  ruletools::Coverage coverage(*ruleset);
  ruletools::TestRunner runner(ruleset, session->engine_options, arguments.compat);
  ruletools::RunCounts counts;
  for (const ruletools::TestFile& file : pack.files) runner.run(file, counts, &coverage);
  // Of a pack its own files count.
  const Report report = coverage.report(pack.excused, {pack.rules, pack.decoders});
  if (arguments.output == "json")
    std::cout << coverage_json(report, arguments.conditions) << std::flush;
  else
    print_coverage(report, arguments.conditions);
  if (counts.failed > 0) {
    std::cerr << "gander: " << counts.failed << " tests fail, and what they expect does not count as reached\n";
  }
  return report.complete() && counts.failed == 0 ? 0 : 1;
}

namespace {

std::string finding_json(const Diagnostic& d) {
  std::string out;
  JsonBuilder json(out, DamagedUtf8::Replace);
  json.open_object();
  json.string("code", d.code);
  json.string("file", d.at.file);
  json.number("line", d.at.line);
  json.string("message", d.message);
  json.string_if_any("hint", d.hint);
  json.close_object();
  return out;
}

}  // namespace

int rules_check(const RulesArguments& arguments) {
  std::optional<Session> session = open_rules(arguments, kTestZone);
  if (!session) return 2;
  const auto packs = open_tests(arguments, *session);
  if (!packs) return 2;
  Diagnostics findings;
  // A pack is looked at with its own rules; what lies beside it is not its matter.
  std::set<std::string> own_files;
  std::shared_ptr<const engine::Ruleset> ruleset = session->ruleset;
  if (packs->size() == 2 && packs->front().files.empty()) {
    ruleset = ruleset_for(*session, packs->back());
    if (!ruleset) return 2;
    own_files = {packs->back().rules, packs->back().decoders};
  }
  ruletools::lint(ruleset->tree(), &*packs, findings);
  const auto is_rule_finding = [](const Diagnostic& d) {
    return d.severity == Severity::Warning && d.code.starts_with('R');
  };
  std::vector<Diagnostic> shown;
  for (const Diagnostics* list : {&session->diagnostics, &findings}) {
    for (const Diagnostic& d : list->entries()) {
      if (is_rule_finding(d) && (own_files.empty() || own_files.contains(d.at.file))) shown.push_back(d);
    }
  }
  if (arguments.output == "json") {
    std::string rows;
    for (const Diagnostic& d : shown) rows += (rows.empty() ? "" : ",") + finding_json(d);
    std::cout << "{\"rules\":" << ruleset->tree().rules.size() << ",\"findings\":[" << rows << "]}\n" << std::flush;
  } else {
    const Colour colour = colour_for(1);
    for (const Diagnostic& d : shown) std::cout << render(d, colour);
    std::cout << ruleset->tree().rules.size() << " rules: " << shown.size()
              << (shown.size() == 1 ? " finding\n" : " findings\n") << std::flush;
  }
  return shown.empty() ? 0 : 1;
}

}  // namespace gander::cli
