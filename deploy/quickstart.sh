#!/bin/sh
# Three Redis servers and the proxy in front of them, on this machine, until Ctrl-C. Installs what is missing; leaves nothing behind.
#
#   deploy/quickstart.sh                             the proxy on 127.0.0.1:6380, its metrics on 127.0.0.1:9151
#   PORT=6390 ADMIN_PORT=9161 deploy/quickstart.sh   on other ports
set -eu

cd "$(dirname "$0")/.."
. deploy/prerequisites.sh

port=${PORT:-6380}
admin_port=${ADMIN_PORT:-9151}

# True when somebody listens on a port (state 0A of the kernel's table of sockets).
taken() {
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$(printf '%04X' "$1") [0-9A-F]*:0000 0A "
}

for wanted in "$port" "$admin_port"; do
  if taken "$wanted"; then
    echo "port $wanted is taken: end who listens there, or choose another with PORT=… or ADMIN_PORT=…" >&2
    exit 1
  fi
done

need_redis_server
need_dotnet

echo "building…"
# Without servers of the compiler and of MSBuild that would outlive this script.
dotnet build src/Proxy.Host -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false
proxy=$PWD/src/Proxy.Host/bin/Release/net10.0/redis-proxy

folder=$(mktemp -d)
started=

# shellcheck disable=SC2317  # called by the trap
# Ends every process that this script has started, the latest first, and waits for each.
clean_up() {
  trap '' INT TERM HUP
  trap - EXIT
  for pid in $started; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Waits until process $1 answers a PING on port $2; shows its log $3 when it does not.
await() {
  tries=0
  until redis-cli -h 127.0.0.1 -p "$2" PING 2>/dev/null | grep -q PONG; do
    tries=$((tries + 1))
    if ! kill -0 "$1" 2>/dev/null || [ "$tries" -gt 150 ]; then
      echo "nobody answers on port $2; the log:" >&2
      cat "$3" >&2
      exit 1
    fi
    sleep 0.1
  done
}

servers=
ports=
redis_port=7000
for number in 1 2 3; do
  redis_port=$((redis_port + 1))
  while taken "$redis_port"; do
    redis_port=$((redis_port + 1))
  done
  mkdir "$folder/shard$number"
  redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --daemonize no \
    --dir "$folder/shard$number" --logfile "$folder/shard$number.log" &
  started="$! $started"
  await "$!" "$redis_port" "$folder/shard$number.log"
  ports="$ports $redis_port"
  servers="$servers
      - 127.0.0.1:$redis_port:1 shard$number"
done

cat > "$folder/proxy.yaml" <<YAML
proxy:
  admin: 127.0.0.1:$admin_port
pools:
  quickstart:
    listen: 127.0.0.1:$port
    distribution: ketama
    hash: murmur
    hash_tag: "{}"
    timeout: 2000
    servers:$servers
YAML

"$proxy" -c "$folder/proxy.yaml" -o "$folder/proxy.log" &
proxy_pid=$!
started="$proxy_pid $started"
await "$proxy_pid" "$port" "$folder/proxy.log"

cat <<TEXT

redis-proxy listens on 127.0.0.1:$port. Behind it: three Redis servers on the ports$ports.

  Try, in another terminal:
    redis-cli -p $port MSET apple red cherry dark lime green mango yellow
    redis-cli -p $port MGET apple cherry lime mango
    redis-cli -p $port INFO

  Which key lives where:
    ${DOTNET_ROOT:+DOTNET_ROOT=$DOTNET_ROOT }$proxy route -c $folder/proxy.yaml apple cherry lime mango
    for p in$ports; do redis-cli -p \$p DBSIZE; done

  Metrics, health, statistics:
    http://127.0.0.1:$admin_port/metrics    /livez    /readyz    /stats

  Configuration: $folder/proxy.yaml  (after a change: kill -HUP $proxy_pid)
  Log:           $folder/proxy.log

Ctrl-C ends all of it.
TEXT

wait "$proxy_pid" || true
echo "the proxy has ended; its log:" >&2
cat "$folder/proxy.log" >&2
exit 1
