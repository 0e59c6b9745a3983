#include "respond/request_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "respond/words.h"

namespace gander::respond {
namespace {

std::string distrust(const struct stat& s, std::string_view what) {
  if (s.st_uid != 0 && s.st_uid != ::geteuid())
    return std::string(what) + " belongs to user " + std::to_string(s.st_uid);
  const bool by_group = (s.st_mode & S_IWGRP) != 0 && s.st_gid != 0 && s.st_gid != ::getegid();
  if ((s.st_mode & S_IWOTH) != 0 || by_group) return std::string(what) + " can be written by others";
  return {};
}

bool sound_ids(const ResponseRequest& r) {
  if (!r.alert_id.empty() && !is_alert_id(r.alert_id)) return false;
  return r.stable_id.size() <= kMostName &&
         r.stable_id.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz.+-") == std::string::npos;
}

// In the spelling that the script sees; false: it must not see it.
bool sound_source(ResponseRequest& r, bool names, model::Compat compat) {
  if (r.srcip.size() > kMostName || !is_source_text(r.srcip)) return false;
  if (compat == model::Compat::Ossec43) return true;
  if (r.srcip == "-") r.srcip.clear();
  if (r.srcip.empty()) return true;
  if (const auto address = source_address(r.srcip)) {
    r.srcip = address->text;
    return true;
  }
  return names;
}

}  // namespace

ScriptCheck check_script(const std::string& home, const std::string& executable, model::Compat compat) {
  ScriptCheck check;
  const std::string folder = home + "/active-response/bin";
  check.path = folder + "/" + executable;
  if (executable.empty() || executable == "." || executable.find("..") != std::string::npos ||
      executable.find('/') != std::string::npos) {
    check.found = ScriptCheck::Found::Outside;
    return check;
  }
  struct stat script {};
  if (::stat(check.path.c_str(), &script) != 0 || !S_ISREG(script.st_mode)) {
    check.found = ScriptCheck::Found::Missing;
    return check;
  }
  if (compat == model::Compat::Ossec43) return check;
  struct stat place {};
  check.why = distrust(script, "it");
  if (check.why.empty() && ::stat(folder.c_str(), &place) == 0) check.why = distrust(place, "its folder");
  if (check.why.empty() && ::access(check.path.c_str(), X_OK) != 0) check.why = "it cannot be executed";
  if (!check.why.empty()) check.found = ScriptCheck::Found::NotTrusted;
  return check;
}

std::optional<ResponseRequest> checked(ResponseRequest r, const ResponseEntry& entry, model::Compat compat) {
  if (!sound_ids(r) || r.location.size() > kMostPath || r.location.find('\0') != std::string::npos) return std::nullopt;
  if (r.filename.size() > kMostPath || r.filename.find('\0') != std::string::npos) return std::nullopt;
  if (entry.expects) {
    if (!entry.expects->user) r.user.clear();
    if (!entry.expects->srcip) r.srcip.clear();
    if (!entry.expects->filename) r.filename.clear();
  }
  if (r.user == "-") r.user.clear();
  if (r.user.size() > kMostName || !is_user_text(r.user)) return std::nullopt;
  const bool names = !entry.expects || entry.expects->hostname;
  if (!sound_source(r, names, compat)) return std::nullopt;
  if (entry.expects) {
    const bool missing = (entry.expects->user && r.user.empty()) || (entry.expects->srcip && r.srcip.empty()) ||
                         (entry.expects->filename && r.filename.empty());
    if (missing) return std::nullopt;
  }
  return r;
}

}  // namespace gander::respond
