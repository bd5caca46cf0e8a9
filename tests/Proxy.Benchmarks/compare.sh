#!/usr/bin/env bash
# Compares redis-proxy with twemproxy: all in front of the same four Redis servers, with the same ring, driven in turn by redis-benchmark.
#
#   tests/Proxy.Benchmarks/compare.sh [options]      --help lists them
#
# Each case runs ROUNDS times, A B C A B C …, and the median counts. CPU is that of all threads of the proxy's process, and beside it that of the
# proxy and the servers together. GET and MGET find their values: a run with a miss fails. System calls are counted in runs of their own.
# Everything that is started ends with the script. Only what is missing is installed, from the distribution's packages.
set -eu

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lib=$root/tests/Proxy.Benchmarks/lib
# shellcheck source-path=SCRIPTDIR source=lib/stage.sh
. "$lib/stage.sh"
# shellcheck source-path=SCRIPTDIR source=lib/measuring.sh
. "$lib/measuring.sh"
# shellcheck source-path=SCRIPTDIR source=lib/table.sh
. "$lib/table.sh"
# shellcheck source-path=SCRIPTDIR source=lib/modes.sh
. "$lib/modes.sh"

# The cases that README's table has: COMMAND:BYTES:CLIENTS:PIPELINE.
readonly TABLE=get:64:50:1,set:64:50:1,get:64:500:1,get:64:50:16,set:64:50:16,get:16384:50:1,set:16384:50:1,\
get:64:4:1,get:64:1:1,mget:64:50:1,get:64:5000:1
readonly QUICK=get:64:50:1,set:64:50:1,mget:64:50:1,get:64:50:16,get:16384:50:1,get:64:1:1

mode=table
rounds=${ROUNDS:-3}
seconds=2
growth=5
steady=5
requests=${REQUESTS:-}
warmup=100000
cases=$TABLE
commands=get,set,mget
sizes=64,4096,65536
clients=1,50,500
pipelines=1,16
mbufs=default,512
transports=io_uring,epoll
binaries=()
tracer=auto
minutes=10
idle=10000
work=

usage() {
  cat <<TEXT
usage: tests/Proxy.Benchmarks/compare.sh [options]

What is measured:
  --table              the cases of README's table (default)
  --cases LIST         of COMMAND:BYTES:CLIENTS:PIPELINE, as in get:64:50:1,mget:64:50:1
  --commands LIST      of get, set and mget ($MGET_KEYS keys) (default $commands); this and the next three: each with each
  --sizes LIST         bytes of a value (default $sizes)
  --clients LIST       connections (default $clients)
  --pipelines LIST     requests that a client sends at once (default $pipelines)
  --quick              one small case of each kind, one round: shows that everything works, measures nothing
  --soak MINUTES       instead: resident memory of redis-proxy (the first transport) under a mixed load, every 30 seconds
  --idle CLIENTS       instead: resident memory per idle client

How:
  --rounds N           times that each case is measured (default $rounds, five for a p99 to rely on; or ROUNDS)
  --seconds N          that the fastest proxy takes for a sample (default $seconds)
  --requests N         requests of a sample, whatever it takes (or REQUESTS)
  --calls HOW          how system calls are counted: perf, strace, none, or auto: perf where it works, else strace (default $tracer)

Of which:
  --mbufs LIST         a twemproxy with each of these -m, or default (default $mbufs)
  --transports LIST    a redis-proxy on each of io_uring, epoll, socket, auto (default $transports); what does not start is left out
  --binary NAME=PATH   another redis-proxy, on the same transports; may be repeated
  -h, --help           this text

REDIS_PROXY_BIN names the redis-proxy to measure; without it the repository is built (Release).
TEXT
}

# Every command with every size, number of clients and pipeline; in cases.
cross() {
  local command size connections pipeline
  cases=
  for size in ${sizes//,/ }; do
    for command in ${commands//,/ }; do
      for connections in ${clients//,/ }; do
        for pipeline in ${pipelines//,/ }; do
          cases=${cases:+$cases,}$command:$size:$connections:$pipeline
        done
      done
    done
  done
}

while [ $# -gt 0 ]; do
  case $1 in
    --quick) rounds=1 requests=2000 warmup=2000 growth=1 steady=1 cases=$QUICK ;;
    --table) cases=$TABLE ;;
    -h | --help)
      usage
      exit 0
      ;;
    --cases | --commands | --sizes | --clients | --pipelines | --rounds | --seconds | --requests | --calls | --mbufs | --transports | --binary | \
      --soak | --idle)
      [ $# -ge 2 ] || die "$1 takes a value"
      case $1 in
        --binary) binaries+=("$2") ;;
        --calls) tracer=$2 ;;
        --soak) mode=soak minutes=$2 ;;
        --idle) mode=idle idle=$2 ;;
        *) printf -v "${1#--}" '%s' "$2" ;;
      esac
      case $1 in --commands | --sizes | --clients | --pipelines) cross ;; esac
      shift
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
for number in "$rounds" "$seconds" "${requests:-1}" "$minutes" "$idle"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] || die "not a positive number: $number"
done
most_clients=0
for entry in ${cases//,/ }; do
  [[ $entry =~ ^(get|set|mget):[1-9][0-9]*:([1-9][0-9]*):[1-9][0-9]*$ ]] || die "not COMMAND:BYTES:CLIENTS:PIPELINE, or not get, set or mget: $entry"
  most_clients=$((BASH_REMATCH[2] > most_clients ? BASH_REMATCH[2] : most_clients))
done
for entry in ${binaries[@]+"${binaries[@]}"}; do
  [[ $entry == ?*=* && -x ${entry#*=} ]] || die "not NAME=PATH of an executable file: $entry"
done
[[ $tracer =~ ^(auto|perf|strace|none)$ ]] || die "not perf, strace, none or auto: $tracer"
[[ $mbufs =~ ^(default|[0-9]+)(,(default|[0-9]+))*$ ]] || die "not default or a number, or a list of them: $mbufs"
[[ $transports =~ ^(io_uring|epoll|socket|auto)(,(io_uring|epoll|socket|auto))*$ ]] || die "not a list of transports: $transports"

trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
work=$(mktemp -d)
tick=$((1000000000 / $(getconf CLK_TCK)))
[ "$mode" != idle ] || most_clients=$idle
want_descriptors "$((most_clients + 1000))" || die "$most_clients clients need more descriptors than $(ulimit -Hn) (ulimit -n)"
PATH=$PATH:/usr/sbin:/sbin
install_missing nutcracker=nutcracker redis-server=redis-server redis-benchmark=redis-tools
publish
binaries=("redis-proxy=$REDIS_PROXY_BIN" ${binaries[@]+"${binaries[@]}"})
start_servers

if [ "$mode" = soak ]; then
  start_redis_proxies "${transports%%,*}" "${binaries[0]}"
  describe "$minutes minutes"
  soak_mode "$minutes"
  exit
fi
for mbuf in ${mbufs//,/ }; do
  start_twemproxy "$mbuf"
done
start_redis_proxies "$transports" "${binaries[@]}"
if [ "$mode" = idle ]; then
  describe "$idle clients"
  idle_mode "$idle"
  exit
fi
choose_tracer "$tracer"
describe "medians of $rounds rounds"
warm_up
stored=
for entry in ${cases//,/ }; do
  IFS=: read -r command size connections pipeline <<<"$entry"
  [ "$stored" = "$size" ] || preload "$size"
  stored=$size
  run_case "$command" "$size" "$connections" "$pipeline"
done
check_errors
tables
