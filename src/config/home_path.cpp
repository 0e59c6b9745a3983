#include "config/home_path.h"

#include "base/file.h"

namespace gander::config {

std::string HomePath::find(const std::string& name, const SourcePos& at) {
  constexpr std::string_view kUsualHome = "/var/ossec/";
  const size_t relative = name.find_first_not_of('/');
  std::string below = base::join(home_, relative == std::string::npos ? std::string() : name.substr(relative));
  const bool absolute = !name.empty() && name.front() == '/';
  if (compat_ == model::Compat::Ossec43 || !absolute || base::exists(below)) return below;
  if (name.starts_with(kUsualHome)) {
    std::string moved = base::join(home_, name.substr(kUsualHome.size()));
    if (base::exists(moved)) {
      if (!said_usual_home_) {
        diagnostics_.warning(
            "C102", "paths below /var/ossec are taken as paths below '" + home_ + "', such as '" + name + "'", at);
      }
      said_usual_home_ = true;
      return moved;
    }
  }
  if (!base::exists(name)) return below;
  diagnostics_.warning("C102", "'" + name + "' does not exist below the home; the file of the system is used", at);
  return name;
}

}  // namespace gander::config
