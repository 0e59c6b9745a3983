// syscheck_control, syscheck_update and rootcheck_control: their flags. Help and complaints go to standard output, exit
// status 1, as there.

#include <getopt.h>

#include <array>
#include <iostream>

#include "cli/ossec_names.h"
#include "cli/version.h"

namespace gander::cli {
namespace {

struct Tool {
  std::string_view name;
  const char* options;  // of getopt
  std::string_view help;
};

constexpr std::array<Tool, 3> kTools = {{
    {"syscheck_control", ":VhDlcrzdsju:i:f:",
     "\nOSSEC HIDS syscheck_control: what is known of the files of each agent\n"
     "  -l          list agents; -lc: only those that are active\n"
     "  -i ID       the files of an agent that changed (000 or local: this host)\n"
     "  -r -i ID    the same for the registry of Windows\n"
     "  -f PATTERN  with -i: details of each entry whose path matches (os_match: ^ $ |)\n"
     "  -z          with -i and -f: set its counter back to one change\n"
     "  -d          with -i and -f: ignore further changes of it\n"
     "  -u ID       forget everything about an agent (all: of all agents)\n"
     "  -s          comma separated   -j  JSON\n"
     "  -V  version   -h  this text   -D  accepted, no effect\n"
     "gander integrity status|history|accept|verify knows more about this host's own files.\n"},
    {"syscheck_update", ":Vhlau:",
     "\nOSSEC HIDS syscheck_update: forgets what is known of the files of agents\n"
     "  -l     list agents\n"
     "  -a     forget everything about all of them\n"
     "  -u ID  forget everything about one (000 or local: this host)\n"
     "  -V  version   -h  this text\n"},
    {"rootcheck_control", ":VhDlcrqLsju:i:",
     "\nOSSEC HIDS rootcheck_control: what root checks and policies found on each agent\n"
     "  -l     list agents; -lc: only those that are active\n"
     "  -i ID  the findings of an agent (000 or local: this host)\n"
     "  -r     with -i: only those that are resolved: not seen for a day when the last check began\n"
     "  -q     with -i: only those that are outstanding\n"
     "  -L     with -i: the time of the last check, and findings without times\n"
     "  -u ID  forget everything about an agent (all: of all agents); what is still there is told again\n"
     "  -s     comma separated   -j  JSON\n"
     "  -V  version   -h  this text   -D  accepted, no effect\n"},
}};

const Tool* tool_named(std::string_view name) {
  for (const Tool& tool : kTools) {
    if (tool.name == name) return &tool;
  }
  return nullptr;
}

// The flags as they were given.
struct Given {
  std::string flags;
  std::string show, clear, pattern;
  bool has(char flag) const { return flags.find(flag) != std::string::npos; }
  bool any(std::string_view list) const { return flags.find_first_of(list) != std::string::npos; }
};

// Why these flags do not go together; empty: they do.
std::string conflict(const Tool& tool, const Given& g) {
  const bool files = tool.name == "syscheck_control";
  if (g.has('u') && g.any(files ? "rifzdl" : "riqLl")) {
    return files ? "-u (clear database) cannot be combined with -r, -i, -f, -z, -d, or -l.\n"
                   "   To run an integrity scan, use: gander integrity scan"
                 : "-u (clear database) cannot be combined with -r, -q, -L, -i, or -l.";
  }
  if (files && g.any("fzd") && !g.has('i')) return "-f/-z/-d require -i <id>.";
  if (files && g.any("zd") && !g.has('f')) return "-z/-d require -f <pattern>.";
  if (files && g.has('z') && g.has('d')) return "-z cannot be combined with -d.";
  if (g.has('r') && !g.has('i')) return "-r requires -i <id>.";
  if (g.any("qL") && !g.has('i')) return "-q/-L require -i <id>.";
  if (!files && g.has('r') && g.has('q')) return "-r cannot be combined with -q.";
  if (g.has('l') && g.any("iau")) return "-l cannot be combined with other actions.";
  if (g.has('c') && !g.has('l')) return "-c must be used with -l (list active agents only).";
  if (g.has('a') && g.has('u')) return "-a cannot be combined with -u.";
  return {};
}

DatabaseArguments arguments_of(const Tool& tool, const Given& g) {
  using What = DatabaseArguments::What;
  using Part = DatabaseArguments::Part;
  DatabaseArguments a;
  a.door = Door::Ossec;
  a.tool = tool.name;
  a.kind = tool.name == "rootcheck_control" ? DatabaseArguments::Kind::Roots : DatabaseArguments::Kind::Files;
  a.what = g.has('l') ? What::Agents : g.any("ua") ? What::Clear : g.has('z') ? What::Count : What::Show;
  if (g.has('d')) a.what = What::Ignore;
  a.id = g.has('a') ? "all" : g.has('u') ? g.clear : g.show;
  a.form = g.has('j')   ? DatabaseArguments::Form::Json
           : g.has('s') ? DatabaseArguments::Form::Csv
                        : DatabaseArguments::Form::Text;
  a.active_only = g.has('c');
  a.pattern = g.pattern;
  if (a.kind == DatabaseArguments::Kind::Files) {
    a.registry = g.has('r');
  } else {
    a.part = g.has('r') ? Part::Resolved : g.has('q') ? Part::Outstanding : Part::Both;
    a.last_scan = g.has('L');
  }
  return a;
}

HelpShown complain(const Tool& tool, std::string_view text) {
  std::cout << "\n** " << text << "\n" << tool.help;
  return {1};
}

}  // namespace

bool is_database_tool(const std::string& tool) {
  return tool_named(tool) != nullptr;
}

std::string database_tool_help(const std::string& tool) {
  const Tool* const known = tool_named(tool);
  return known ? std::string(known->help) : std::string();
}

Arguments parse_database_tool(const std::string& name, int argc, char** argv) {
  const Tool& tool = *tool_named(name);
  Given given;
  ::opterr = 0;
  for (int option = 0; (option = ::getopt(argc, argv, tool.options)) != -1;) {
    const char letter[] = {static_cast<char>(::optopt), '\0'};
    switch (option) {
      case 'V':
        std::cerr << "\ngander " << kVersion << ", answering as OSSEC 4.3 does\n\n";
        return HelpShown{0};
      case 'h':
        std::cout << tool.help;
        return HelpShown{0};
      case ':':
        return complain(tool, std::string("Option -") + letter + " requires an extra argument");
      case '?':
        return complain(tool, std::string("Invalid option '-") + letter + "'.");
      case 'i':
        given.show = optarg;
        break;
      case 'u':
        given.clear = optarg;
        break;
      case 'f':
        given.pattern = optarg;
        break;
      default:
        break;
    }
    given.flags += static_cast<char>(option);
  }
  if (optind < argc) return complain(tool, std::string("Unexpected argument '") + argv[optind] + "'.");
  if (!given.any("liua")) {
    std::cout << tool.help;
    return HelpShown{1};
  }
  if (const std::string why = conflict(tool, given); !why.empty()) return complain(tool, why);
  DatabaseArguments arguments = arguments_of(tool, given);
  arguments.home = home_of_link(argv[0], name);
  return arguments;
}

}  // namespace gander::cli
