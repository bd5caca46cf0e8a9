# shellcheck shell=bash
# What compare.sh measures over a while instead of per request: memory under a mixed load, and memory of clients that do nothing.

# Clients that one process of the script holds.
readonly CLIENTS_PER_PROCESS=2500
# Growth that counts as none: of the median of the last quarter over that of the second.
readonly MOST_GROWTH_PERCENT=5

# resident INDEX: resident KB of the proxy; in REPLY.
resident() {
  REPLY=$(awk '$1 == "VmRSS:" { print $2 }' "/proc/${proxy_pids[$1]}/status")
}

# settled INDEX: resident KB when it has stopped to change by more than 1 % in two seconds, or after 30 seconds; in REPLY.
settled() {
  local last=0 change
  for _ in $(seq 15); do
    resident "$1"
    change=$((REPLY > last ? REPLY - last : last - REPLY))
    [ "$((change * 100))" -gt "$REPLY" ] || return 0
    last=$REPLY
    sleep 2
  done
}

# --- Idle clients ----------------------------------------------------------------------------------------------------------------

# idle_clients PORT COUNT FILE: connects them, each asks once and gets its answer, makes FILE, and waits to be ended.
idle_clients() {
  local client reply
  for _ in $(seq "$2"); do
    exec {client}<>"/dev/tcp/127.0.0.1/$1"
    # shellcheck disable=SC2016 # $3 is a length
    printf '*2\r\n$3\r\nGET\r\n$4\r\nidle\r\n' >&"$client"
    IFS= read -r -u "$client" reply
    [[ $reply == '$-1'* ]] || die "an idle client got: $reply"
  done
  : >"$3"
  read -r -u "$client" reply || true
}

# connect_idle INDEX COUNT: returns when all are connected; their processes in idle_pids.
connect_idle() {
  local left=$2 part=0 count
  idle_pids=()
  while [ "$left" -gt 0 ]; do
    count=$((left < CLIENTS_PER_PROCESS ? left : CLIENTS_PER_PROCESS))
    left=$((left - count))
    part=$((part + 1))
    rm -f "$work/idle-$part.ready"
    start "idle-$part" idle_clients "${proxy_ports[$1]}" "$count" "$work/idle-$part.ready"
    idle_pids+=("$REPLY")
  done
  for part in "${!idle_pids[@]}"; do
    while [ ! -e "$work/idle-$((part + 1)).ready" ]; do
      kill -0 "${idle_pids[part]}" 2>/dev/null || die "$(tail -n 1 "$work/idle-$((part + 1)).log")"
      sleep 0.1
    done
  done
}

# disconnect_idle INDEX: ends them, and returns when the proxy has closed their connections too.
disconnect_idle() {
  local kept=() pid before
  for pid in "${pids[@]}"; do
    [[ " ${idle_pids[*]} " == *" $pid "* ]] || kept+=("$pid")
  done
  pids=("${kept[@]}")
  descriptors "$1"
  before=$REPLY
  kill "${idle_pids[@]}"
  wait "${idle_pids[@]}" 2>/dev/null || true
  for _ in $(seq 300); do
    descriptors "$1"
    [ "$REPLY" -gt "$((before - $2))" ] || return 0
    sleep 0.1
  done
  die "${proxy_names[$1]} keeps connections of clients that have left"
}

# idle_mode COUNT: memory that idle clients hold, for each proxy.
idle_mode() {
  local i before with
  want_descriptors "$(($1 + 1000))" || die "$1 idle clients need more than $(ulimit -Hn) descriptors (ulimit -n)"
  [ "$1" -le 25000 ] || die "more than 25000 clients have no ports from one address"
  printf '%s clients, each has asked once\n' "$1"
  for i in "${!proxy_names[@]}"; do
    # What the first clients cost for ever: compiled code, the pools' first blocks.
    connect_idle "$i" 500
    disconnect_idle "$i" 500
    settled "$i"
    before=$REPLY
    connect_idle "$i" "$1"
    settled "$i"
    with=$REPLY
    disconnect_idle "$i" "$1"
    settled "$i"
    printf '  %-22s resident %7d KB without, %7d KB with them, %7d KB after: %6d B per idle client\n' \
      "${proxy_names[i]}" "$before" "$with" "$REPLY" "$(((with - before) * 1024 / $1))"
  done
}

# --- Soak ------------------------------------------------------------------------------------------------------------------------

# load NAME REDIS-BENCHMARK-OPTION...: again and again, until it is ended; SIZE stands for a size that is drawn each time, PAUSE
# for a second's rest after each run.
load() {
  local drawn=(64 64 512 4096 16384 65536) arguments pause=0 argument name=$1
  shift
  trap 'kill "$!" 2>/dev/null; wait; exit 0' TERM
  while :; do
    arguments=()
    for argument in "$@"; do
      case $argument in
        SIZE) arguments+=("${drawn[RANDOM % ${#drawn[@]}]}") ;;
        PAUSE) pause=1 ;;
        *) arguments+=("$argument") ;;
      esac
    done
    redis-benchmark -h 127.0.0.1 -p "${proxy_ports[0]}" -r "$KEYS" -q "${arguments[@]}" >"$work/$name.out" 2>&1 &
    wait "$!" || die "redis-benchmark ${arguments[*]}: $(tail -n 1 "$work/$name.out")"
    sleep "$pause" &
    wait "$!"
  done
}

# soak_mode MINUTES: one redis-proxy under a mixed load; fails when its memory grows.
soak_mode() {
  local length=$(($1 * 60)) step=30 elapsed=0 samples=() loads=() pid quarter names=() early late
  [ "$length" -ge 240 ] || step=$((length / 8))
  preload 1024
  for _ in $(seq "$MGET_KEYS"); do
    names+=(key:__rand_int__)
  done
  start load-small load small -t set,get -d SIZE -c 50 -n 50000
  loads+=("$REPLY")
  start load-pipelined load pipelined -t get,set -d SIZE -c 10 -P 16 -n 20000
  loads+=("$REPLY")
  start load-deep load deep -t get -c 4 -P 100 -n 20000
  loads+=("$REPLY")
  start load-mget load mget -c 20 -n 5000 mget "${names[@]}"
  loads+=("$REPLY")
  start load-reconnecting load reconnecting -t get -k 0 -c 20 -n 2000 PAUSE
  loads+=("$REPLY")
  printf '%s, %s minutes of GET, SET and MGET, values of 64 B to 64 KB, pipelines of 1 to 100, reconnecting clients\n' "${proxy_names[0]}" "$1"
  while [ "$elapsed" -lt "$length" ]; do
    sleep "$step"
    elapsed=$((elapsed + step))
    for pid in "${loads[@]}"; do
      kill -0 "$pid" 2>/dev/null || die "the load ended: $(cat "$work"/load-*.log)"
    done
    descriptors 0
    pid=$REPLY
    resident 0
    samples+=("$REPLY")
    printf '  %5d s  resident %7d KB  %5d descriptors\n' "$elapsed" "$REPLY" "$pid"
  done
  kill "${loads[@]}"
  wait "${loads[@]}" 2>/dev/null || true
  check_errors
  quarter=$((${#samples[@]} / 4))
  early=$(median "${samples[@]:quarter:quarter}")
  late=$(median "${samples[@]: -quarter}")
  awk -v early="$early" -v late="$late" -v most="$MOST_GROWTH_PERCENT" 'BEGIN {
    growth = (late / early - 1) * 100
    printf "%s: %d KB in the second quarter, %d KB in the last (%+.1f %%)\n", growth <= most ? "flat" : "GREW", early, late, growth
    exit growth > most
  }'
}
