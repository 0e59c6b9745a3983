#include "cli/layout.h"

#include <unistd.h>

#include <climits>
#include <filesystem>

#include "base/file.h"

namespace gander::cli {
namespace {

constexpr const char* kInstalledHome = "/var/lib/gander";
constexpr const char* kOssecHome = "/var/ossec";

bool has_configuration(const std::string& home) {
  return base::exists(base::join(home, "etc/ossec.conf"));
}

std::filesystem::path program_folder() {
  char path[PATH_MAX];
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof path);
  return n > 0 ? std::filesystem::path(std::string(path, static_cast<size_t>(n))).parent_path() : ".";
}

Layout in_home(const std::string& home, const RulesetArguments& arguments) {
  return {home, home, arguments.config.empty() ? base::join(home, "etc/ossec.conf") : arguments.config};
}

}  // namespace

Result<Layout> find_layout(const RulesetArguments& arguments) {
  if (!arguments.home.empty()) return in_home(arguments.home, arguments);
  if (arguments.door == Door::Ossec && has_configuration(kOssecHome)) return in_home(kOssecHome, arguments);
  if (has_configuration(kInstalledHome)) return in_home(kInstalledHome, arguments);
  const Result<Layout> shipped = find_shipped_layout();
  if (shipped) {
    Layout layout = *shipped;
    if (!arguments.config.empty()) layout.config = arguments.config;
    return layout;
  }
  if (!arguments.config.empty()) return in_home(".", arguments);
  return fail("C043", "no configuration found; name one with -c FILE or a home with --home DIR");
}

Result<Layout> find_shipped_layout() {
  const std::filesystem::path folder = program_folder();
  const std::string shipped = (folder / "../share/gander").lexically_normal().string();
  if (has_configuration(shipped)) {
    Layout layout = in_home(shipped, {});
    layout.state = kInstalledHome;
    return layout;
  }
  const std::string checkout = (folder / "../..").lexically_normal().string();
  if (has_configuration(checkout)) {
    Layout layout = in_home(checkout, {});
    layout.state = base::join(checkout, "var");
    return layout;
  }
  return fail("C043", "the configuration that came with the program is not where it was installed");
}

bool is_shipped(const std::string& config) {
  const Result<Layout> shipped = find_shipped_layout();
  std::error_code missing;
  return shipped && std::filesystem::equivalent(config, shipped->config, missing);
}

std::string installed_home() {
  return kInstalledHome;
}

}  // namespace gander::cli
