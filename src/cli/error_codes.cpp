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
    {"C040", "There is no such time zone."},
    {"C041", "A time cannot be read."},
    {"C042", "A clock is none of wall, event, @FILE or a time."},
    {"C043", "No configuration was found."},
    {"I001", "A file cannot be opened or read."},
    {"I002", "A file cannot be written."},
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
    {"I015", "A compression that is not supported."},
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
