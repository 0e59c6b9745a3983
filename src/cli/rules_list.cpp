// `gander rules list`, `show` and `explain`.

#include <fmt/format.h>

#include <iostream>

#include "base/file.h"
#include "base/json_text.h"
#include "cli/rules_parts.h"
#include "cli/shown_text.h"
#include "manager/input_clock.h"
#include "ruletools/attack.h"
#include "ruletools/explain.h"
#include "ruletools/rule_filter.h"
#include "ruletools/rule_texts.h"

namespace gander::cli {
namespace {

using base::DamagedUtf8;
using base::JsonBuilder;
using rules::Rule;
using ruletools::RulePlaces;

std::string description_of(const Rule& rule) {
  return shown_text(rule.info.description.value_or("(none)"));
}

std::string ids_of(const std::vector<const Rule*>& rules, const char* between) {
  std::string out;
  for (const Rule* rule : rules) out += (out.empty() ? "" : between) + std::to_string(rule->info.id);
  return out;
}

void add_words(JsonBuilder& json, const char* key, const std::vector<std::string>& words) {
  json.open_array(key);
  for (const std::string& word : words) json.element(word);
  json.close_array();
}

std::vector<std::string> ids_as_words(const std::vector<const Rule*>& rules) {
  std::vector<std::string> out;
  for (const Rule* rule : rules) out.push_back(std::to_string(rule->info.id));
  return out;
}

struct Words {
  std::vector<std::string> groups;
  std::vector<std::string> tags;
};

Words words_of(const Rule& rule) {
  Words out;
  for (const std::string_view group : ruletools::groups_of(rule)) {
    (ruletools::is_tag(group) ? out.tags : out.groups).emplace_back(group);
  }
  return out;
}

std::string rule_json(const Rule& rule, const RulePlaces& places) {
  std::string out;
  JsonBuilder json(out, DamagedUtf8::Replace);
  const Words words = words_of(rule);
  json.open_object();
  json.number("id", rule.info.id);
  json.number("level", rule.info.level);
  json.string("description", rule.info.description.value_or(""));
  json.string("file", rule.info.at.file);
  json.number("line", rule.info.at.line);
  add_words(json, "groups", words.groups);
  add_words(json, "tags", words.tags);
  add_words(json, "tests", ruletools::tests_of(rule));
  add_words(json, "parents", ids_as_words(places.parents(rule)));
  add_words(json, "children", ids_as_words(places.children(rule)));
  json.close_object();
  return out;
}

void print_json(const std::vector<const Rule*>& rules, const rules::RuleTree& tree) {
  const RulePlaces places(tree);
  std::string rows;
  for (const Rule* rule : rules) rows += (rows.empty() ? "" : ",\n ") + rule_json(*rule, places);
  std::cout << "[" << rows << "]\n" << std::flush;
}

void print_matrix(const std::vector<ruletools::AttackColumn>& matrix) {
  bool first = true;
  for (const ruletools::AttackColumn& column : matrix) {
    fmt::print("{}{}{}{}\n", first ? "" : "\n", column.name, column.tactic.empty() ? "" : "  ", column.tactic);
    first = false;
    for (const ruletools::AttackRow& row : column.techniques) {
      constexpr size_t kMostShown = 12;
      const size_t shown = std::min(row.rules.size(), kMostShown);
      const std::vector<const Rule*> some(row.rules.begin(), row.rules.begin() + static_cast<std::ptrdiff_t>(shown));
      fmt::print("  {:<10} {:<58} {:>4}  {}{}\n", row.id, row.name, row.rules.size(), ids_of(some, " "),
                 shown < row.rules.size() ? " …" : "");
    }
  }
}

void print_matrix_json(const std::vector<ruletools::AttackColumn>& matrix) {
  std::string columns;
  for (const ruletools::AttackColumn& column : matrix) {
    std::string rows;
    for (const ruletools::AttackRow& row : column.techniques) {
      if (!rows.empty()) rows += ',';
      JsonBuilder json(rows, DamagedUtf8::Replace);
      json.open_object();
      json.string("id", row.id);
      json.string("name", row.name);
      add_words(json, "rules", ids_as_words(row.rules));
      json.close_object();
    }
    if (!columns.empty()) columns += ",\n ";
    JsonBuilder json(columns, DamagedUtf8::Replace);
    json.open_object();
    json.string("tactic", column.tactic);
    json.string("name", column.name);
    json.open_array("techniques");
    columns += rows + "]}";
  }
  std::cout << "[" << columns << "]\n" << std::flush;
}

const Rule* known_rule(const rules::RuleTree& tree, model::RuleId id) {
  const Rule* const rule = tree.find(id);
  if (rule) return rule;
  std::vector<std::string> known;
  for (const auto& other : tree.rules) known.push_back(std::to_string(other->info.id));
  const std::string hint = nearest_hint(std::to_string(id), known);
  std::cerr << "gander: the ruleset has no rule " << id << (hint.empty() ? "" : "; ") << hint << "\n";
  return nullptr;
}

void print_item(const char* name, const std::string& value) {
  if (!value.empty()) fmt::print("  {:<12} {}\n", name, value);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// Where tests expect the rule.
std::vector<std::string> tested_at(const std::vector<ruletools::TestPack>& packs, model::RuleId id) {
  std::vector<std::string> out;
  const std::string wanted = std::to_string(id);
  for (const ruletools::TestPack& pack : packs) {
    for (const ruletools::TestFile& file : pack.files) {
      for (const ruletools::TestStep& step : file.steps) {
        if (step.expected.rule == wanted && !step.expected.refused) out.push_back(place_of(step.at));
      }
    }
  }
  return out;
}

void print_rule(const Rule& rule, const RulePlaces& places, const std::vector<std::string>& tests) {
  const Words words = words_of(rule);
  fmt::print("rule {}, level {}: {}\n", rule.info.id, rule.info.level, description_of(rule));
  print_item("file", place_of(rule.info.at));
  print_item("groups", joined(words.groups));
  print_item("tags", joined(words.tags));
  print_item("below", ids_of(places.parents(rule), ", "));
  const char* label = "asks for";
  for (const std::string& test : ruletools::tests_of(rule)) {
    print_item(label, shown_text(test));
    label = "and";
  }
  if (rule.noalert) print_item("is", "never a result itself (noalert)");
  if (rule.ignore_time.count() > 0) print_item("then silent", shown_duration(rule.ignore_time));
  print_item("children", ids_of(places.children(rule), ", "));
  constexpr size_t kMostShown = 5;
  std::vector<std::string> some(tests.begin(),
                                tests.begin() + static_cast<std::ptrdiff_t>(std::min(tests.size(), kMostShown)));
  if (tests.size() > kMostShown) some.push_back("and " + std::to_string(tests.size() - kMostShown) + " more");
  print_item("tested at", joined(some));
}

}  // namespace

int rules_list(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, "");
  if (!session) return 2;
  const rules::RuleTree& tree = session->ruleset->tree();
  ruletools::RuleFilter filter;
  filter.level = arguments.level;
  filter.ids.assign(arguments.ids.begin(), arguments.ids.end());
  filter.group = arguments.group;
  filter.tag = arguments.tag;
  filter.file = arguments.file;
  filter.words = arguments.words;
  const std::vector<const Rule*> fitting = ruletools::rules_that_fit(tree, filter);
  const bool json = arguments.output == "json";
  if (arguments.attack) {
    const auto matrix = ruletools::attack_matrix(fitting);
    json ? print_matrix_json(matrix) : print_matrix(matrix);
    return matrix.empty() ? 1 : 0;
  }
  if (json) {
    print_json(fitting, tree);
  } else {
    if (!fitting.empty()) fmt::print("{:>6} {:>5}  {:<60} {}\n", "RULE", "LEVEL", "DESCRIPTION", "FILE");
    for (const Rule* rule : fitting) {
      fmt::print("{:>6} {:>5}  {:<60} {}\n", rule->info.id, rule->info.level, description_of(*rule),
                 place_of(rule->info.at));
    }
  }
  return fitting.empty() ? 1 : 0;
}

int rules_show(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, "");
  if (!session) return 2;
  const rules::RuleTree& tree = session->ruleset->tree();
  std::vector<const Rule*> shown;
  for (const int id : arguments.ids) {
    const Rule* const rule = known_rule(tree, id);
    if (!rule) return 2;
    shown.push_back(rule);
  }
  if (arguments.output == "json") {
    print_json(shown, tree);
    return 0;
  }
  const RulePlaces places(tree);
  std::vector<ruletools::TestPack> packs;
  const std::string beside = base::join(session->layout.home, "tests/ruleset");
  const std::string local = base::join(session->layout.home, "rules/tests");
  Diagnostics unread;
  for (const std::string& folder : {beside, local}) {
    if (!base::exists(folder)) continue;
    for (ruletools::TestPack& pack : ruletools::find_tests({folder}, arguments.compat, unread))
      packs.push_back(std::move(pack));
  }
  for (const Rule* rule : shown) print_rule(*rule, places, tested_at(packs, rule->info.id));
  return 0;
}

namespace {

void print_explanation(const ruletools::Explanation& e) {
  fmt::print("{}\n\n", shown_text(e.answer));
  print_item("decoder", shown_text(e.decoder));
  for (const auto& [name, value] : e.fields) print_item("field", shown_text(name + " = '" + value + "'"));
  print_item("result", e.decided ? fmt::format("rule {}, level {}: {}", e.decided->info.id, e.decided->info.level,
                                               description_of(*e.decided))
                                 : "no rule");
  fmt::print("\n");
  for (const auto& step : e.way) {
    using Answer = ruletools::Explanation::Step::Answer;
    const char* const word = step.answer == Answer::Held ? "yes" : step.answer == Answer::Failed ? "no" : "not asked";
    fmt::print("rule {}, level {}: {}  [{}]\n", step.rule->info.id, step.rule->info.level, description_of(*step.rule),
               word);
    for (const std::string& test : step.tests) fmt::print("    {}\n", shown_text(test));
  }
}

std::string explanation_json(const ruletools::Explanation& e) {
  std::string out;
  JsonBuilder json(out, DamagedUtf8::Replace);
  json.open_object();
  json.string("answer", e.answer);
  json.string("fired", e.fired ? "yes" : "no");
  json.string("decoder", e.decoder);
  json.string("result", e.decided ? std::to_string(e.decided->info.id) : "");
  json.open_object("fields");
  for (const auto& [name, value] : e.fields) json.string(name, value);
  json.close_object();
  json.open_array("way");
  std::string rows;
  for (const auto& step : e.way) {
    using Answer = ruletools::Explanation::Step::Answer;
    if (!rows.empty()) rows += ',';
    JsonBuilder row(rows, DamagedUtf8::Replace);
    row.open_object();
    row.number("rule", step.rule->info.id);
    row.string("answer", step.answer == Answer::Held ? "yes" : step.answer == Answer::Failed ? "no" : "not asked");
    add_words(row, "tests", step.tests);
    row.close_object();
  }
  return out + rows + "]}\n";
}

}  // namespace

int rules_explain(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, "");
  if (!session) return 2;
  const Rule* const rule = known_rule(session->ruleset->tree(), arguments.ids.front());
  if (!rule) return 2;
  std::vector<std::string> texts = arguments.lines;
  if (texts.empty()) {
    for (std::string line; std::getline(std::cin, line);) {
      if (!line.empty()) texts.push_back(line);
    }
  }
  if (texts.empty()) {
    std::cerr << "gander: there is no line to explain\n";
    return 2;
  }
  std::vector<ruletools::TimedLine> lines;
  const base::Instant now = manager::wall_now();
  for (size_t i = 0; i < texts.size(); ++i) {
    lines.push_back({texts[i], now - base::Seconds(static_cast<int64_t>(texts.size() - 1 - i))});
  }
  const ruletools::Explanation e = ruletools::explain_rule(session->ruleset, session->engine_options, *rule, lines);
  if (arguments.output == "json")
    std::cout << explanation_json(e) << std::flush;
  else
    print_explanation(e);
  return e.fired ? 0 : 1;
}

}  // namespace gander::cli
