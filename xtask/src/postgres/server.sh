# Runs one throwaway PostgreSQL for as long as standard input stays open.
#
# xtask holds the other end of that pipe. However it ends (return, panic, Ctrl-C, kill -9), the system closes the pipe,
# and this script stops the server and removes its data. It runs in a process group of its own, so that Ctrl-C in the
# terminal reaches xtask and not the server in the middle of its work.
#
# $1: directory of the PostgreSQL programs   $2: port on 127.0.0.1   Prints "ready" once clients can connect.
# $3, if given: a directory with a `postgresql.conf`, whose settings go before these, and a `pg_hba.conf` instead of the usual.
set -eu
programs=$1
port=$2
more=${3:-}
export LC_ALL=C

directory=$(mktemp -d /tmp/rolecall-postgres.XXXXXX)
remove() {
    # "immediate": nothing here has to survive, so nothing is written back.
    "$programs/pg_ctl" stop -D "$directory/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap remove EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "$1; its log:" >&2
    cat "$directory/log" >&2
    exit 1
}

"$programs/initdb" --pgdata="$directory/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$directory/log" 2>&1 || fail "initdb failed"

# Durability is given up for speed; the sockets directory is left empty so that only this port leads in.
cat >>"$directory/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
SETTINGS
if [ -n "$more" ]; then
    cat "$more/postgresql.conf" >>"$directory/data/postgresql.conf"
    cat "$more/pg_hba.conf" >"$directory/data/pg_hba.conf"
fi

"$programs/pg_ctl" start -D "$directory/data" -l "$directory/log" --wait --timeout=60 >/dev/null 2>&1 ||
    fail "PostgreSQL did not start on port $port"

echo ready
cat >/dev/null
