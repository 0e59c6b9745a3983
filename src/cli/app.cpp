// The declarations of every command and flag; --help, the manual pages and shell completion all read these.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/app_pages.h"
#include "cli/app_parts.h"
#include "cli/arguments.h"
#include "cli/layout.h"
#include "cli/ossec_names.h"
#include "cli/version.h"

namespace gander::cli {
namespace {

struct Parsed {
  LogtestArguments logtest;
  ReplayArguments replay;
  ReportArguments report;
  CheckArguments check;
  MakelistsArguments makelists;
  RegexArguments regex;
  RespondArguments respond;
  IntegrityArguments integrity;
  ScanArguments scan;
  ExplainArguments explain;
  InitArguments init;
  RunArguments run;
  ResponderArguments responder;
  HostArguments host;
  AlertsArguments alerts;
  RulesArguments rules;
  std::vector<std::string> filter_words;
  std::vector<std::string> relation_words;
};

struct Example {
  const char* command;
  const char* text;
};

constexpr Example kExamples[] = {
    {"logtest",
     "Example:\n  echo 'Jan 15 12:00:00 web1 sshd[7]: Invalid user eve from 192.0.2.7 port 4022' | gander logtest "
     "--trace"},
    {"replay", "Example:\n  gander replay --report /var/log/auth.log /var/log/auth.log.*.gz"},
    {"report",
     "Examples:\n  gander replay /var/log/auth.log | gander report -f group authentication_failed -r srcip user\n"
     "  gander report --since yesterday --mail"},
    {"check", "Example:\n  gander check --home /var/ossec"},
    {"makelists", "Example:\n  gander makelists --home /var/ossec -F"},
    {"regex", "Example:\n  echo 'port 22' | gander regex 'port (\\d+)'"},
    {"respond",
     "Examples:\n  gander respond list\n  gander respond undo 203.0.113.5\n  gander respond run firewall-drop600 add "
     "203.0.113.5\n  gander respond rehearse --since 7d"},
    {"integrity", "Example:\n  gander integrity scan\n  gander integrity history /etc/passwd"},
    {"scan",
     "Examples:\n  gander scan --sensitive /srv /home\n  git diff | gander scan --sensitive --kinds key,token -o json "
     "-"},
    {"explain", "Example:\n  gander explain rules"},
    {"init", "Examples:\n  gander init --home /var/lib/gander\n  gander init --from /var/ossec"},
    {"run", "Example:\n  gander run --home /var/ossec"},
    {"responder",
     "Example:\n  gander responder --socket /run/gander/responder.sock --user gander\n"
     "  runuser -u gander -- gander run --responder /run/gander/responder.sock"},
    {"status", "Example:\n  gander status -o json"},
    {"reload", "Example:\n  gander check && gander reload"},
    {"restart", "Example:\n  gander restart"},
    {"stop", "Example:\n  gander stop"},
    {"alerts",
     "Examples:\n  gander alerts --since yesterday --level 7\n  gander alerts --user root --output json 'failed "
     "password'\n"
     "  gander alerts -f\n  gander alerts verify"},
    {"rules",
     "Examples:\n  gander rules test\n  gander rules list --tag T1110 --level 10\n  gander rules explain 5710 'Jan 15 "
     "12:00:00 "
     "web1 sshd[7]: Invalid user eve from 192.0.2.7 port 4022'\n  gander rules backtest my_rules.xml --since 30d\n"
     "  gander rules new shop < sample.log && gander rules test shop"},
};

void add_stream_options(CLI::App& app, StreamArguments& a) {
  add_ruleset_options(app, a);
  app.add_option("--clock", a.clock,
                 "Time of an event: wall (now), event (its own time stamp), a time such as 2026-01-15T12:00:00Z, or "
                 "@FILE (seconds since 1970, one line for each input line or one for all)")
      ->type_name("CLOCK");
  app.add_option("--tz", a.zone, "Time zone of dates, such as UTC or Europe/Rome (default: the system's)")
      ->type_name("ZONE");
  app.add_option("--hostname", a.hostname, "Host name for lines that carry none (default: the system's)")
      ->type_name("NAME");
  app.add_option("--year", a.year, "Year of the first line of each input, for time stamps without one")
      ->type_name("YEAR");
}

void add_logtest(CLI::App& app, LogtestArguments& a) {
  CLI::App& c = *app.add_subcommand("logtest", "Type a line, see how it decodes and which rule fires");
  add_stream_options(c, a);
  c.add_flag("-a", a.alerts_only, "Alerts only, on standard output");
  c.add_flag("-v", a.verbose, "Show every rule that is tried");
  c.add_flag("-q", a.quiet, "Do not name the decoder files at the start");
  c.add_flag("-t", a.test_only, "Load everything, then stop");
  c.add_flag("--trace", a.trace, "As -v, with the condition that failed and the text that it looked at");
  c.add_option("-U", a.unit_test, "Expect this outcome; the exit status says what differs")
      ->type_name("RULE:LEVEL:DECODER");
  c.add_flag("-d", a.debug, "Accepted for compatibility, no effect");
}

void add_replay(CLI::App& app, ReplayArguments& a) {
  CLI::App& c = *app.add_subcommand("replay", "Old logs (plain, .gz, .zst, or - for standard input) to alerts");
  add_stream_options(c, a);
  c.add_option("FILE", a.files, "Log files, in the order in which they were written")->required();
  c.add_option("--threads", a.threads,
               "Threads (default: one for each processor); the output is the same for any number")
      ->check(CLI::Range(1, 256));
  c.add_option("-o,--output", a.output,
               "Form: text, json, ndjson, csv (default: text; a coloured line each on a terminal); with --report text, "
               "json, html")
      ->check(CLI::IsMember({"text", "json", "ndjson", "csv", "html"}));
  c.add_option("--schema", a.schema, "Names in JSON: ossec (as alerts.json) or ecs (Elastic Common Schema)")
      ->check(CLI::IsMember({"ossec", "ecs"}));
  c.add_option("--location", a.location, "Location shown in alerts (default: the file's name; stdin with --compat)")
      ->type_name("NAME");
  c.add_flag("--report", a.report, "Print a report over the alerts instead of the alerts");
  c.add_flag("--keep-state", a.keep_state, "Read and keep first-time-seen keys and last outputs in the home");
  c.add_flag("--resolve", a.resolve,
             "Let is_valid_crawler ask name servers about addresses in the log (always with --compat)");
  c.add_flag("-q,--quiet", a.quiet, "No progress bar and no closing summary");
}

void add_report(CLI::App& app, Parsed& p) {
  CLI::App& c = *app.add_subcommand("report", "Alerts (alerts.log text or JSON lines) to a summary");
  ReportArguments& a = p.report;
  c.add_option("-f", p.filter_words,
               "Only alerts where FILTER (group, rule, level, location, srcip, user, filename) fits VALUE; repeatable")
      ->type_name("FILTER VALUE")
      ->type_size(2)
      ->expected(-1);
  c.add_option("-r", p.relation_words, "For each NAME list the related values of OTHER; repeatable")
      ->type_name("NAME OTHER")
      ->type_size(2)
      ->expected(-1);
  c.add_option("-n", a.title, "Title of the report")->type_name("NAME");
  c.add_flag("-s", a.show_alerts, "Append the alerts themselves");
  c.add_option("-o,--output", a.output, "Form: text, json, html")->check(CLI::IsMember({"text", "json", "html"}));
  c.add_option("--tz", a.zone, "Time zone of dates (default: the system's)")->type_name("ZONE");
  CLI::Option& since = *c.add_option("--since", a.since,
                                     "Alerts of the home from then on: yesterday (that day), today, 24h, 7d, or a time")
                            ->type_name("TIME");
  c.add_option("--until", a.until, "Alerts before then (default: now)")->type_name("TIME")->needs(&since);
  c.add_flag("--mail", a.mail,
             "Mail it: each <reports> block to its recipients, or with -f, -r or -n this report to those of <global>")
      ->needs(&since);
  c.add_option("-c,--config", a.config, "Configuration file (default: etc/ossec.conf of the home)")->type_name("FILE");
  c.add_option("-D,--home", a.home, "Home whose alerts are read")->type_name("DIR");
  c.add_option("FILE", a.files, "Alert files; standard input when none is named")->excludes(&since);
  add_compat(c, a.compat);
}

void add_run(CLI::App& app, RunArguments& a) {
  CLI::App& c = *app.add_subcommand("run", "Watch this host: logs, journal and commands to alerts, mail and responses");
  add_ruleset_options(c, a);
  c.add_option("--state", a.state, "Where queue/ and logs/ are kept (default: the home)")->type_name("DIR");
  c.add_option("--tz", a.zone, "Time zone of dates (default: the system's)")->type_name("ZONE");
  c.add_option("--hostname", a.hostname, "Name of this host in alerts (default: the system's)")->type_name("NAME");
  c.add_option("--responder", a.responder, "Socket of a responder that runs as a service of its own (gander responder)")
      ->type_name("SOCKET");
  c.add_option("--user", a.user, "Started by root: the user that everything but the responder becomes")
      ->type_name("NAME");
  c.add_flag("--alerts", a.show_alerts, "Print alerts as they come (always on a terminal)");
  c.add_flag("-q,--quiet", a.quiet, "Log lines go to logs/ossec.log only (errors of the start to standard error, too)");
}

void add_responder(CLI::App& app, ResponderArguments& a) {
  CLI::App& c = *app.add_subcommand("responder",
                                    "Run, as root, what the configuration names, for a `gander run --responder` that "
                                    "is not root");
  add_ruleset_options(c, a);
  c.add_option("--state", a.state, "Where queue/ and logs/ are kept (default: the home)")->type_name("DIR");
  c.add_option("--socket", a.socket, "Listen there")->type_name("SOCKET")->required();
  c.add_option("--user", a.user, "Whose `gander run` may connect, besides root's (default: whoever started this)")
      ->type_name("NAME");
}

void add_init(CLI::App& app, InitArguments& a) {
  CLI::App& c = *app.add_subcommand("init", "Look at this host and write a configuration for it, or take over OSSEC's");
  c.add_option("-D,--home", a.home, "Home to set up (default: " + installed_home() + ")")->type_name("DIR");
  c.add_option("--from", a.from, "Take over this OSSEC installation: configuration, rules, lists, keys, state")
      ->type_name("DIR");
  c.add_option("--root", a.root, "Look at the host below DIR, such as a mounted image")->type_name("DIR");
  c.add_flag("--force", a.force, "Write although the home has a configuration; what differs is kept as FILE.old");
}

void add_host_commands(CLI::App& app, HostArguments& a) {
  const auto add = [&](const char* word, const char* what) -> CLI::App& {
    CLI::App& c = *app.add_subcommand(word, what);
    add_ruleset_options(c, a);
    c.add_option("--state", a.state, "Where queue/ and logs/ are kept (default: the home)")->type_name("DIR");
    return c;
  };
  add("status",
      "How the watched host is: processes, protection, and for each source what came in and what became of it")
      .add_option("-o,--output", a.output, "Form: text, json")
      ->check(CLI::IsMember({"text", "json"}));
  add("reload", "Read configuration and rules again; what is broken is refused and the old ones stay");
  add("restart", "Stop and start all processes; blocks stay in force");
  add("stop", "Stop watching; blocks in force are undone");
}

void add_integrity(CLI::App& app, IntegrityArguments& a) {
  CLI::App& c = *app.add_subcommand("integrity", "Watched files: what changed, since when, by whom");
  add_ruleset_options(c, a);
  c.add_option("ACTION", a.action,
               "scan (compare with the baseline, tell, and remember), accept (remember without telling), status, "
               "history [FILE], verify (was the baseline itself edited?), watch (tell changes as they happen)")
      ->required()
      ->check(CLI::IsMember({"scan", "accept", "status", "history", "verify", "watch"}));
  c.add_option("FILE", a.paths, "Only these files or directories (default: all that <syscheck> names)");
  c.add_flag("--force", a.force, "Read also files whose size, times and inode are as before");
  c.add_flag("--package", a.package, "With accept: only what the package database explains; the rest is told");
  c.add_flag("--json", a.json, "Changes as JSON, one object a line");
  c.add_flag("--messages", a.messages, "Changes as messages of OSSEC's queue; with -0 each ends in a zero byte");
  c.add_flag("-0", a.nul, "See --messages");
  c.add_flag("--give-way", a.give_way, "Low priority for processor and disk");
  c.add_option("--threads", a.threads, "Threads that read (default: one for each processor)")
      ->check(CLI::Range(1, 256));
  c.add_flag("-q,--quiet", a.quiet, "No closing summary");
}

void add_small_commands(CLI::App& app, Parsed& p) {
  CLI::App& check = *app.add_subcommand("check", "Every configuration, decoder and rule error at once, with its place");
  add_ruleset_options(check, p.check);

  CLI::App& lists = *app.add_subcommand("makelists", "Compile the lists of the configuration for look-up");
  add_ruleset_options(lists, p.makelists);
  lists.add_flag("-F", p.makelists.force, "Compile also what is up to date, and name each entry");

  CLI::App& regex = *app.add_subcommand("regex", "Try a pattern on lines of standard input");
  regex.add_option("PATTERN", p.regex.pattern, "The pattern")->required();
  regex.add_option("--dialect", p.regex.dialect, "os_regex, os_match or pcre2 (default: the first two)")
      ->check(CLI::IsMember({"os_regex", "os_match", "pcre2"}));

  CLI::App& explain = *app.add_subcommand(
      "explain", "The reference manual: options, rules, decoders, patterns, diagnostics, man, completion");
  explain
      .add_option("TOPIC", p.explain.topic,
                  "options, internal-options, rules, decoders, patterns, diagnostics, man [COMMAND], completion SHELL")
      ->expected(0, 2);
  explain.add_option("--write", p.explain.write_to, "Write the reference pages into DIR")->type_name("DIR");
}

void add_respond(CLI::App& app, RespondArguments& a) {
  using What = RespondArguments::What;
  CLI::App& c = *app.add_subcommand("respond", "Active response: what is blocked, undo, run by hand, rehearse");
  c.require_subcommand(1);
  const auto add = [&](const char* name, What what, const char* text) {
    CLI::App& sub = *c.add_subcommand(name, text);
    add_ruleset_options(sub, a);
    sub.parse_complete_callback([&a, what] { a.what = what; });
    return &sub;
  };
  const auto form = [&](CLI::App& sub) {
    sub.add_option("-o,--output", a.output, "Form: table, json")->check(CLI::IsMember({"table", "json"}));
  };
  CLI::App& list = *add("list", What::List, "What is in force, and when it will be undone");
  form(list);
  CLI::App& undo = *add("undo", What::Undo, "Undo now");
  undo.add_option("WHAT", a.target, "An alert id, an address, or all")->required();
  CLI::App& by_hand =
      *add("run", What::Run, "Run a response by hand; it is guarded and undone as if an alert had asked");
  by_hand.add_option("RESPONSE", a.response, "Its name in ar.conf, or that of its command")->required();
  by_hand.add_option("ACTION", a.action, "add or delete")->required()->check(CLI::IsMember({"add", "delete"}));
  by_hand.add_option("ADDRESS", a.srcip, "The source");
  by_hand.add_option("--user", a.user, "The user, for responses that expect one")->type_name("NAME");
  by_hand.add_option("--file", a.file, "The file, for responses that expect one")->type_name("PATH");
  CLI::App& rehearse = *add("rehearse", What::Rehearse, "Whom would this configuration have blocked? Nothing is run");
  rehearse.add_option("--since", a.since, "How far back: 7d, 12h, 30m, or a time (default: 7d)")->type_name("WHEN");
  rehearse.add_option("FILE", a.files, "Alert files in the order of their times (default: those of the home)");
  form(rehearse);
}

void add_alerts_home(CLI::App& c, AlertsArguments& a) {
  c.add_option("-D,--home", a.home, "Home: logs and index lie below it")->type_name("DIR");
  c.add_option("--since", a.since, "From then on: 2h, 30m, 7d, today, yesterday, 2026-01-15, \"2026-01-15 12:00\"")
      ->type_name("TIME");
}

void add_alerts_query(CLI::App& c, AlertsArguments& a) {
  add_alerts_home(c, a);
  c.add_option("--until", a.until, "Before then")->type_name("TIME");
  c.add_option("-l,--level", a.level, "Of this level or above")->type_name("N");
  c.add_option("-r,--rule", a.rules, "Of this rule; repeatable")
      ->type_name("ID")
      ->type_size(1)
      ->allow_extra_args(false);
  c.add_option("-g,--group", a.group, "Of this group")->type_name("NAME");
  c.add_option("-a,--address", a.address, "From or to this address or network")->type_name("IP[/BITS]");
  c.add_option("-u,--user", a.user, "From or to this user")->type_name("NAME");
  c.add_option("--host", a.host, "Of this host or agent")->type_name("NAME");
  c.add_flag("-f,--follow", a.follow, "Show new alerts as they come");
  c.add_flag("--oldest-first", a.oldest_first, "The oldest first (default: the newest)");
  c.add_option("-n,--limit", a.limit, "At most so many (default: 50; 0: all)")->type_name("N");
  c.add_option("-o,--output", a.output, "Form: table, json, ndjson, csv, text")
      ->check(CLI::IsMember({"table", "json", "ndjson", "csv", "text"}));
  c.add_option("--tz", a.zone, "Time zone of dates (default: the system's)")->type_name("ZONE");
  c.add_option(
      "TEXT", a.words,
      "Words that the alert must hold; \"several words\" in quotes stand together, fail* is a beginning, -word "
      "behind another one must not be there");
}

void add_alerts(CLI::App& app, AlertsArguments& a) {
  CLI::App& c = *app.add_subcommand("alerts", "Search and follow stored alerts; verify them; make their index again");
  c.require_subcommand(0, 1);
  add_alerts_query(c, a);
  CLI::App& query = *c.add_subcommand("query", "Search: what `gander alerts` does without another word");
  add_alerts_query(query, a);
  CLI::App& verify =
      *c.add_subcommand("verify", "Check the hash chain of the alert files: nothing edited, cut, removed or put in");
  add_alerts_home(verify, a);
  verify.callback([&a] { a.action = AlertsArguments::Action::Verify; });
  CLI::App& reindex = *c.add_subcommand("reindex", "Make the index again from alerts.log or alerts.json");
  reindex.add_option("-D,--home", a.home, "Home: logs and index lie below it")->type_name("DIR");
  reindex.add_option("DAY", a.days, "Days such as 2026-01-15 (default: all)");
  reindex.callback([&a] { a.action = AlertsArguments::Action::Reindex; });
}

void add_scan(CLI::App& app, ScanArguments& a) {
  CLI::App& c = *app.add_subcommand("scan", "Look through files for what must not lie there (exit status 1: found)");
  c.add_flag("--sensitive", a.sensitive,
             "Card numbers, IBANs, US social security numbers, private keys, tokens, passwords; shown masked")
      ->required();
  c.add_option("PATH", a.paths,
               "Files, directories with all below them, or - for standard input; links are not followed")
      ->required();
  c.add_option("--kinds", a.kinds, "Only these: card, iban, ssn, key, token, password, with commas")
      ->type_name("KINDS");
  c.add_option("-o,--output", a.output, "Form: table, json (one object a line)")
      ->check(CLI::IsMember({"table", "json"}));
  c.add_option("--max-size", a.max_size, "Leave larger files out, in bytes, or with K, M, G (default: none)")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false));
  c.add_flag("-q,--quiet", a.quiet, "No summary on standard error");
}

std::unique_ptr<CLI::App> make_app(Parsed& p) {
  auto app = std::make_unique<CLI::App>(
      "Gander watches a host: it reads OSSEC's configuration, decoders and rules, and raises the same alerts.",
      "gander");
  app->require_subcommand(1);
  app->set_version_flag("-V,--version", std::string("gander ") + kVersion);
  app->get_formatter()->column_width(34);
  add_logtest(*app, p.logtest);
  add_replay(*app, p.replay);
  add_report(*app, p);
  add_integrity(*app, p.integrity);
  add_scan(*app, p.scan);
  add_small_commands(*app, p);
  add_init(*app, p.init);
  add_run(*app, p.run);
  add_responder(*app, p.responder);
  add_host_commands(*app, p.host);
  add_respond(*app, p.respond);
  add_alerts(*app, p.alerts);
  add_rules(*app, p.rules);
  for (const Example& e : kExamples) app->get_subcommand(e.command)->footer(e.text);
  return app;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t i = 0; i + 1 < words.size(); i += 2) out.emplace_back(words[i], words[i + 1]);
  return out;
}

Arguments chosen(const CLI::App& app, Parsed& p) {
  const std::string name = app.get_subcommands().front()->get_name();
  if (name == "logtest") return p.logtest;
  if (name == "replay") return p.replay;
  if (name == "check") return p.check;
  if (name == "makelists") return p.makelists;
  if (name == "regex") return p.regex;
  if (name == "respond") return p.respond;
  if (name == "integrity") return p.integrity;
  if (name == "scan") return p.scan;
  if (name == "explain") return p.explain;
  if (name == "init") return p.init;
  if (name == "run") return p.run;
  if (name == "responder") return p.responder;
  if (name == "status" || name == "reload" || name == "restart" || name == "stop") {
    p.host.word = name;
    return p.host;
  }
  if (name == "alerts") return p.alerts;
  if (name == "rules") return p.rules;
  p.report.filters = pairs_of(p.filter_words);
  p.report.relations = pairs_of(p.relation_words);
  return p.report;
}

}  // namespace

Arguments parse_gander_arguments(int argc, char** argv) {
  Parsed parsed;
  const std::unique_ptr<CLI::App> app = make_app(parsed);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return HelpShown{app->exit(e) == 0 ? 0 : 2};
  }
  return chosen(*app, parsed);
}

std::vector<std::string> command_names() {
  Parsed parsed;
  const std::unique_ptr<CLI::App> app = make_app(parsed);
  std::vector<std::string> names;
  for (const CLI::App* command : app->get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::string manual_page(const std::string& command) {
  Parsed parsed;
  if (is_database_tool(command)) return manual_page_of_tool(command, database_tool_help(command));
  return manual_page_of(*make_app(parsed), command);
}

std::string completion_script(const std::string& shell) {
  Parsed parsed;
  return completion_of(*make_app(parsed), shell);
}

}  // namespace gander::cli
