#!/bin/sh
# Starts a service again. Which one is not said by the log: etc/restart-services.conf of the home, which only root may
# write, names it for the rule that fired:
#   # rule  service  start|restart
#   100200  nginx    start
# Expects: nothing
# shellcheck source=active-response/lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

file=$home/etc/restart-services.conf

# Of root (or of whoever runs this), and written by nobody else.
trusted() {
  owner=$(stat -L -c %u -- "$1") && mode=$(stat -L -c %a -- "$1") || return 1
  [ "$owner" -eq 0 ] || [ "$owner" -eq "$(id -u)" ] || return 1
  case $mode in
    *[2367] | *[2367]?) return 1 ;;
  esac
}

sound_name() {
  case $1 in
    '' | -* | .* | *[!A-Za-z0-9@._:-]*) return 1 ;;
  esac
}

# Sets `service` and `how` from the line of the rule.
look_up() {
  while read -r id service how rest; do
    [ "$id" = "$rule" ] || continue
    [ -z "$rest" ] || return 1
    how=${how:-start}
    return 0
  done <"$file"
  return 1
}

# Without the lock: a service would inherit it and keep it.
run_it() {
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then
    # Without waiting: a service may take longer to start than a response may run.
    systemctl --no-block --no-ask-password "$how" -- "$service" >/dev/null 2>&1 9>&-
  else
    need_program service
    service "$service" "$how" >/dev/null 2>&1 9>&-
  fi
}

log_call "$@"
need_action
[ "$action" = add ] || exit 0
case $rule in
  '' | *[!0-9]*) fail "no rule is named" ;;
esac
[ -r "$file" ] || fail "$file is not there"
trusted "$file" || fail "$file can be written by others than root"
look_up || fail "$file has no sound line for rule $rule"
sound_name "$service" || fail "$file: '$service' is no name of a service"
case $how in
  start | restart) ;;
  *) fail "$file: '$how' is neither start nor restart" ;;
esac
one_at_a_time service
run_it || fail "Unable to $how $service"
say "$how $service"
