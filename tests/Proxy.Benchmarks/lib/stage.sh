# shellcheck shell=bash
# The stage of compare.sh and startup.sh: what it needs is installed and built here, and servers and proxies are started and ended.

readonly SERVERS=4

ports=" "
pids=()
policy=
server_ports=()
server_pids=()
# One entry for each proxy. Twemproxies come first; their transport and admin port are "-".
proxy_names=()
proxy_transports=()
proxy_pids=()
proxy_ports=()
proxy_stats=()
proxy_admins=()

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

end() {
  trap - EXIT INT TERM HUP
  if [ "${#pids[@]}" -gt 0 ]; then
    kill "${pids[@]}" 2>/dev/null || true
    local waited=0
    while kill -0 "${pids[@]}" 2>/dev/null && [ "$waited" -lt 50 ]; do
      sleep 0.1
      waited=$((waited + 1))
    done
    kill -KILL "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
  fi
  [ -z "$policy" ] || $policy rm -f /usr/sbin/policy-rc.d
  [ -z "$work" ] || rm -rf "$work"
}

# A port below the ephemeral range that nobody uses, not even a connection that is on its way out; in REPLY.
free_port() {
  local port hex
  for _ in $(seq 200); do
    port=$((10000 + RANDOM % 20000))
    hex=$(printf ':%04X ' "$port")
    if [[ $ports != *" $port "* ]] && ! grep -qs "$hex" /proc/net/tcp /proc/net/tcp6; then
      ports="$ports$port "
      REPLY=$port
      return
    fi
  done
  die "no free port found"
}

# start NAME COMMAND...: in the background, with its output in a file; its process id in REPLY.
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 &
  REPLY=$!
  pids+=("$REPLY")
}

# answers PID PORT: waits until it answers PING; fails when it does not.
answers() {
  for _ in $(seq 100); do
    if [ "$(redis-cli -h 127.0.0.1 -p "$2" ping 2>/dev/null)" = PONG ]; then
      return
    fi
    kill -0 "$1" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# must_answer NAME PID PORT
must_answer() {
  answers "$2" "$3" || {
    cat "$work/$1.log" >&2
    die "$1 does not answer on port $3"
  }
}

# --- What is needed --------------------------------------------------------------------------------------------------------------

# install_missing PROGRAM=PACKAGE...: from the distribution's packages, what is not there.
install_missing() {
  local missing=() entry as_root=env
  for entry in "$@"; do
    command -v "${entry%=*}" >/dev/null || missing+=("${entry#*=}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0

  command -v apt-get >/dev/null || die "missing: ${missing[*]} (only Debian and Ubuntu are supported)"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "missing: ${missing[*]}; install them, or run this as root"
    as_root=sudo
  fi
  echo "installing ${missing[*]}" >&2
  # Installed without this, the packages would start their services.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=$as_root
    printf '#!/bin/sh\nexit 101\n' | $as_root tee /usr/sbin/policy-rc.d >/dev/null
    $as_root chmod 755 /usr/sbin/policy-rc.d
  fi
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  }
  if [ -n "$policy" ]; then
    $policy rm -f /usr/sbin/policy-rc.d
    policy=
  fi
}

# The program that REDIS_PROXY_BIN names, or the repository built.
publish() {
  if [ -n "${REDIS_PROXY_BIN:-}" ]; then
    [ -x "$REDIS_PROXY_BIN" ] || die "REDIS_PROXY_BIN is no executable file: $REDIS_PROXY_BIN"
    return
  fi
  local dotnet
  dotnet=$(command -v dotnet || true)
  [ -n "$dotnet" ] || dotnet=$HOME/.dotnet/dotnet
  [ -x "$dotnet" ] || die "the .NET SDK is missing; ./deploy/quickstart.sh installs it"
  export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname "$(readlink -f "$dotnet")")}
  echo "building redis-proxy (Release)" >&2
  "$dotnet" publish "$root/src/Proxy.Host" -c Release -o "$work/publish" -v quiet --nologo >"$work/publish.log" 2>&1 || {
    cat "$work/publish.log" >&2
    die "the build failed"
  }
  REDIS_PROXY_BIN=$work/publish/redis-proxy
}

# want_descriptors NUMBER: as many per process as the system gives; fails when they do not suffice.
want_descriptors() {
  [ "$(ulimit -n)" = unlimited ] || [ "$(ulimit -n)" -ge "$1" ] || ulimit -n "$1" 2>/dev/null
}

# --- Servers and proxies ---------------------------------------------------------------------------------------------------------

start_servers() {
  local port
  for i in $(seq "$SERVERS"); do
    free_port
    port=$REPLY
    start "redis-$i" redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$work" --loglevel warning
    server_pids+=("$REPLY")
    must_answer "redis-$i" "$REPLY" "$port"
    server_ports+=("$port")
  done
}

# The pool that all are given, as all read it. `timeout` is set since it costs all of them; nothing takes that long.
pool() {
  printf '%sbench:\n' "$2"
  printf "$2  %s\n" "listen: 127.0.0.1:$1" "distribution: ketama" "hash: fnv1a_64" 'hash_tag: "{}"' \
    "timeout: 20000" "preconnect: true" "server_connections: 1" "auto_eject_hosts: false" "redis: true" "servers:"
  for i in "${!server_ports[@]}"; do
    printf '%s   - 127.0.0.1:%s:1 shard%s\n' "$2" "${server_ports[i]}" "$((i + 1))"
  done
}

# add_proxy NAME TRANSPORT PID PORT STATS-PORT ADMIN-PORT
add_proxy() {
  proxy_names+=("$1")
  proxy_transports+=("$2")
  proxy_pids+=("$3")
  proxy_ports+=("$4")
  proxy_stats+=("$5")
  proxy_admins+=("$6")
}

# start_twemproxy MBUF: bytes of its buffers, or default.
start_twemproxy() {
  local name=twemproxy flags=() port stats
  if [ "$1" != default ]; then
    name=twemproxy-m$1
    flags=(-m "$1")
  fi
  free_port
  port=$REPLY
  free_port
  stats=$REPLY
  pool "$port" "" >"$work/$name.yml"
  start "$name" nutcracker -c "$work/$name.yml" -o "$work/$name.out" -a 127.0.0.1 -s "$stats" -v 4 ${flags[@]+"${flags[@]}"}
  must_answer "$name" "$REPLY" "$port"
  add_proxy "$name" - "$REPLY" "$port" "$stats" -
}

# start_redis_proxy NAME PROGRAM TRANSPORT: left out, with its own word, when it does not start on this transport.
start_redis_proxy() {
  local name=$1-$3 port stats admin
  free_port
  port=$REPLY
  free_port
  stats=$REPLY
  free_port
  admin=$REPLY
  {
    printf 'proxy:\n  threads: 1\n  transport: %s\n  admin: 127.0.0.1:%s\n  stats: 127.0.0.1:%s\npools:\n' "$3" "$admin" "$stats"
    pool "$port" "  "
  } >"$work/$name.yaml"
  start "$name" "$2" -c "$work/$name.yaml"
  if answers "$REPLY" "$port"; then
    add_proxy "$name" "$3" "$REPLY" "$port" "$stats" "$admin"
  else
    unset "pids[${#pids[@]} - 1]"
    kill -KILL "$REPLY" 2>/dev/null || true
    echo "$name is left out: $(grep -v ' info ' "$work/$name.log" | tr '\n' ' ')"
  fi
}

# start_redis_proxies TRANSPORTS BINARIES: each binary (NAME=PATH) on each transport.
start_redis_proxies() {
  local before=${#proxy_names[@]} transport binary
  for binary in "${@:2}"; do
    for transport in ${1//,/ }; do
      start_redis_proxy "${binary%%=*}" "${binary#*=}" "$transport"
    done
  done
  [ "${#proxy_names[@]}" -gt "$before" ] || die "none of the transports works here: $1"
}

# describe HOW: what is measured, where, and how.
describe() {
  local redis
  redis=$(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')
  echo "$(nutcracker -V 2>&1 | head -n 1 | sed 's/^This is //'), redis-proxy $("$REDIS_PROXY_BIN" --version), Redis $redis"
  echo "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors, Linux $(uname -r)"
  echo "$SERVERS servers, $KEYS keys, $1, load $(cut -d' ' -f1-3 /proc/loadavg)"
}

# Requests that a proxy answered with an error of its own. twemproxy brings its numbers up to date when it is asked, one question late.
check_errors() {
  local i document errors
  for i in "${!proxy_names[@]}"; do
    cat <"/dev/tcp/127.0.0.1/${proxy_stats[i]}" >/dev/null
    sleep 0.2
    document=$(cat <"/dev/tcp/127.0.0.1/${proxy_stats[i]}")
    errors=$(sed -n 's/.*"forward_error": *\([0-9]*\).*/\1/p' <<<"$document")
    [ "$errors" = 0 ] || die "${proxy_names[i]} answered ${errors:-?} requests with errors: the numbers are worthless"
  done
}
