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

struct ExplainArguments {
  std::vector<std::string> topic;  // and what it is about: {"man", "replay"}
  std::string write_to;            // directory of docs/reference
};

struct HelpShown {
  int status = 0;
};

using Arguments = std::variant<LogtestArguments, ReplayArguments, ReportArguments, CheckArguments, MakelistsArguments,
                               RegexArguments, ExplainArguments, HelpShown>;

Arguments parse_gander_arguments(int argc, char** argv);
Arguments parse_ossec_arguments(const std::string& tool, int argc, char** argv);

// roff manual page of `gander` or one command, and completion scripts, from the same declarations as --help.
std::string manual_page(const std::string& command);
std::string completion_script(const std::string& shell);
std::vector<std::string> command_names();

}  // namespace gander::cli
