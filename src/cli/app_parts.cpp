#include "cli/app_parts.h"

namespace gander::cli {
namespace {

void add_rules_home(CLI::App& c, RulesArguments& a) {
  add_ruleset_options(c, a);
  c.add_option("-o,--output", a.output, "Form: table, json")->check(CLI::IsMember({"table", "json"}));
}

void add_rules_tests(CLI::App& c, RulesArguments& a) {
  add_rules_home(c, a);
  c.add_option("PATH", a.paths,
               "Files (.ini, .tsv) or folders of tests (default: tests/ruleset and rules/tests of the home); a folder "
               "that holds decoders.xml or rules.xml is tested with them behind the others");
}

void add_rules_list(CLI::App& c, RulesArguments& a) {
  add_rules_home(c, a);
  c.add_option("-l,--level", a.level, "Of this level or above")->type_name("N");
  c.add_option("-r,--rule", a.ids, "This rule; repeatable")->type_name("ID")->type_size(1)->allow_extra_args(false);
  c.add_option("-g,--group", a.group, "Of this group")->type_name("NAME");
  c.add_option("-t,--tag", a.tag, "With this tag, or one that begins so: T1110, pci_dss, nist_800_53_AC.7")
      ->type_name("TAG");
  c.add_option("--file", a.file, "Of files whose name holds this")->type_name("TEXT");
  c.add_flag("--attack", a.attack, "As the MITRE ATT&CK matrix: tactics, techniques, and the rules for each");
  c.add_option("TEXT", a.words, "Words that description, groups or tests hold, all of them");
}

}  // namespace

void add_compat(CLI::App& app, model::Compat& compat) {
  const auto set = [&compat](const std::string&) { compat = model::Compat::Ossec43; };
  app.add_option_function<std::string>("--compat", set, "Repeat every oddity of OSSEC 4.3 (docs/compat.md lists them)")
      ->check(CLI::IsMember({"ossec-4.3"}, CLI::ignore_case));
}

void add_ruleset_options(CLI::App& app, RulesetArguments& a) {
  app.add_option("-c,--config", a.config, "Configuration file (default: etc/ossec.conf of the home)")
      ->type_name("FILE");
  app.add_option("-D,--home", a.home, "Home: rules, decoders and state lie below it")->type_name("DIR");
  add_compat(app, a.compat);
}

void add_rules(CLI::App& app, RulesArguments& a) {
  using What = RulesArguments::What;
  CLI::App& c = *app.add_subcommand("rules", "Test, look through, explain, try out and write rules");
  c.require_subcommand(1);
  const auto add = [&](const char* name, What what, const char* text) -> CLI::App& {
    CLI::App& sub = *c.add_subcommand(name, text);
    sub.parse_complete_callback([&a, what] { a.what = what; });
    return sub;
  };
  add_rules_tests(add("test", What::Test, "Run the tests beside the rules, and OSSEC's .ini tests"), a);
  CLI::App& coverage = add("coverage", What::Coverage, "Which rules, conditions and decoders no test reaches");
  add_rules_tests(coverage, a);
  coverage.add_flag("--conditions", a.conditions, "Name the conditions that never held, or never refused a line");
  add_rules_tests(
      add("check", What::Check, "What is probably not meant: unreachable, duplicate, slow, untested, untagged"), a);
  CLI::App& explain = add("explain", What::Explain, "Why a rule fired on a line, or the first condition that failed");
  add_rules_home(explain, a);
  explain.add_option("ID", a.ids, "The rule")->required()->expected(1)->allow_extra_args(false);
  explain.add_option("LINE", a.lines,
                     "The line; several come a second apart and the last is explained (default: those of standard "
                     "input)");
  CLI::App& backtest =
      add("backtest", What::Backtest, "What a new rule file would have raised on old logs or stored alerts");
  add_rules_home(backtest, a);
  backtest.add_option("RULEFILE", a.file, "The rules to try, behind those of the configuration")
      ->required()
      ->type_name("RULEFILE");
  backtest.add_option("FILE", a.paths,
                      "Old logs, plain, .gz or .zst (default: the archives of the home, without them its alerts)");
  backtest.add_option("--since", a.since, "How far back: 30d, 12h, 30m, or a time (default: 30d; all of given FILEs)")
      ->type_name("WHEN");
  backtest.add_option("--decoders", a.decoders, "A decoder file to go with it")->type_name("FILE");
  backtest.add_option("--tz", a.zone, "Time zone of dates (default: the system's)")->type_name("ZONE");
  add_rules_list(add("list", What::List, "Rules, by level, id, group, tag, file or text"), a);
  CLI::App& show = add("show", What::Show, "All of a rule: tests, parents, children, tags, its place, what tests it");
  add_rules_home(show, a);
  show.add_option("ID", a.ids, "Rules")->required();
  CLI::App& fresh = add("new", What::New, "Make a decoder, rules and their tests from sample lines, as a start");
  add_ruleset_options(fresh, a);
  fresh.add_option("NAME", a.name, "The service: letters, digits, - and _")->required();
  fresh.add_option("FILE", a.file, "Sample lines (default: standard input)");
  fresh.add_option("--to", a.folder, "Folder to write (default: NAME)")->type_name("DIR");
  fresh.add_option("--id", a.first_id, "First rule id (default: 100100, or the first free one behind it)")
      ->check(CLI::Range(1, 999999))
      ->type_name("N");
}

}  // namespace gander::cli
