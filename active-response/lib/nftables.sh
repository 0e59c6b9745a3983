# Addresses that are dropped by nftables, in a table of our own that nothing else uses. Sourced.
# shellcheck shell=sh disable=SC2154  # common.sh has set action, address and family

# One transaction: made if missing, the rules set afresh, then the address. Doing it twice is doing it once.
nft_rules() {
  cat <<TEXT
add table inet gander
add set inet gander blocked4 { type ipv4_addr; }
add set inet gander blocked6 { type ipv6_addr; }
add chain inet gander input { type filter hook input priority -10; policy accept; }
add chain inet gander forward { type filter hook forward priority -10; policy accept; }
flush chain inet gander input
flush chain inet gander forward
add rule inet gander input ip saddr @blocked4 drop
add rule inet gander input ip6 saddr @blocked6 drop
add rule inet gander forward ip saddr @blocked4 drop
add rule inet gander forward ip6 saddr @blocked6 drop
add element inet gander blocked$family { $address }
TEXT
  [ "$action" = add ] || printf 'delete element inet gander blocked%s { %s }\n' "$family" "$address"
}

nft_drop() {
  nft_rules | nft -f - >/dev/null 2>&1
}
