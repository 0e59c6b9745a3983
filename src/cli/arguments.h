// What the command line asked for, as plain values; filled by app.cpp (gander …) and ossec_names.cpp (ossec-…).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/compat.h"

namespace gander::cli {

// Which tool speaks: `gander COMMAND`, or an OSSEC name with its habits (report on standard error, its log lines).
enum class Door { Gander, Ossec };

// Whether the compiled rule is_valid_crawler may ask name servers about addresses in the log.
enum class NameLookups { Ask, Never };

struct RulesetArguments {
  Door door = Door::Gander;
  NameLookups names = NameLookups::Ask;
  std::string home;    // empty: found (layout.h)
  std::string config;  // empty: etc/ossec.conf of the home
  model::Compat compat = model::Compat::Mended;
  int load_threads = 1;
};

struct StreamArguments : RulesetArguments {
  std::string clock;     // empty: the command's own default
  std::string zone;      // empty: the system's
  std::string hostname;  // empty: the system's
  std::optional<int> year;
};

struct LogtestArguments : StreamArguments {
  bool alerts_only = false;  // -a
  bool verbose = false;      // -v
  bool quiet = false;        // -q
  bool test_only = false;    // -t
  bool trace = false;
  bool debug = false;                    // -d: accepted, no effect
  std::optional<std::string> unit_test;  // -U RULE:LEVEL:DECODER
};

struct ReplayArguments : StreamArguments {
  std::vector<std::string> files;  // "-" is standard input
  int threads = 0;                 // 0: one for each processor
  std::string output;              // empty: one coloured line an alert on a terminal, else text
  std::string schema = "ossec";
  std::string location;  // empty: the file's name
  bool report = false;
  bool keep_state = false;
  bool resolve = false;  // let is_valid_crawler ask name servers
  bool quiet = false;
};

struct ReportArguments {
  Door door = Door::Gander;
  model::Compat compat = model::Compat::Mended;
  std::vector<std::pair<std::string, std::string>> filters;
  std::vector<std::pair<std::string, std::string>> relations;
  std::string title;
  bool show_alerts = false;
  bool test_only = false;
  std::string output = "text";
  std::string zone;
  std::vector<std::string> files;
  std::string since;  // set: alerts of the home by their time
  std::string until;
  bool mail = false;  // to the recipients of the configuration
  std::string home;
  std::string config;
};

struct CheckArguments : RulesetArguments {};

struct MakelistsArguments : RulesetArguments {
  bool force = false;
};

struct RegexArguments {
  std::string pattern;
  std::string dialect;  // empty: as ossec-regex does
};

struct RespondArguments : RulesetArguments {
  enum class What { List, Undo, Run, Rehearse } what = What::List;
  std::string target;              // undo: alert id, address or "all"
  std::string response;            // run
  std::string action;              // run: add, delete
  std::string srcip;               // run
  std::string user;                // run
  std::string file;                // run
  std::string since;               // rehearse: "7d", or a time
  std::vector<std::string> files;  // rehearse: instead of the home's alerts
  std::string output = "table";    // table, json
};

struct IntegrityArguments : RulesetArguments {
  std::string action;              // scan, status, history, accept, verify, watch
  std::vector<std::string> paths;  // empty: everything that is watched
  bool force = false;              // read also what has the same metadata
  bool messages = false;           // queue messages instead of event texts
  bool nul = false;                // messages end in a zero byte instead of a newline
  bool json = false;
  bool package = false;   // accept only what the package database explains
  bool give_way = false;  // low priority
  bool quiet = false;
  int threads = 0;
};

struct ScanArguments {
  bool sensitive = false;          // what to look for; there is nothing else yet
  std::vector<std::string> paths;  // "-" is standard input
  std::string kinds;               // empty: all
  std::string output = "table";    // table, json
  unsigned long max_size = 0;      // bytes of a file; 0: any
  bool quiet = false;              // no summary
};

struct ExplainArguments {
  std::vector<std::string> topic;  // and what it is about: {"man", "replay"}
  std::string write_to;            // directory of docs/reference
};

struct RunArguments : RulesetArguments {
  std::string state;      // --state: where queue/ and logs/ lie; empty: as the layout says
  std::string zone;       // empty: the system's
  std::string hostname;   // empty: the system's
  std::string responder;  // socket of a responder that is a unit of its own; empty: a child
  std::string user;       // whom the other processes become
  bool show_alerts = false;
  bool quiet = false;  // no log lines on standard error
};

// `gander responder`: the other half of run --responder.
struct ResponderArguments : RulesetArguments {
  std::string state;
  std::string socket;
  std::string user;  // whose supervisor may connect besides root's
};

struct InitArguments {
  std::string home;  // empty: the installed one
  std::string root;  // the host to look at lies below it
  std::string from;  // an OSSEC installation to take over
  bool force = false;
};

// A word for the host that is watched: status, reload, restart, stop.
struct HostArguments : RulesetArguments {
  std::string word;
  std::string state;
  std::string output = "text";
};

// ossec-control {start|stop|reload|restart|status}
struct ControlArguments : RulesetArguments {
  std::string word;
};

// syscheck_control, syscheck_update and rootcheck_control: what analysis keeps of each agent, listed and cleared.
struct DatabaseArguments : RulesetArguments {
  enum class Kind { Files, Roots } kind = Kind::Files;
  enum class What { Agents, Show, Clear, Count, Ignore } what = What::Show;
  enum class Form { Text, Csv, Json } form = Form::Text;
  std::string tool;  // the name it was called by
  std::string id;    // "000", "local", "all" (clear), or the id of an agent
  bool active_only = false;
  bool registry = false;
  std::string pattern;  // os_match on paths; empty: only changes, without details
  enum class Part { Both, Resolved, Outstanding } part = Part::Both;
  bool last_scan = false;
};

struct AlertsArguments {
  enum class Action { Query, Verify, Reindex };

  Action action = Action::Query;
  std::string home;  // empty: found (layout.h)
  std::string zone;
  std::string since;
  std::string until;
  int level = 0;
  std::vector<int> rules;
  std::string group;
  std::string address;
  std::string user;
  std::string host;
  std::vector<std::string> words;  // text that must be in the alert
  bool follow = false;
  bool oldest_first = false;
  unsigned long limit = 50;  // 0: all
  std::string output = "table";
  std::vector<std::string> days;  // reindex
};

// gander rules WORD
struct RulesArguments : RulesetArguments {
  enum class What { Test, Coverage, Check, Explain, Backtest, List, Show, New } what = What::List;
  std::vector<std::string> paths;  // test, coverage, check: files and folders of tests; backtest: logs
  std::string output = "table";    // table, json
  bool conditions = false;         // coverage: name the conditions, too
  std::vector<int> ids;            // list, show; the one of explain
  std::vector<std::string> lines;  // explain
  std::string file;                // list: part of a name; backtest: the rule file; new: sample lines
  std::string decoders;            // backtest: a decoder file to go with it
  std::string since;               // backtest
  int level = 0;                   // list
  std::string group;               // list
  std::string tag;                 // list
  std::vector<std::string> words;  // list
  bool attack = false;             // list
  std::string zone;
  std::string name;    // new
  std::string folder;  // new: where to; empty: a folder of that name here
  int first_id = 100100;
};

struct HelpShown {
  int status = 0;
};

using Arguments = std::variant<LogtestArguments, ReplayArguments, ReportArguments, CheckArguments, MakelistsArguments,
                               RegexArguments, RespondArguments, IntegrityArguments, ScanArguments, ExplainArguments,
                               RunArguments, ResponderArguments, InitArguments, HostArguments, AlertsArguments,
                               ControlArguments, DatabaseArguments, RulesArguments, HelpShown>;

Arguments parse_gander_arguments(int argc, char** argv);
// Whether a program of this name is one of OSSEC's that gander stands in for.
bool is_ossec_tool(const std::string& tool);
Arguments parse_ossec_arguments(const std::string& tool, int argc, char** argv);

// roff manual page of `gander` or one command, and completion scripts, from the same declarations as --help.
std::string manual_page(const std::string& command);
std::string completion_script(const std::string& shell);
std::vector<std::string> command_names();

}  // namespace gander::cli
