#!/usr/bin/env bash
# Compares redis-proxy with twemproxy: both in front of the same four Redis servers, with the same ring, driven in turn by redis-benchmark.
#
#   tests/Proxy.Benchmarks/compare.sh [options]      --help lists them
#
# Each case runs ROUNDS times, A B A B …, and the median counts. CPU is user and system time of all threads of the proxy's process,
# from /proc/PID/stat, divided by the requests. GET and MGET find their values: a run with a miss fails.
# Everything that is started ends with the script. Only what is missing is installed, from the distribution's packages.
set -eu

readonly SERVERS=4
readonly KEYS=1000
readonly MGET_KEYS=10
# Reply bytes that the clients of one case may have under way: beyond it the machine's memory is measured, not the proxies.
readonly MOST_BYTES_UNDER_WAY=$((1024 * 1024 * 1024))

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${ROUNDS:-3}
requests=${REQUESTS:-100000}
warmup=
commands=get,set,mget
sizes=64,4096,65536
clients=1,50,500
pipelines=1,16
small_mbufs=false
work=
policy=
pids=()
ports=" "

usage() {
  cat <<TEXT
usage: tests/Proxy.Benchmarks/compare.sh [options]

  --quick              one small case of each kind, one round: shows that everything works, measures nothing
  --rounds N           times that each case is measured (default $rounds; or ROUNDS)
  --requests N         requests of the fastest case; slower ones take a fraction (default $requests; or REQUESTS)
  --commands LIST      of get, set and mget ($MGET_KEYS keys) (default $commands)
  --sizes LIST         bytes of a value (default $sizes)
  --clients LIST       connections (default $clients)
  --pipelines LIST     requests that a client sends at once (default $pipelines)
  --small-mbufs        a second twemproxy with -m 512, as its manual advises for many clients
  -h, --help           this text

REDIS_PROXY_BIN names the redis-proxy to measure; without it the repository is built (Release).
TEXT
}

die() {
  echo "compare.sh: $*" >&2
  exit 1
}

# --- Start and end ---------------------------------------------------------------------------------------------------------------

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

# A port below the ephemeral range that nobody uses, not even a connection that is on its way out.
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

# answers NAME PID PORT: waits until it answers PING.
answers() {
  for _ in $(seq 100); do
    if [ "$(redis-cli -h 127.0.0.1 -p "$3" ping 2>/dev/null)" = PONG ]; then
      return
    fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/$1.log" >&2
  die "$1 does not answer on port $3"
}

# --- What is needed --------------------------------------------------------------------------------------------------------------

install_missing() {
  local missing=()
  command -v nutcracker >/dev/null || missing+=(nutcracker)
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v redis-benchmark >/dev/null || missing+=(redis-tools)
  [ "${#missing[@]}" -gt 0 ] || return 0

  local as_root=env
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
  command -v nutcracker >/dev/null || PATH=$PATH:/usr/sbin:/sbin
}

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

# --- The stage -------------------------------------------------------------------------------------------------------------------

server_ports=()
proxy_names=()
proxy_pids=()
proxy_ports=()
proxy_stats=()

start_servers() {
  local port
  for i in $(seq "$SERVERS"); do
    free_port
    port=$REPLY
    start "redis-$i" redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$work" --loglevel warning
    answers "redis-$i" "$REPLY" "$port"
    server_ports+=("$port")
  done
}

# The pool that both are given, as both read it. `timeout` is set since it costs both of them; nothing takes that long.
pool() {
  printf '%sbench:\n' "$2"
  printf "$2  %s\n" "listen: 127.0.0.1:$1" "distribution: ketama" "hash: fnv1a_64" 'hash_tag: "{}"' \
    "timeout: 20000" "preconnect: true" "server_connections: 1" "auto_eject_hosts: false" "redis: true" "servers:"
  for i in "${!server_ports[@]}"; do
    printf '%s   - 127.0.0.1:%s:1 shard%s\n' "$2" "${server_ports[i]}" "$((i + 1))"
  done
}

add_proxy() {
  answers "$1" "$2" "$3"
  proxy_names+=("$1")
  proxy_pids+=("$2")
  proxy_ports+=("$3")
  proxy_stats+=("$4")
}

# start_twemproxy NAME [flags]
start_twemproxy() {
  local name=$1 port stats
  shift
  free_port
  port=$REPLY
  free_port
  stats=$REPLY
  pool "$port" "" >"$work/$name.yml"
  start "$name" nutcracker -c "$work/$name.yml" -o "$work/$name.out" -a 127.0.0.1 -s "$stats" -v 4 "$@"
  add_proxy "$name" "$REPLY" "$port" "$stats"
}

start_redis_proxy() {
  local port stats
  free_port
  port=$REPLY
  free_port
  stats=$REPLY
  free_port
  {
    printf 'proxy:\n  threads: 1\n  admin: 127.0.0.1:%s\n  stats: 127.0.0.1:%s\npools:\n' "$REPLY" "$stats"
    pool "$port" "  "
  } >"$work/redis-proxy.yaml"
  start redis-proxy "$REDIS_PROXY_BIN" -c "$work/redis-proxy.yaml"
  add_proxy redis-proxy "$REPLY" "$port" "$stats"
}

describe() {
  echo "$(nutcracker -V 2>&1 | head -n 1 | sed 's/^This is //'), redis-proxy $("$REDIS_PROXY_BIN" --version), Redis $(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')"
  echo "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors, Linux $(uname -r)"
  echo "$SERVERS servers, $KEYS keys, $rounds rounds, load $(cut -d' ' -f1-3 /proc/loadavg)"
}

# --- Measuring -------------------------------------------------------------------------------------------------------------------

# preload SIZE: all keys that redis-benchmark may draw, through redis-proxy; the ring is the same for both.
preload() {
  local port=${proxy_ports[${#proxy_ports[@]} - 1]}
  awk -v size="$1" -v keys="$KEYS" 'BEGIN {
    value = "x"
    while (length(value) < size) value = value value
    value = substr(value, 1, size)
    ORS = "\r\n"
    for (i = 0; i < keys; i++) {
      key = sprintf("key:%012d", i)
      print "*3\r\n$3\r\nSET\r\n$" length(key) "\r\n" key "\r\n$" size
      print value
    }
  }' | redis-cli -h 127.0.0.1 -p "$port" --pipe >"$work/preload.log" 2>&1 || {
    cat "$work/preload.log" >&2
    die "the values could not be stored"
  }
}

# Keys that the servers were asked for and did not have, ever; in REPLY.
misses() {
  local sum=0 port
  for port in "${server_ports[@]}"; do
    sum=$((sum + $(redis-cli -h 127.0.0.1 -p "$port" info stats | tr -d '\r' | awk -F: '$1 == "keyspace_misses" { print $2 }')))
  done
  REPLY=$sum
}

# cpu_ticks PID: user and system time of all its threads; in REPLY.
cpu_ticks() {
  local stat fields
  stat=$(<"/proc/$1/stat")
  # 1234 (name) S …: the name may hold anything, so fields count from behind it; utime and stime are the 14th and 15th of all.
  read -ra fields <<<"${stat##*) }"
  REPLY=$((fields[11] + fields[12]))
}

# bench PORT CLIENTS PIPELINE REQUESTS SIZE COMMAND: requests/s, p50 and p99 in ms; in REPLY.
bench() {
  local what=(-t "$6") pid row
  if [ "$6" = mget ]; then
    what=(mget)
    for _ in $(seq "$MGET_KEYS"); do
      what+=(key:__rand_int__)
    done
  fi
  redis-benchmark -h 127.0.0.1 -p "$1" -c "$2" -P "$3" -n "$4" -d "$5" -r "$KEYS" --csv "${what[@]}" >"$work/bench.csv" 2>"$work/bench.log" &
  pid=$!
  pids+=("$pid")
  wait "$pid" || die "redis-benchmark failed on port $1: $(tail -n 3 "$work/bench.log" "$work/bench.csv")"
  unset "pids[${#pids[@]} - 1]"
  # "GET","65231.57","0.382","0.104","0.367","0.567","0.703","2.151"
  row=$(awk -F'","' 'NF == 8 && $2 + 0 > 0 { print $2, $5, $7 }' "$work/bench.csv" | tail -n 1)
  [ -n "$row" ] || die "redis-benchmark said nothing useful on port $1: $(tail -n 3 "$work/bench.log" "$work/bench.csv")"
  if grep -qi 'error from server' "$work/bench.csv" "$work/bench.log"; then
    die "errors on port $1: $(grep -hi 'error from server' "$work/bench.csv" "$work/bench.log" | head -n 1)"
  fi
  REPLY=$row
}

median() {
  printf '%s\n' "$@" | sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# Requests of a case: as many as take some seconds.
count_for() {
  local count=$requests
  [ "$3" = 1 ] || count=$((count * 4))
  [ "$2" != 1 ] || count=$((count / 4))
  [ "$4" -lt 4096 ] || count=$((count / 2))
  [ "$4" -lt 65536 ] || count=$((count / 4))
  [ "$1" != mget ] || count=$((count / 4))
  REPLY=$((count > 100 ? count : 100))
}

# run_case COMMAND SIZE CLIENTS PIPELINE
run_case() {
  local command=$1 size=$2 connections=$3 pipeline=$4
  local bytes=$((connections * pipeline * size)) count before after ticks_before column i name values
  [ "$command" != mget ] || bytes=$((bytes * MGET_KEYS))
  if [ "$bytes" -gt "$MOST_BYTES_UNDER_WAY" ]; then
    echo "$command $size B, $connections clients, pipeline $pipeline: left out, $((bytes >> 20)) MB would be under way at once"
    return
  fi
  count_for "$command" "$connections" "$pipeline" "$size"
  count=$REPLY
  local -A samples=()
  misses
  before=$REPLY
  for i in "${!proxy_names[@]}"; do
    bench "${proxy_ports[i]}" "$connections" "$pipeline" "$((count / 10 > 100 ? count / 10 : 100))" "$size" "$command"
  done
  for _ in $(seq "$rounds"); do
    for i in "${!proxy_names[@]}"; do
      cpu_ticks "${proxy_pids[i]}"
      ticks_before=$REPLY
      bench "${proxy_ports[i]}" "$connections" "$pipeline" "$count" "$size" "$command"
      read -ra values <<<"$REPLY"
      cpu_ticks "${proxy_pids[i]}"
      values+=("$(awk -v ticks="$((REPLY - ticks_before))" -v hertz="$hertz" -v count="$count" 'BEGIN { printf "%.3f", ticks * 1e6 / hertz / count }')")
      for column in 0 1 2 3; do
        samples[$i,$column]="${samples[$i,$column]:-} ${values[column]}"
      done
    done
  done
  misses
  after=$REPLY
  [ "$command" = set ] || [ "$after" = "$before" ] || die "$command $size B: $((after - before)) keys were not found"

  local row=
  printf '\n%s %s B, %s clients, pipeline %s (%s requests)\n' "${command^^}" "$size" "$connections" "$pipeline" "$count"
  for i in "${!proxy_names[@]}"; do
    values=()
    for column in 0 1 2 3; do
      # shellcheck disable=SC2086 # a list of numbers
      values+=("$(median ${samples[$i,$column]})")
    done
    printf '  %-18s %10.0f requests/s   p50 %8.3f ms   p99 %8.3f ms   CPU %8.2f µs/request\n' "${proxy_names[i]}" "${values[@]}"
    row="$row ${values[*]}"
  done
  echo "$command $size $connections $pipeline$row" >>"$work/results"
  tail -n 1 "$work/results" | ratios_of | sed 's/^/  /'
}

# redis-proxy, the last of a row, over each of the others.
ratios_of() {
  awk -v names="${proxy_names[*]}" '{
    last = NF - 3
    split(names, name, " ")
    for (i = 5; i < last; i += 4) {
      cpu = $(i + 3) > 0 ? sprintf("%.2f", $NF / $(i + 3)) : "-"
      printf "redis-proxy to %s: CPU %s, requests/s %.2f\n", name[(i - 1) / 4], cpu, $last / $i
    }
  }'
}

table() {
  awk -v names="${proxy_names[*]}" '
    BEGIN {
      proxies = split(names, name, " ")
      head = "| command | value | clients | pipeline |"
      rule = "|---|---:|---:|---:|"
      for (i = 1; i <= proxies; i++) {
        head = head " " name[i] " req/s | p50 ms | p99 ms | CPU µs |"
        rule = rule "---:|---:|---:|---:|"
      }
      for (i = 1; i < proxies; i++) {
        head = head " CPU to " name[i] " |"
        rule = rule "---:|"
      }
      print head
      print rule
    }
    {
      size = $2 >= 1024 ? $2 / 1024 " KB" : $2 " B"
      row = "| " toupper($1) " | " size " | " $3 " | " $4 " |"
      for (i = 5; i <= NF; i += 4) row = row sprintf(" %.0f | %.2f | %.2f | %.2f |", $i, $(i + 1), $(i + 2), $(i + 3))
      for (i = 5; i < NF - 3; i += 4) row = row ($(i + 3) > 0 ? sprintf(" %.2f |", $NF / $(i + 3)) : " - |")
      print row
    }' "$work/results"
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

# --- Main ------------------------------------------------------------------------------------------------------------------------

while [ $# -gt 0 ]; do
  case $1 in
    --quick)
      rounds=1 requests=2000 warmup=2000 commands=get,set,mget sizes=64 clients=50 pipelines=1,16
      ;;
    --rounds | --requests | --commands | --sizes | --clients | --pipelines)
      [ $# -ge 2 ] || die "$1 takes a value"
      printf -v "${1#--}" '%s' "$2"
      shift
      ;;
    --small-mbufs)
      small_mbufs=true
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
for list in "$rounds" "$requests" "${sizes//,/}" "${clients//,/}" "${pipelines//,/}"; do
  [[ $list =~ ^[1-9][0-9]*$ ]] || die "not a positive number, or a list of them: $list"
done
for command in ${commands//,/ }; do
  [[ $command =~ ^(get|set|mget)$ ]] || die "not get, set or mget: $command"
done

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
work=$(mktemp -d)
hertz=$(getconf CLK_TCK)
install_missing
publish
start_servers
start_twemproxy twemproxy
if $small_mbufs; then
  start_twemproxy twemproxy-m512 -m 512
fi
start_redis_proxy
describe

# Compiling the program while it runs is over after this.
preload 64
for pipeline in 1 16; do
  for command in set get mget; do
    bench "${proxy_ports[${#proxy_ports[@]} - 1]}" 50 "$pipeline" "${warmup:-100000}" 64 "$command"
  done
done

for size in ${sizes//,/ }; do
  preload "$size"
  for command in ${commands//,/ }; do
    for connections in ${clients//,/ }; do
      for pipeline in ${pipelines//,/ }; do
        run_case "$command" "$size" "$connections" "$pipeline"
      done
    done
  done
done
check_errors
echo
table
