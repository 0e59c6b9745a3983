#!/bin/sh
# Drops all packets of an address: with nftables where it works, else with iptables or ip6tables in the chain GANDER.
# Expects: srcip
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=active-response/lib/nftables.sh
. "$home/active-response/lib/nftables.sh"

chain=GANDER

tables() {
  "$program" -w 10 "$@" >/dev/null 2>&1
}

# jump_from CHAIN
jump_from() {
  tables -C "$1" -j "$chain" || tables -I "$1" -j "$chain"
}

iptables_add() {
  tables -n -L "$chain" || tables -N "$chain" || return 1
  jump_from INPUT && jump_from FORWARD || return 1
  tables -C "$chain" -s "$address" -j DROP || tables -I "$chain" -s "$address" -j DROP
}

iptables_delete() {
  tables -n -L "$chain" || return 0
  while tables -C "$chain" -s "$address" -j DROP; do
    tables -D "$chain" -s "$address" -j DROP || return 1
  done
}

log_call "$@"
need_action
need_address
one_at_a_time firewall
if command -v nft >/dev/null 2>&1 && nft_drop; then
  # An earlier call may have used the other way.
  exit 0
fi
if [ "$family" = 4 ]; then need_program iptables; else need_program ip6tables; fi
"iptables_$action" || fail "Unable to run ($program): $action - $address"
