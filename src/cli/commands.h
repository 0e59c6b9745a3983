// The commands behind the command line; each returns the exit status of the program.
//
// Exit status: 0 good, 1 what was asked for was not so, 2 usage or configuration error; OSSEC names keep OSSEC's.
#pragma once

#include "cli/arguments.h"

namespace gander::cli {

int run(const LogtestArguments& arguments);
int run(const ReplayArguments& arguments);
int run(const ReportArguments& arguments);
int run(const CheckArguments& arguments);
int run(const MakelistsArguments& arguments);
int run(const RegexArguments& arguments);
int run(const ScanArguments& arguments);
int run(const RespondArguments& arguments);
int run(const IntegrityArguments& arguments);
int run(const ExplainArguments& arguments);
int run(const RunArguments& arguments);
int run(const ResponderArguments& arguments);
int run(const InitArguments& arguments);
int run(const HostArguments& arguments);
int run(const ControlArguments& arguments);
int run(const DatabaseArguments& arguments);
int run(const AlertsArguments& arguments);
int run(const RulesArguments& arguments);

}  // namespace gander::cli
