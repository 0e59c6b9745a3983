#include "rules/make_lists.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <utility>

#include "base/file.h"
#include "rules/cdb_list.h"

namespace gander::rules {
namespace {

namespace fs = std::filesystem;

bool outdated(const ListSource& list) {
  std::error_code error;
  const auto text = fs::last_write_time(list.text_path, error);
  if (error) return false;
  const auto compiled = fs::last_write_time(list.cdb_path, error);
  return error || text > compiled;
}

std::string system_words(int number) {
  return "[(" + std::to_string(number) + ")-(" + std::strerror(number) + ")]";
}

void say_entry(std::string_view key, std::string_view value, void* to) {
  *static_cast<std::ostream*>(to) << "  * adding - key: " << key << " value: " << value << "\n";
}

}  // namespace

size_t make_lists(std::span<const ListSource> lists, MakeLists which, std::ostream& out, std::ostream& err,
                  const std::function<void(const std::string&)>& log) {
  size_t failed = 0;
  for (const ListSource& list : lists) {
    if (which == MakeLists::Outdated && !outdated(list)) {
      out << " * File " << list.name << ".cdb does not need to be compiled\n";
      continue;
    }
    errno = 0;
    const Result<std::string> text = base::read_file(list.text_path);
    if (!text) {
      log("ossec-analysisd(1103): ERROR: Could not open file '" + list.name + "' due to " +
          system_words(errno != 0 ? errno : EIO) + ".");
      ++failed;
      continue;
    }
    out << " * File " << list.name << ".cdb needs to be updated\n";
    const bool all = which == MakeLists::All;
    const std::string compiled = compile_list(*text, all ? &say_entry : nullptr, &err);
    const Result<void> written = base::write_file_atomically(list.cdb_path, compiled);
    if (!written) {
      log("ossec-analysisd: ERROR: " + written.error().message);
      ++failed;
    }
  }
  return failed;
}

}  // namespace gander::rules
