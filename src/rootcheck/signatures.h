// Signatures: names of files that rootkits leave, and texts that replaced programs hold.
//
// Owns:    its lists and compiled expressions.
// Threads: values; a Trojan's expression may be used by one thread at a time.
// Fails:   lines that are not understood are findings with file and line (I030, I034); the others count.
// OSSEC:   both formats as there; names with blanks are kept whole (4.3 cuts them at the first).
#pragma once

#include <regex.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/compat.h"

namespace gander::rootcheck {

struct FileSignature {
  std::string path;  // relative to the base directory; of a global one the name alone
  std::string name;
  bool global = false;  // looked for everywhere
};

struct TrojanSignature {
  std::string file;  // absolute, or a name looked for in bin, sbin, usr/bin, usr/sbin
  std::string text;  // of the expression
  std::string description;
  std::shared_ptr<regex_t> expression;
};

constexpr size_t kMostGlobalNames = 512;  // OSSEC's limit

std::vector<FileSignature> parse_file_signatures(std::string_view text, const std::string& file, model::Compat compat,
                                                 Diagnostics& findings);
std::vector<TrojanSignature> parse_trojan_signatures(std::string_view text, const std::string& file,
                                                     model::Compat compat, Diagnostics& findings);

// Lines of a file with their numbers, without blanks in front and line end; comments and empty lines are left out.
struct NumberedLine {
  std::string_view text;
  int number = 0;
  int column = 1;  // of the first byte of `text`
};
std::vector<NumberedLine> lines_of(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace gander::rootcheck
