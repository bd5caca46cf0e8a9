#!/usr/bin/env bash
# Compares the ways to publish redis-proxy: compiled while it runs, that with ReadyToRun, and NativeAOT.
#
#   tests/Proxy.Benchmarks/startup.sh [NAME=PROGRAM ...]
#
# Without programs it publishes the three. Every program is started ROUNDS times in turn, A B C A B C …, and the median counts: the time from
# exec to the answer of the first PING, the CPU time of that, the resident memory then and after REQUESTS requests. After WARMUP more, which
# is enough for the compiler to be done, the CPU time per request of redis-benchmark's GET with 50 clients is taken, ROUNDS times in turn.
# TRANSPORT names the transport, SETTINGS further lines of the process's configuration. Two Redis servers are behind the proxy.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=${ROUNDS:-5}
requests=${REQUESTS:-100000}
warmup=${WARMUP:-400000}
work=$(mktemp -d)
hertz=$(getconf CLK_TCK)
pids=()

die() {
  echo "startup.sh: $*" >&2
  exit 1
}

end() {
  trap - EXIT
  [ "${#pids[@]}" -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A port below the ephemeral range that nobody uses; in REPLY.
free_port() {
  for _ in $(seq 200); do
    REPLY=$((10000 + RANDOM % 20000))
    grep -qs "$(printf ':%04X ' "$REPLY")" /proc/net/tcp /proc/net/tcp6 || return 0
  done
  die "no free port found"
}

# start PORT COMMAND...: in the background, until it answers PING; its process id in REPLY, the milliseconds that it took in took.
start() {
  local listen=$1 began answer='' pid
  shift
  began=${EPOCHREALTIME/[.,]/}
  "$@" >"$work/log" 2>&1 &
  pid=$!
  pids+=("$pid")
  until { exec 3<>"/dev/tcp/127.0.0.1/$listen"; } 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || die "$1 ended: $(tail -n 5 "$work/log")"
    read -rt 0.001 -u 9 || true # a sleep without a process of its own
  done
  printf 'PING\r\n' >&3
  read -rt 10 -u 3 answer || true
  took=$(((${EPOCHREALTIME/[.,]/} - began) / 10))
  took=${took%??}.${took: -2}
  exec 3>&-
  [ "$answer" = $'+PONG\r' ] || die "$1 answered PING with '$answer'"
  REPLY=$pid
}
exec 9<> <(:)

stop() {
  kill "$1"
  wait "$1" 2>/dev/null || true
  local left=() pid
  for pid in "${pids[@]}"; do
    [ "$pid" = "$1" ] || left+=("$pid")
  done
  pids=("${left[@]}")
}

# cpu_ms PID: user and system time of all its threads; in REPLY.
cpu_ms() {
  local stat fields
  stat=$(<"/proc/$1/stat")
  read -ra fields <<<"${stat##*) }"
  REPLY=$(((fields[11] + fields[12]) * 1000 / hertz))
}

# memory PID: resident megabytes; in REPLY.
memory() {
  REPLY=$(awk '$1 == "VmRSS:" { printf "%.1f", $2 / 1024 }' "/proc/$1/status")
}

# load PORT PIPELINE REQUESTS
load() {
  redis-benchmark -h 127.0.0.1 -p "$1" -t get -c 50 -P "$2" -n "$3" -d 64 -r 1000 --csv >"$work/bench" 2>&1 || die "redis-benchmark: $(cat "$work/bench")"
  ! grep -qi 'error' "$work/bench" || die "redis-benchmark: $(cat "$work/bench")"
}

# Writes the configuration of a proxy on a new port; the port in port.
configure() {
  local admin
  free_port
  admin=$REPLY
  free_port
  port=$REPLY
  {
    printf 'proxy:\n  threads: 1\n  admin: 127.0.0.1:%s\n' "$admin"
    [ -z "${TRANSPORT:-}" ] || printf '  transport: %s\n' "$TRANSPORT"
    [ -z "${SETTINGS:-}" ] || printf '  %s\n' "$SETTINGS"
    printf 'pools:\n  bench:\n    listen: 127.0.0.1:%s\n    timeout: 20000\n    preconnect: true\n    servers:\n' "$port"
    printf '      - 127.0.0.1:%s:1\n' "${servers[@]}"
  } >"$work/$port.yaml"
}

median() {
  printf '%s\n' "$@" | sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

publish() {
  echo "publishing $1" >&2
  "$root/tests/publish.sh" "$1" "$work/$1" >"$work/publish.log" 2>&1 || die "publishing $1 failed: $(cat "$work/publish.log")"
  programs+=("$1=$work/$1/redis-proxy")
}

programs=("$@")
if [ "${#programs[@]}" -eq 0 ]; then
  publish jit
  publish ready-to-run
  publish native-aot
fi

servers=()
for _ in 1 2; do
  free_port
  servers+=("$REPLY")
  start "$REPLY" redis-server --bind 127.0.0.1 --port "$REPLY" --save '' --dir "$work"
done

# Start-up and memory: every round starts every program afresh.
declare -A samples
add() {
  samples[$1]="${samples[$1]:-} $2"
}
for round in $(seq 0 "$rounds"); do
  for program in "${programs[@]}"; do
    configure
    start "$port" "${program#*=}" -c "$work/$port.yaml"
    pid=$REPLY
    cpu_ms "$pid"
    # The first round only fills the page cache.
    if [ "$round" -gt 0 ]; then
      add "$program,start" "$took"
      add "$program,cpu" "$REPLY"
      sleep 0.5
      memory "$pid"
      add "$program,idle" "$REPLY"
      load "$port" 1 "$requests"
      memory "$pid"
      add "$program,loaded" "$REPLY"
    fi
    stop "$pid"
  done
done

# CPU per request: all programs run, and are warm.
declare -A port_of pid_of
for program in "${programs[@]}"; do
  configure
  port_of[$program]=$port
  start "$port" "${program#*=}" -c "$work/$port.yaml"
  pid_of[$program]=$REPLY
  load "${port_of[$program]}" 1 "$warmup"
  load "${port_of[$program]}" 16 "$((warmup * 4))"
done
for _ in $(seq "$rounds"); do
  for pipeline in 1 16; do
    count=$((pipeline == 1 ? requests : requests * 10))
    for program in "${programs[@]}"; do
      cpu_ms "${pid_of[$program]}"
      before=$REPLY
      load "${port_of[$program]}" "$pipeline" "$count"
      cpu_ms "${pid_of[$program]}"
      add "$program,p$pipeline" "$(awk -v ms="$((REPLY - before))" -v count="$count" 'BEGIN { printf "%.2f", ms * 1000 / count }')"
    done
  done
done

echo "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors, Linux $(uname -r), $rounds rounds, load $(cut -d' ' -f1 /proc/loadavg)"
echo
echo "| program | start to first PING, ms | CPU of that, ms | resident MB | after $requests requests | CPU µs/request, pipeline 1 | pipeline 16 |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for program in "${programs[@]}"; do
  row="| ${program%%=*} |"
  for column in start cpu idle loaded p1 p16; do
    # shellcheck disable=SC2086 # a list of numbers
    row="$row $(median ${samples[$program,$column]}) |"
  done
  echo "$row"
done
