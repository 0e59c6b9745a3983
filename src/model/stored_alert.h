// StoredAlert: an alert that has been written, as those who tell people about it see it: reports, mail, syslog,
// webhooks, the index. Read back from alerts.log or alerts.json it holds what these formats keep; out of the spool all
// of it.
//
// Owns:    its texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace gander::model {

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

  std::vector<std::string> log;  // the message, then remembered lines

  // What only the spool keeps.
  std::string stable_id;        // 32 hex digits: a hash of source, position, rule and ruleset; equal for a repeat
  base::Instant time{};         // when the event was received, or its own time if it is read late
  base::Instant stored_time{};  // when it was written
  std::string src_user;
  std::string url;
  std::string action;
  std::string status;
  std::string host;  // host name of the event
  std::string program;
  std::string decoder;
  std::string actor;  // who changed the file: Actor::json()
};

}  // namespace gander::model
