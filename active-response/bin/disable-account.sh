#!/bin/sh
# Locks the password of an account. Accounts with the rights of root are never locked.
# Expects: user
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

log_call "$@"
need_action
need_user
need_program passwd
id=$(id -u -- "$user" 2>/dev/null) || fail "Invalid username: '$user' is no account."
[ "$id" -ne 0 ] || fail "Invalid username."
one_at_a_time account
if [ "$action" = add ]; then how=-l; else how=-u; fi
passwd "$how" -- "$user" >/dev/null 2>&1 || fail "Unable to run (passwd $how): $action $user"
