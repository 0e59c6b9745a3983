#include "respond/home_scripts.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace gander::respond {
namespace fs = std::filesystem;

namespace {

std::error_code link_one(const fs::path& script, const fs::path& link) {
  std::error_code error;
  if (fs::exists(link, error)) return {};
  fs::remove(link, error);  // a dead link
  fs::create_symlink(fs::absolute(script), link, error);
  return error;
}

std::error_code link_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::is_directory(from, error)) return {};
  if (!fs::exists(to, error)) {
    fs::create_directories(to, error);
    if (error) return error;
    ::chmod(to.c_str(), 0750);
    ::chmod(to.parent_path().c_str(), 0750);
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
    if (error = link_one(entry.path(), to / entry.path().filename()); error) return error;
  }
  return error;
}

}  // namespace

Result<void> link_scripts(const std::string& shipped, const std::string& home) {
  std::error_code error;
  if (fs::equivalent(shipped, home, error)) return {};
  for (const char* const folder : {"active-response/bin", "active-response/lib"}) {
    const fs::path to = fs::path(home) / folder;
    if (error = link_folder(fs::path(shipped) / folder, to); error)
      return fail("V003", "cannot make '" + to.string() + "': " + error.message(), {to.string()});
  }
  return {};
}

}  // namespace gander::respond
