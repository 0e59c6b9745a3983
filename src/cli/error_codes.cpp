#include "cli/error_codes.h"

#include <algorithm>
#include <span>

#include "decode/decoder_reference.h"
#include "rules/rule_reference.h"

namespace gander::cli {
namespace {

// Of modules without a table of their own.
constexpr CodeMeaning kOthers[] = {
    {"A001", "The reader of the output has gone (closed pipe)."},
    {"A002", "The output cannot be written."},
    {"A100", "A report has no such filter."},
    {"A101", "A report cannot list related entries of this name."},
    {"A102", "A report cannot relate to this name."},
    {"A103", "A report filter has a value that it cannot use."},
    {"A201", "A file of the store cannot be written; the batch waits and is tried again."},
    {"A202", "The spool of alerts is full: a reader is behind; sources wait."},
    {"A203", "The state (queue/gander.db) cannot be used."},
    {"A204", "The spool, a place in it or a stored log cannot be read."},
    {"A205", "Another Gander writes the same home."},
    {"A206", "The key of the alerts' hash chain cannot be read or made."},
    {"A207", "An index of alerts cannot be read or written."},
    {"A208", "A question to the stored alerts cannot be understood."},
    {"C040", "There is no such time zone."},
    {"C041", "A time cannot be read."},
    {"C042", "A clock is none of wall, event, @FILE or a time."},
    {"C043", "No configuration was found."},
    {"C044", "The configuration names no rules."},
    {"C045", "There is no such user."},
    {"C046", "A period of time cannot be read, or is empty."},
    {"I001", "A file cannot be opened or read."},
    {"I002", "A file cannot be written."},
    {"I003", "A local socket cannot be used."},
    {"I010", "An input cannot be opened."},
    {"I011", "An input is a directory."},
    {"I012", "An input cannot be read."},
    {"I013", "Compressed data are damaged."},
    {"I014", "Compressed data end too early."},
    {"I020", "The baseline of watched files cannot be opened, or there is none yet."},
    {"I021", "The key of the baseline of watched files cannot be read or written."},
    {"I022", "The baseline of watched files is damaged, cut, or of another version."},
    {"I023", "The baseline of watched files cannot be read or written (a full disk, a lock)."},
    {"I024", "The system gives no way to watch files as they change."},
    {"I025", "A pattern of watched directories matches nothing."},
    {"I030", "A line of a file of rootkit signatures is none."},
    {"I031", "A variable of a policy file is not defined as it must be."},
    {"I032", "The head of an entry of a policy file is wrong."},
    {"I033", "A test of a policy file is wrong."},
    {"I034", "A pattern of a policy or signature file does not compile."},
    {"I015", "A compression that is not supported."},
    {"K001", "A section of rule tests (.ini) is incomplete."},
    {"K002", "A line of field tests (.tsv) cannot be read."},
    {"K003", "A test of a sequence has a wrong number of answers or times."},
    {"K004", "A path holds no tests."},
    {"K005", "A line of no_line.txt cannot be read."},
    {"K010", "There are no sample lines to make rules from."},
    {"K011", "There are no free rule ids."},
    {"K012", "The rules made from sample lines do not catch one of them."},
    {"K013", "A name for new rules cannot be used, or its folder is there."},
    {"K014", "The ruleset has no such rule."},
    {"R220", "A rule and one above it ask for different decoders: it is never reached."},
    {"R221", "A rule asks for more than one that comes first and is always taken: it is never reached."},
    {"R222", "A rule asks for the same as another."},
    {"R223", "No test expects a rule."},
    {"R224", "A rule of level 3 or above has no tag."},
    {"R225", "A repeated group of a pattern repeats again inside, which can be slow."},
    {"V001", "A request for a response is damaged, too long, or holds a zero byte."},
    {"V002", "Another responder works on the same state."},
    {"V003", "The state, the scripts or the processes of active response cannot be used."},
    {"V004", "The responder cannot be reached, or its socket cannot be made."},
    {"V005", "What was asked of the responder cannot be done."},
    {"V006", "Addresses and routes of this host cannot be read."},
    {"N001", "Another process sends mail from this home."},
    {"N002", "The page for metrics cannot be opened."},
    {"N003", "A report cannot be mailed: server, sender or recipient is missing."},
    {"N004", "A mail in the spool is damaged."},
};

}  // namespace

std::vector<CodeMeaning> all_error_codes() {
  std::vector<CodeMeaning> all(std::begin(kOthers), std::end(kOthers));
  for (const std::span<const CodeMeaning> table :
       {config::config_codes(), decode::decode_codes(), rules::rule_codes()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  std::sort(all.begin(), all.end(), [](const CodeMeaning& a, const CodeMeaning& b) { return a.code < b.code; });
  return all;
}

}  // namespace gander::cli
