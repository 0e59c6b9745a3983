// StoredAlert: an alert as read back from a file, with the texts that its format keeps.
//
// Owns:    its texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gander::report {

struct StoredAlert {
  std::string id;                    // "TIME.N"
  bool mail = false;                 // carries the mail flag
  std::optional<std::string> group;  // as OSSEC's programs see it, with a leading blank: " syslog,sshd,"
  std::optional<std::string> date;   // "2024 Mar 05 10:00:15"
  std::string location;              // "h1->/var/log/auth.log" or "(agent) 10.0.0.5->/var/log/auth.log"
  int rule = 0;
  int level = 0;
  std::optional<std::string> description;

  std::optional<std::string> src_ip;
  std::optional<std::string> src_port;
  std::optional<std::string> dst_ip;
  std::optional<std::string> dst_port;
  std::optional<std::string> user;
  std::optional<std::string> filename;  // of an integrity alert
  // Texts behind the words of integrity alerts, quotes included: "'aa'".
  std::optional<std::string> old_md5;
  std::optional<std::string> new_md5;
  std::optional<std::string> old_sha1;
  std::optional<std::string> new_sha1;
  std::optional<std::string> size_change;
  std::optional<std::string> owner_change;
  std::optional<std::string> group_change;
  std::optional<std::string> permissions_change;

  std::vector<std::string> log;
};

}  // namespace gander::report
