#!/bin/sh
# Refuses an address to services that read /etc/hosts.deny.
# Expects: srcip
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

# For the tests; the responder hands on no variable.
file=${GANDER_HOSTS_DENY:-/etc/hosts.deny}

# The whole file through a second one, so that a reader sees old or new.
without_line() {
  fresh=$file.gander
  cp -p -- "$file" "$fresh" || return 1
  grep -v -x -F -e "$line" -- "$file" >"$fresh"
  [ $? -le 1 ] && mv -f -- "$fresh" "$file"
}

log_call "$@"
need_action
need_address
if [ "$family" = 6 ]; then line="ALL:[$address]"; else line="ALL:$address"; fi
one_at_a_time host-deny
if [ "$action" = delete ]; then
  [ ! -e "$file" ] || without_line || fail "Unable to change $file"
  exit 0
fi
if [ -e "$file" ] && grep -q -x -F -e "$line" -- "$file"; then
  say "IP $address already exists on host.deny..."
  exit 0
fi
# A last line without its end would swallow ours.
if [ -s "$file" ] && [ -n "$(tail -c 1 -- "$file")" ]; then printf '\n' >>"$file"; fi
[ -e "$file" ] || (umask 022 && : >"$file") || fail "Unable to make $file"
printf '%s\n' "$line" >>"$file" || fail "Unable to change $file"
