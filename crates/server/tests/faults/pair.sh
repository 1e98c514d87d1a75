# Runs a PostgreSQL server and a standby that follows it, for as long as standard input stays open.
#
# The test holds the other end of that pipe. However it ends, the system closes the pipe, and this script stops both and
# removes their data. Each line that arrives is an order; "done" is the answer.
#
# $1: directory of the PostgreSQL programs   $2, $3: their ports on 127.0.0.1   Prints "done" once both take connections.
set -eu
programs=$1
export LC_ALL=C

directory=$(mktemp -d /tmp/rolecall-pair.XXXXXX)
stop() {
    "$programs/pg_ctl" stop -D "$directory/$1" -m immediate >/dev/null 2>&1 || true
}
remove() {
    stop primary
    stop standby
    rm -rf "$directory"
}
trap remove EXIT
trap 'exit 1' HUP INT TERM

fail() {
    echo "$1; its log:" >&2
    cat "$directory"/*.log >&2
    exit 1
}
start() {
    "$programs/pg_ctl" start -D "$directory/$1" -l "$directory/$1.log" -o "-p $2" --wait --timeout=60 >/dev/null 2>&1 ||
        fail "the $1 did not start on port $2"
}

"$programs/initdb" --pgdata="$directory/primary" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync \
    >"$directory/initdb.log" 2>&1 || fail "initdb failed"
cat >>"$directory/primary/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 16MB
wal_level = replica
max_wal_senders = 4
fsync = off
SETTINGS
start primary "$2"
"$programs/pg_basebackup" --pgdata="$directory/standby" --host=127.0.0.1 --port="$2" --username=postgres \
    --wal-method=stream --checkpoint=fast --write-recovery-conf --no-sync >"$directory/basebackup.log" 2>&1 ||
    fail "pg_basebackup failed"
start standby "$3"
echo "done"

while read -r order; do
    case $order in
    stop-primary) stop primary ;;
    promote) "$programs/pg_ctl" promote -D "$directory/standby" --wait >/dev/null 2>&1 || fail "it was not promoted" ;;
    *) fail "there is no order $order" ;;
    esac
    echo "done"
done
