#include "sample_lines.h"

namespace gander::bench {

namespace {

constexpr std::string_view kLines[] = {
    "Mar 14 10:00:01 larder sshd[4021]: Failed password for invalid user admin from 203.0.113.9 port 40122 ssh2",
    "Mar 14 10:00:02 larder sshd[4021]: Accepted publickey for nora from 192.0.2.20 port 51022 ssh2: ED25519 SHA256:x",
    "Mar 14 10:00:03 larder CRON[4100]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
    "Mar 14 10:00:04 larder sudo:     nora : TTY=pts/0 ; PWD=/home/nora ; USER=root ; COMMAND=/usr/bin/apt update",
    "Mar 14 10:00:05 larder kernel: [ 1234.567890] eth0: link becomes ready",
    "203.0.113.9 - - [14/Mar/2026:10:00:06 +0000] \"GET /index.php?id=1 HTTP/1.1\" 404 153 \"-\" \"Mozilla/5.0\"",
    "2026/03/14 10:00:07 [error] 812#812: *77 open() \"/srv/www/x\" failed (2: No such file or directory)",
    "[Sat Mar 14 10:00:08.123456 2026] [core:error] [pid 900] [client 203.0.113.9:40122] AH00126: Invalid URI",
    "2026-03-14T10:00:09.250000+01:00 larder systemd[1]: Started session-12.scope - Session 12 of User nora.",
    "{\"timestamp\":\"2026-03-14T10:00:10.123456+0100\",\"event_type\":\"alert\",\"src_ip\":\"203.0.113.9\"}",
};

}  // namespace

std::span<const std::string_view> sample_lines() {
  return kLines;
}

}  // namespace gander::bench
