// find_tests: the tests below files and folders, in packs that each have a ruleset of their own.
//
// A folder is looked through with all that is below it: NAME.ini, NAME.tsv, folders that hold input.log, and
// no_line.txt (rules that no line of a log can reach, with the reason). A folder `mended` holds what only the default
// finds: it is left out with --compat. A folder that holds decoders.xml or rules.xml is a pack: its tests run with
// these files behind those of the configuration.
//
// Threads: a function of its arguments and the files.
// Fails:   K004 for a path that is none of these; K001-K003 as test_file.h says; K005 for a line of no_line.txt.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/rule_info.h"
#include "ruletools/test_file.h"

namespace gander::ruletools {

// A rule that needs no line.
struct Excuse {
  std::string reason;
  SourcePos at;
};

struct TestPack {
  std::string folder;    // empty: the ruleset of the configuration alone
  std::string decoders;  // decoders.xml of the folder; empty: none
  std::string rules;     // rules.xml of the folder; empty: none
  std::vector<TestFile> files;
  std::map<model::RuleId, Excuse> excused;

  size_t tests() const {
    size_t sum = 0;
    for (const TestFile& file : files) sum += file.tests();
    return sum;
  }
};

// The pack of the configuration alone comes first, and is there even when it is empty.
std::vector<TestPack> find_tests(const std::vector<std::string>& paths, model::Compat compat, Diagnostics& diagnostics);

}  // namespace gander::ruletools
