#!/bin/sh
# Sends packets for an address nowhere: nothing that it asks is answered.
# Expects: srcip
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

present() {
  [ -n "$(ip "-$family" route show type blackhole exact "$address" 2>/dev/null)" ]
}

log_call "$@"
need_action
need_address
need_program ip
one_at_a_time route
if [ "$action" = add ]; then
  present || ip "-$family" route add blackhole "$address" >/dev/null 2>&1 || fail "Unable to run (ip route): add - $address"
else
  ! present || ip "-$family" route del blackhole "$address" >/dev/null 2>&1 || fail "Unable to run (ip route): delete - $address"
fi
