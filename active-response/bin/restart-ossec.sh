#!/bin/sh
# Restarts Gander itself.
# Expects: nothing
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

log_call "$@"
need_action
[ "$action" = add ] || exit 0
if [ -x "$home/bin/ossec-control" ]; then
  program=$home/bin/ossec-control
else
  need_program ossec-control
fi
# A session of its own: the restart ends the responder that started this script.
setsid -f "$program" restart >/dev/null 2>&1 </dev/null || fail "Unable to run $program restart"
