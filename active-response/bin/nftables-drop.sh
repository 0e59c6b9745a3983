#!/bin/sh
# Drops all packets of an address with nftables (table inet gander, sets blocked4 and blocked6).
# Expects: srcip
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
# shellcheck source=active-response/lib/nftables.sh
. "$home/active-response/lib/nftables.sh"

log_call "$@"
need_action
need_address
need_program nft
one_at_a_time firewall
nft_drop || fail "Unable to run (nft): $action - $address"
