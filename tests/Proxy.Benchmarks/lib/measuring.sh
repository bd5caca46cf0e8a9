# shellcheck shell=bash
# The measurements of compare.sh, some of which startup.sh takes too: one redis-benchmark run, what it cost the processes, and a case as a whole.

readonly KEYS=1000
readonly MGET_KEYS=10
# Reply bytes that the clients of one case may have under way: beyond it the machine's memory is measured, not the proxies.
readonly MOST_BYTES_UNDER_WAY=$((1024 * 1024 * 1024))
# A client has at least so many turns: connecting (some 30 µs of CPU) is to be lost in them, and is not subtracted.
readonly LEAST_TURNS=60
# Requests of the run whose calls strace counts; it makes a proxy ten times slower.
readonly STRACE_REQUESTS=20000
# After so many scrapes each allocates as much as the one before.
readonly WARMUP_SCRAPES=20
readonly CLIENTS_PER_GROWTH_SECOND=250
# What perf counts by name; the rest of all calls is "others".
readonly NAMED_CALLS="read readv recvfrom recvmsg write writev sendto sendmsg epoll_wait epoll_pwait epoll_pwait2 epoll_ctl io_uring_enter futex \
accept4 close shutdown socket connect setsockopt getsockopt ioctl fcntl mmap munmap madvise sched_yield"

median() {
  printf '%s\n' "$@" | sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# preload SIZE: all keys that redis-benchmark may draw, through the last proxy; the ring is the same for all of them.
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

# cpu_of PID...: CPU time of all their threads in ns, as "threads:NS process:NS"; in REPLY. The scheduler's sum over the threads is exact to the
# nanosecond, but lacks threads that have ended; the process's own has them, in ticks. cpu_between takes from both.
cpu_of() {
  local pid task stat fields ns rest threads=0 process=0
  for pid in "$@"; do
    for task in "/proc/$pid/task/"*; do
      # It may have ended since.
      { read -r ns rest <"$task/schedstat"; } 2>/dev/null || ns=0
      threads=$((threads + ns))
    done
    stat=$(<"/proc/$pid/stat")
    # 1234 (name) S …: the name may hold anything, so fields count from behind it; utime and stime are the 14th and 15th of all.
    read -ra fields <<<"${stat##*) }"
    process=$((process + (fields[11] + fields[12]) * tick))
  done
  REPLY="$threads $process"
}

# cpu_between "BEFORE" "AFTER" PROCESSES: ns between two answers of cpu_of; in REPLY. Threads' time, unless more than rounding to ticks (of each
# process, at both ends) is missing from it.
cpu_between() {
  local before after threads process
  read -ra before <<<"$1"
  read -ra after <<<"$2"
  threads=$((after[0] - before[0]))
  process=$((after[1] - before[1] - 2 * tick * $3))
  REPLY=$((threads > process ? threads : process))
}

# descriptors INDEX: open descriptors of the proxy; in REPLY.
descriptors() {
  local open=("/proc/${proxy_pids[$1]}/fd/"*)
  REPLY=${#open[@]}
}

# bench PORT COMMAND SIZE CLIENTS PIPELINE REQUESTS [RUNNER...]: requests/s, p50 and p99 in ms; in REPLY. RUNNER is put before it. It ends a moment
# after redis-benchmark, when the proxy has noticed that the clients have left.
bench() {
  local port=$1 what=(-t "$2") pid row
  if [ "$2" = mget ]; then
    what=(mget)
    for _ in $(seq "$MGET_KEYS"); do
      what+=(key:__rand_int__)
    done
  fi
  # shellcheck disable=SC2016 # for the inner shell
  "${@:7}" bash -c 'trap "kill \$!; wait; exit 143" TERM; "$@" & wait "$!" && sleep 0.2' bash \
    redis-benchmark -h 127.0.0.1 -p "$port" -c "$4" -P "$5" -n "$6" -d "$3" -r "$KEYS" --csv "${what[@]}" >"$work/bench.csv" 2>"$work/bench.log" &
  pid=$!
  pids+=("$pid")
  wait "$pid" || die "redis-benchmark failed on port $port: $(tail -n 3 "$work/bench.log" "$work/bench.csv")"
  unset "pids[${#pids[@]} - 1]"
  # "GET","65231.57","0.382","0.104","0.367","0.567","0.703","2.151"
  row=$(awk -F'","' 'NF == 8 && $2 + 0 > 0 { print $2, $5, $7 }' "$work/bench.csv" | tail -n 1)
  [ -n "$row" ] || die "redis-benchmark said nothing useful on port $port: $(tail -n 3 "$work/bench.log" "$work/bench.csv")"
  if grep -qi 'error from server' "$work/bench.csv" "$work/bench.log"; then
    die "errors on port $port: $(grep -hi 'error from server' "$work/bench.csv" "$work/bench.log" | head -n 1)"
  fi
  REPLY=$row
}

# --- System calls ----------------------------------------------------------------------------------------------------------------

# choose_tracer WISH: perf counts in the kernel and disturbs nothing, so it is taken where it works; else strace.
choose_tracer() {
  tracer=$1
  if [ "$tracer" = auto ] || [ "$tracer" = perf ]; then
    if perf stat -x, -e raw_syscalls:sys_enter -p $$ -o "$work/calls" -- true >/dev/null 2>&1; then
      tracer=perf
    elif [ "$tracer" = perf ]; then
      die "perf cannot count system calls here"
    else
      tracer=strace
    fi
  fi
  [ "$tracer" != strace ] || install_missing strace=strace
}

# counted_bench FILE INDEX COMMAND SIZE CLIENTS PIPELINE REQUESTS: runs it and writes lines "CALL NUMBER" of the proxy, with a "total".
counted_bench() {
  local file=$1 pid=${proxy_pids[$2]} port=${proxy_ports[$2]} call events=(-e raw_syscalls:sys_enter) strace
  shift 2
  case $tracer in
    perf)
      for call in $NAMED_CALLS; do
        [ ! -e "/sys/kernel/tracing/events/syscalls/sys_enter_$call" ] || events+=(-e "syscalls:sys_enter_$call")
      done
      bench "$port" "$@" perf stat -x, -o "$work/calls" "${events[@]}" -p "$pid" --
      # 228204,,raw_syscalls:sys_enter,1249627002,100.00,,
      awk -F, '$1 > 0 { name = $3; print sub(/^syscalls:sys_enter_/, "", name) ? name : "total", $1 }' "$work/calls" >"$file"
      ;;
    strace)
      start strace strace -f -c -U name,calls -p "$pid" -o "$work/calls"
      strace=$REPLY
      for _ in $(seq 50); do
        ! grep -q attached "$work/strace.log" || break
        sleep 0.1
      done
      bench "$port" "$@"
      kill -INT "$strace"
      wait "$strace" || true
      unset "pids[${#pids[@]} - 1]"
      awk '$2 > 0 { print $1, $2 }' "$work/calls" >"$file"
      ;;
    *)
      bench "$port" "$@"
      : >"$file"
      ;;
  esac
}

# calls_between BASE FULL REQUESTS: what REQUESTS more requests cost, as "TOTAL EPOLL_CTL name number, name number …" per request; in REPLY.
# Calls of connecting and leaving are in both runs.
calls_between() {
  REPLY=$(awk -v requests="$3" '
    function per_request(count) { return count / requests > -0.0005 && count / requests < 0 ? 0 : count / requests }
    NR == FNR && FILENAME == ARGV[1] { base[$1] = $2; next }
    { more[$1] = $2 - base[$1] }
    END {
      if (!("total" in more)) { print "- - -"; exit }
      others = more["total"]
      for (call in more) {
        if (call == "total") continue
        others -= more[call]
        if (more[call] / requests >= 0.0005) lines[++n] = sprintf("%.3f %s", per_request(more[call]), call)
      }
      if (others / requests >= 0.0005) lines[++n] = sprintf("%.3f others", per_request(others))
      for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (lines[j] + 0 > lines[i] + 0) { line = lines[i]; lines[i] = lines[j]; lines[j] = line }
      for (i = 1; i <= n; i++) { split(lines[i], part, " "); text = text (i > 1 ? ", " : "") part[2] " " part[1] }
      printf "%.3f %.4f %s\n", per_request(more["total"]), per_request(more["epoll_ctl"]), text == "" ? "-" : text
    }' "$1" "$2")
}

# --- Allocations -----------------------------------------------------------------------------------------------------------------

# scrape INDEX: bytes that the proxy has allocated on the managed heap ever, and requests that it has had; in REPLY.
scrape() {
  exec {admin}<>"/dev/tcp/127.0.0.1/${proxy_admins[$1]}"
  printf 'GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&"$admin"
  REPLY=$(awk '
    $1 == "dotnet_gc_allocated_bytes_total" { bytes = $2 }
    /^redis_proxy_client_requests_total\{/ { requests += $NF }
    END { printf "%.0f %.0f", bytes, requests }' <&"$admin")
  exec {admin}>&-
  [ "${REPLY%% *}" -gt 0 ] || die "${proxy_names[$1]} does not tell what it has allocated"
}

# growth_time CLIENTS: seconds of load before what is allocated counts: until then buffers and free lists grow to what the waves of all clients
# take, which the more clients there are the longer takes to have been seen (measured: up to 20 s with 5000); in REPLY.
growth_time() {
  REPLY=$((growth + $1 / CLIENTS_PER_GROWTH_SECOND))
}

# scrape_steady INDEX DESCRIPTORS GROWTH: GROWTH seconds after the proxy has so many open, and `steady` seconds later; on the standard output.
scrape_steady() {
  for _ in $(seq 1000); do
    descriptors "$1"
    [ "$REPLY" -lt "$2" ] || break
    sleep 0.03
  done
  sleep "$3"
  scrape "$1"
  echo "$REPLY"
  sleep "$steady"
  scrape "$1"
  echo "$REPLY"
}

# allocations INDEX COMMAND SIZE CLIENTS PIPELINE RATE: managed bytes per request in steady state, with all clients connected, less what asking for
# the metrics costs; "-" for a proxy without a managed heap; in REPLY. RATE, in requests/s, says how many requests it takes until both scrapes are done.
allocations() {
  local i=$1 rate=$6 last=0 costs=() cost watcher least=$((2 * $4 * $5)) count growing
  REPLY=-
  [ "${proxy_admins[i]}" != - ] || return 0
  for _ in 1 2 3 4 5 6; do
    scrape "$i"
    [ "$last" = 0 ] || costs+=("$((${REPLY%% *} - last))")
    last=${REPLY%% *}
  done
  cost=$(median "${costs[@]}")
  growth_time "$4"
  growing=$REPLY
  count=$((${rate%.*} * (growing + steady + 2)))
  count=$((count > least ? count : least))
  descriptors "$i"
  start scrapes scrape_steady "$i" "$((REPLY + $4))" "$growing"
  watcher=$REPLY
  bench "${proxy_ports[i]}" "${@:2:4}" "$count"
  wait "$watcher" || die "${proxy_names[i]}: $(tail -n 1 "$work/scrapes.log")"
  unset "pids[${#pids[@]} - 1]"
  REPLY=$(awk -v cost="$cost" '{ bytes[NR] = $1; requests[NR] = $2 } END {
    count = requests[2] - requests[1]
    if (count > 0) printf "%.3f", (bytes[2] - bytes[1] - cost) / count; else print "-"
  }' "$work/scrapes.log")
}

# --- A case ----------------------------------------------------------------------------------------------------------------------

# per_request NUMBER REQUESTS
per_request() {
  awk -v number="$1" -v requests="$2" 'BEGIN { printf "%.3f", number / requests }'
}

# warmup_count COMMAND SIZE CLIENTS PIPELINE: requests that take a second or two; in REPLY.
warmup_count() {
  local count=$warmup
  [ "$4" = 1 ] || count=$((count * 4))
  [ "$3" -ge 10 ] || count=$((count / 4))
  [ "$2" -lt 65536 ] || count=$((count / 8))
  [ "$1" != mget ] || count=$((count / 4))
  REPLY=$((count > $3 * $4 ? count : $3 * $4))
}

# The same load for every proxy, so that the runtime has compiled for good what all cases share.
warm_up() {
  local i command pipeline
  preload 64
  for i in "${!proxy_names[@]}"; do
    for pipeline in 1 16; do
      for command in set get mget; do
        bench "${proxy_ports[i]}" "$command" 64 50 "$pipeline" "$warmup"
      done
    done
  done
}

# warm_up_case COMMAND SIZE CLIENTS PIPELINE: and says in REPLY how many requests a sample takes: the fastest proxy needs `seconds` for them.
warm_up_case() {
  local i count rate=0 values least=$(($3 * $4 * LEAST_TURNS))
  warmup_count "$@"
  count=$REPLY
  for i in "${!proxy_names[@]}"; do
    bench "${proxy_ports[i]}" "$@" "$count"
    read -ra values <<<"$REPLY"
    rate=$(awk -v a="$rate" -v b="${values[0]}" 'BEGIN { printf "%d", (a > b ? a : b) }')
  done
  if [ -n "$requests" ]; then
    REPLY=$((requests > $3 * $4 ? requests : $3 * $4 * 2))
  else
    count=$(((rate * seconds / 1000 + 1) * 1000))
    REPLY=$((count > least ? count : least))
  fi
}

# sample INDEX COMMAND SIZE CLIENTS PIPELINE REQUESTS: "requests/s p50 p99 CPU CPU-with-servers", CPU in µs per request; in REPLY.
sample() {
  local i=$1 pid=${proxy_pids[$1]} cpu box cpu_before box_before measured
  shift
  cpu_of "$pid"
  cpu_before=$REPLY
  cpu_of "$pid" "${server_pids[@]}"
  box_before=$REPLY
  bench "${proxy_ports[i]}" "$@"
  measured=$REPLY
  cpu_of "$pid"
  cpu_between "$cpu_before" "$REPLY" 1
  cpu=$REPLY
  cpu_of "$pid" "${server_pids[@]}"
  cpu_between "$box_before" "$REPLY" "$((SERVERS + 1))"
  box=$REPLY
  REPLY="$measured $(awk -v cpu="$cpu" -v box="$box" -v count="$5" 'BEGIN { printf "%.4f %.4f", cpu / 1000 / count, box / 1000 / count }')"
}

# calls INDEX COMMAND SIZE CLIENTS PIPELINE REQUESTS: system calls per request, as calls_between gives them; in REPLY. Of two runs, one with a single
# turn for each client, so that connecting and leaving are left out.
calls() {
  local base=$(($4 * $5)) count=$6
  REPLY="- - -"
  [ "$tracer" != none ] || return 0
  [ "$tracer" != strace ] || count=$STRACE_REQUESTS
  count=$((count > 2 * base ? count : 2 * base))
  counted_bench "$work/base" "${@:1:5}" "$base"
  counted_bench "$work/full" "${@:1:5}" "$count"
  calls_between "$work/base" "$work/full" "$((count - base))"
}

# run_case COMMAND SIZE CLIENTS PIPELINE: measures it on all proxies and adds a line for each to the results.
run_case() {
  local bytes=$(($2 * $3 * $4)) count before i column values allocated
  local -A samples=()
  [ "$1" != mget ] || bytes=$((bytes * MGET_KEYS))
  if [ "$bytes" -gt "$MOST_BYTES_UNDER_WAY" ]; then
    echo "$*: left out, $((bytes >> 20)) MB would be under way at once"
    return
  fi
  misses
  before=$REPLY
  warm_up_case "$@"
  count=$REPLY
  for _ in $(seq "$rounds"); do
    for i in "${!proxy_names[@]}"; do
      sample "$i" "$@" "$count"
      read -ra values <<<"$REPLY"
      for column in 0 1 2 3 4; do
        samples[$i,$column]="${samples[$i,$column]:-} ${values[column]}"
      done
    done
  done

  printf '\n%s %s B, %s clients, pipeline %s (%s requests)\n' "${1^^}" "$2" "$3" "$4" "$count"
  for i in "${!proxy_names[@]}"; do
    values=()
    for column in 0 1 2 3 4; do
      # shellcheck disable=SC2086 # a list of numbers
      values+=("$(median ${samples[$i,$column]})")
    done
    allocations "$i" "$@" "${values[0]}"
    allocated=$REPLY
    calls "$i" "$@" "$((count / 4))"
    printf '  %-22s %9.0f requests/s  p50 %7.3f ms  p99 %7.3f ms  CPU %7.2f µs  with servers %7.2f µs  allocated %s B\n' \
      "${proxy_names[i]}" "${values[@]}" "$allocated"
    printf '  %-22s %s calls: %s\n' '' "${REPLY%% *}" "${REPLY#* * }"
    echo "$1:$2:$3:$4 ${proxy_names[i]} ${proxy_transports[i]} ${values[*]} $allocated $REPLY" >>"$work/results"
  done
  misses
  [ "$1" = set ] || [ "$REPLY" = "$before" ] || die "$*: $((REPLY - before)) keys were not found"
}
