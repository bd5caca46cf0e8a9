#!/usr/bin/env bash
# Compares the ways to publish redis-proxy: compiled while it runs, that with ReadyToRun, and NativeAOT.
#
#   tests/Proxy.Benchmarks/startup.sh [NAME=PROGRAM ...]      without programs it publishes the three
#   TRANSPORT=epoll ROUNDS=9 tests/Proxy.Benchmarks/startup.sh
#
# Every program is started afresh ROUNDS times, in turn, A B C A B C …, and medians count: the time from exec to the answer to the first PING,
# the CPU time of that, resident memory then and after REQUESTS requests. Then all run, and after WARMUP requests with each pipeline, when the
# compiler has nothing left to do, the CPU time per request of GET with 50 clients is measured ROUNDS times, again in turn.
set -eu

case ${1:-} in
  -h | --help)
    awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"
    exit
    ;;
esac

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lib=$root/tests/Proxy.Benchmarks/lib
# shellcheck source-path=SCRIPTDIR source=lib/stage.sh
. "$lib/stage.sh"
# shellcheck source-path=SCRIPTDIR source=lib/measuring.sh
. "$lib/measuring.sh"

rounds=${ROUNDS:-5}
requests=${REQUESTS:-100000}
warmup=${WARMUP:-500000}
work=

publish_as() {
  echo "publishing as $1" >&2
  "$root/tests/publish.sh" "$1" "$work/$1" >"$work/publish.log" 2>&1 || {
    cat "$work/publish.log" >&2
    die "publishing as $1 failed"
  }
  programs+=("$1=$work/$1/redis-proxy")
}

# serve NAME=PROGRAM: until it has answered its first PING. Its port in port, its process id in pid, the milliseconds in took.
serve() {
  local admin began answer=''
  free_port
  admin=$REPLY
  free_port
  port=$REPLY
  {
    printf 'proxy:\n  threads: 1\n  transport: %s\n  admin: 127.0.0.1:%s\npools:\n' "${TRANSPORT:-auto}" "$admin"
    pool "$port" "  "
  } >"$work/$port.yaml"
  began=${EPOCHREALTIME/[.,]/}
  start "${1%%=*}" "${1#*=}" -c "$work/$port.yaml"
  pid=$REPLY
  until { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; do
    kill -0 "$pid" 2>/dev/null || die "${1%%=*} ended: $(tail -n 5 "$work/${1%%=*}.log")"
    read -rt 0.001 -u 9 || true # waits without a process that would take CPU time from the one that starts
  done
  printf 'PING\r\n' >&3
  read -rt 10 -u 3 answer || true
  took=$(((${EPOCHREALTIME/[.,]/} - began) / 1000))
  exec 3>&-
  [ "$answer" = $'+PONG\r' ] || die "${1%%=*} answered PING with '$answer'"
}

# stop PID: the newest of what was started.
stop() {
  unset "pids[${#pids[@]} - 1]"
  kill "$1"
  wait "$1" 2>/dev/null || true
}

# add PROGRAM COLUMN VALUE
declare -A samples
add() {
  samples[$1,$2]="${samples[$1,$2]:-} $3"
}

add_memory() {
  add "$1" "$2" "$(awk '$1 == "VmRSS:" { printf "%.0f", $2 / 1024 }' "/proc/$pid/status")"
}

# Every round starts every program afresh. The first only brings their files into memory.
measure_starts() {
  local round program
  for round in $(seq 0 "$rounds"); do
    for program in "${programs[@]}"; do
      serve "$program"
      cpu_of "$pid"
      cpu_between "0 0" "$REPLY" 1
      if [ "$round" -gt 0 ]; then
        add "$program" start "$took"
        add "$program" cpu "$((REPLY / 1000000))"
        sleep 0.5
        add_memory "$program" idle
        bench "$port" get 64 50 1 "$requests"
        add_memory "$program" loaded
      fi
      stop "$pid"
    done
  done
}

measure_requests() {
  local program pipeline before count
  local -A program_ports=() program_pids=()
  for program in "${programs[@]}"; do
    serve "$program"
    program_ports[$program]=$port
    program_pids[$program]=$pid
    proxy_ports=("$port")
    preload 64
    bench "$port" get 64 50 1 "$warmup"
    bench "$port" get 64 50 16 "$((warmup * 4))"
  done
  for _ in $(seq "$rounds"); do
    for pipeline in 1 16; do
      count=$((pipeline == 1 ? requests : requests * 10))
      for program in "${programs[@]}"; do
        cpu_of "${program_pids[$program]}"
        before=$REPLY
        bench "${program_ports[$program]}" get 64 50 "$pipeline" "$count"
        cpu_of "${program_pids[$program]}"
        cpu_between "$before" "$REPLY" 1
        add "$program" "p$pipeline" "$(awk -v ns="$REPLY" -v count="$count" 'BEGIN { printf "%.2f", ns / 1000 / count }')"
      done
    done
  done
}

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
work=$(mktemp -d)
tick=$((1000000000 / $(getconf CLK_TCK)))
exec 9<> <(:) # never has a byte
install_missing redis-server=redis-server redis-benchmark=redis-tools
programs=("$@")
if [ "${#programs[@]}" -eq 0 ]; then
  publish_as jit
  publish_as ready-to-run
  publish_as native-aot
fi
start_servers
measure_starts
measure_requests

echo "$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) processors, Linux $(uname -r)"
echo "medians of $rounds rounds, transport ${TRANSPORT:-auto}, load $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| program | first PING answered, ms | CPU of that, ms | resident MB | after $requests requests | CPU µs/request | with pipeline 16 |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for program in "${programs[@]}"; do
  row="| ${program%%=*} |"
  for column in start cpu idle loaded p1 p16; do
    # shellcheck disable=SC2086 # a list of numbers
    row="$row $(median ${samples[$program,$column]}) |"
  done
  echo "$row"
done
