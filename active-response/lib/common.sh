# What the response scripts share. Sourced, never run.
# shellcheck shell=sh disable=SC2034  # the scripts use what is set here
#
# A script is called with the words
#   add|delete  USER  ADDRESS  ALERT-ID  RULE  LOCATION...  FILE
# Every word may have been chosen by an attacker. None is ever evaluated, split or expanded, and each is checked here
# again, although the responder has done so.
set -fu
umask 027

script=$0
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) || exit 1
log_file=$home/logs/active-responses.log
action=${1-}
user=${2-}
address=${3-}
rule=${5-}

# printable WORD: the word on one line, without bytes that act on a terminal
printable() {
  printf '%s' "$1" | LC_ALL=C tr -c '[:print:]' '?'
}

# The form that decoder ar_log reads: date, script, arguments 1 to 5.
log_call() {
  [ -d "$home/logs" ] || mkdir -p -- "$home/logs"
  line="$(LC_ALL=C date) $script"
  count=0
  for word in "$@"; do
    [ "$count" -lt 5 ] || break
    line="$line $(printable "$word")"
    count=$((count + 1))
  done
  printf '%s\n' "$line" >>"$log_file"
}

say() {
  printf '%s %s: %s\n' "$(LC_ALL=C date)" "$script" "$(printable "$1")" >>"$log_file"
}

fail() {
  say "$1"
  exit 1
}

need_action() {
  case $action in
    add | delete) ;;
    *) fail "${script##*/}: invalid action: $action" ;;
  esac
}

# Sets `family` to 4 or 6.
need_address() {
  family=
  case $address in
    '' | - | *[!0-9A-Fa-f.:]*) ;;
    *:*) is_v6 "$address" && family=6 ;;
    *) is_v4 "$address" && family=4 ;;
  esac
  [ -n "$family" ] || fail "Unable to run active response (invalid IP: '$address')."
}

# Four numbers up to 255, without leading zeros.
is_v4() {
  rest=$1.
  parts=0
  while [ -n "$rest" ]; do
    part=${rest%%.*}
    rest=${rest#*.}
    parts=$((parts + 1))
    case $part in
      0 | [1-9] | [1-9][0-9] | 1[0-9][0-9] | 2[0-4][0-9] | 25[0-5]) ;;
      *) return 1 ;;
    esac
    [ "$parts" -le 4 ] || return 1
  done
  [ "$parts" -eq 4 ]
}

# A shape that only an IPv6 address has; the firewall's own reader says the rest.
is_v6() {
  [ "${#1}" -le 45 ] || return 1
  case $1 in
    *:::* | *::*::* | *[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]*) return 1 ;;
    *:*:*) return 0 ;;
    *) return 1 ;;
  esac
}

need_user() {
  case $user in
    '' | -* | *[!A-Za-z0-9._@-]*) fail "Invalid username: '$user'." ;;
  esac
  [ "${#user}" -le 256 ] || fail "Invalid username."
}

# need_program NAME...: the first one there is, in `program`
need_program() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 && return 0
  done
  fail "None of these programs is here: $*"
}

# one_at_a_time NAME: holds a lock until the script ends. At most 60 s are waited.
one_at_a_time() {
  exec 9>"$home/active-response/.$1.lock" || fail "cannot make a lock"
  flock -w 60 9 || fail "another script holds the lock for too long"
}
