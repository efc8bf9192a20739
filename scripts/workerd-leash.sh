#!/bin/sh
# Runs the Workers runtime so that it cannot outlive the process that started it.
#
# Miniflare ends workerd when it is asked to, but a parent that dies by kill -9 asks nobody: the runtime would keep the
# port and the databases. Descriptor 3 is the control pipe. Its other end closes when the parent is gone, however it
# went, so a watcher waits for that and then ends the runtime by its id, if that id is still the runtime's.
trap '' INT TERM
echo "$$" > "$GATEWRIGHT_WORKERD_PID_FILE"
(
  cat <&3 > /dev/null
  command=$(tr '\0' ' ' < "/proc/$$/cmdline" 2> /dev/null || ps -o command= -p "$$" 2> /dev/null)
  case "$command" in
    *"$GATEWRIGHT_WORKERD"*) kill -9 "$$" ;;
  esac
) < /dev/null > /dev/null 2>&1 &
trap - TERM
exec "$GATEWRIGHT_WORKERD" "$@"
