// The same program under the names of OSSEC's tools: their flags, their streams, their exit statuses.

#include <getopt.h>
#include <unistd.h>

#include <iostream>

#include "base/file.h"
#include "cli/arguments.h"
#include "cli/ossec_names.h"
#include "cli/version.h"

namespace gander::cli {

std::string home_of_link(const std::string& called, const std::string& name) {
  const size_t slash = called.find_last_of('/');
  if (slash == std::string::npos) return {};
  const std::string home = base::join(called.substr(0, slash), "..");
  const bool good = base::exists(base::join(home, "etc/ossec.conf")) && base::exists(base::join(home, "bin/" + name));
  return good ? home : std::string();
}

namespace {

HelpShown show(const std::string& text, int status) {
  std::cerr << text;
  return {status};
}

HelpShown version() {
  return show(std::string("\ngander ") + kVersion + ", answering as OSSEC 4.3 does\n\n", 0);
}

constexpr const char* kLogtestUsage =
    "usage: ossec-logtest [-Vhdtvaq] [-c CONFIG] [-D HOME] [-U RULE:LEVEL:DECODER]\n"
    "  -V  version                     -h  this text\n"
    "  -a  alerts only, on standard output\n"
    "  -v  show every rule that is tried\n"
    "  -q  do not name the decoder files at the start\n"
    "  -t  load everything, then stop  -d  accepted, no effect\n"
    "  -c  configuration file          -D  home\n"
    "  -U  expect this outcome; the exit status says what differs\n"
    "Reads one log line a line from standard input. `gander logtest --help` has more flags.\n";

constexpr const char* kReportUsage =
    "usage: ossec-reportd [-Vdhst] [-n TITLE] [-f FILTER VALUE]... [-r NAME RELATED]...\n"
    "  -f  only alerts where FILTER (group, rule, level, location, srcip, user, filename) fits VALUE\n"
    "  -r  for each NAME list the related values of RELATED\n"
    "  -n  title   -s  append the alerts   -t  stop before reading\n"
    "Reads alerts from standard input, writes the report to standard error. `gander report` writes JSON and HTML "
    "too.\n";

constexpr const char* kMakelistsUsage =
    "usage: ossec-makelists [-VhdF] [-c CONFIG] [-D HOME]\n"
    "  -F  compile also what is up to date, and name each entry\n";

constexpr const char* kControlUsage = "usage: ossec-control [-D HOME] {start|stop|reload|restart|status}\n";

Arguments parse_logtest(int argc, char** argv) {
  LogtestArguments a;
  a.door = Door::Ossec;
  a.compat = model::Compat::Ossec43;
  for (int option = 0; (option = ::getopt(argc, argv, "VatvdhqU:D:c:")) != -1;) {
    switch (option) {
      case 'V':
        return version();
      case 'a':
        a.alerts_only = true;
        break;
      case 't':
        a.test_only = true;
        break;
      case 'v':
        a.verbose = true;
        break;
      case 'q':
        a.quiet = true;
        break;
      case 'U':
        a.unit_test = optarg;
        break;
      case 'D':
        a.home = optarg;
        break;
      case 'c':
        a.config = optarg;
        break;
      case 'd':
        break;
      default:
        return show(kLogtestUsage, option == 'h' ? 0 : 1);
    }
  }
  return a;
}

Arguments parse_report(int argc, char** argv) {
  ReportArguments a;
  a.door = Door::Ossec;
  a.compat = model::Compat::Ossec43;
  for (int option = 0; (option = ::getopt(argc, argv, "Vdhstu:g:D:f:v:n:r:")) != -1;) {
    switch (option) {
      case 'V':
        return version();
      case 's':
        a.show_alerts = true;
        break;
      case 't':
        a.test_only = true;
        break;
      case 'n':
        a.title = optarg;
        break;
      case 'f':
      case 'r': {
        // The second word of the pair is the next argument, whatever it looks like.
        if (optind >= argc) return show(kReportUsage, 1);
        auto& list = option == 'f' ? a.filters : a.relations;
        list.emplace_back(optarg, argv[optind++]);
        break;
      }
      case 'd':
      case 'u':
      case 'g':
      case 'D':
      case 'v':
        break;
      default:
        return show(kReportUsage, option == 'h' ? 0 : 1);
    }
  }
  return a;
}

Arguments parse_makelists(int argc, char** argv) {
  MakelistsArguments a;
  a.door = Door::Ossec;
  a.compat = model::Compat::Ossec43;
  for (int option = 0; (option = ::getopt(argc, argv, "VdhFu:g:D:c:t")) != -1;) {
    switch (option) {
      case 'V':
        return version();
      case 'F':
        a.force = true;
        break;
      case 'D':
        a.home = optarg;
        break;
      case 'c':
        a.config = optarg;
        break;
      case 'd':
      case 'u':
      case 'g':
      case 't':
        break;
      default:
        return show(kMakelistsUsage, option == 'h' ? 0 : 1);
    }
  }
  return a;
}

Arguments parse_control(int argc, char** argv) {
  ControlArguments a;
  a.door = Door::Ossec;
  a.home = home_of_link(argv[0], "ossec-control");
  for (int option = 0; (option = ::getopt(argc, argv, "D:")) != -1;) {
    if (option != 'D') return show(kControlUsage, 1);
    a.home = optarg;
  }
  if (optind + 1 != argc) return show(kControlUsage, 1);
  a.word = argv[optind];
  for (const char* word : {"start", "stop", "reload", "restart", "status"}) {
    if (a.word == word) return a;
  }
  return show(kControlUsage, 1);
}

Arguments parse_regex(int argc, char** argv) {
  const bool help = argc == 2 && std::string(argv[1]) == "-h";
  if (argc != 2 || help) {
    std::cout << "\nossec-regex: ossec-regex PATTERN, then lines on standard input\n";
    return HelpShown{help ? 0 : 1};
  }
  RegexArguments a;
  a.pattern = argv[1];
  return a;
}

}  // namespace

bool is_ossec_tool(const std::string& tool) {
  return tool.starts_with("ossec-") || is_database_tool(tool);
}

Arguments parse_ossec_arguments(const std::string& tool, int argc, char** argv) {
  if (tool == "ossec-logtest") return parse_logtest(argc, argv);
  if (tool == "ossec-reportd" || tool == "ossec-reported") return parse_report(argc, argv);
  if (tool == "ossec-makelists") return parse_makelists(argc, argv);
  if (tool == "ossec-control") return parse_control(argc, argv);
  if (tool == "ossec-regex") return parse_regex(argc, argv);
  if (is_database_tool(tool)) return parse_database_tool(tool, argc, argv);
  return show(tool +
                  ": not a tool that gander stands in for: ossec-control, ossec-logtest, ossec-makelists, ossec-regex, "
                  "ossec-reportd, ossec-reported, rootcheck_control, syscheck_control, syscheck_update\n",
              2);
}

}  // namespace gander::cli
