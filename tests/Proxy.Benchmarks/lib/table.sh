# shellcheck shell=bash
# The tables of compare.sh, in Markdown, and its verdicts. A line of the results:
#   case name transport requests/s p50 p99 CPU CPU-with-servers allocated calls epoll_ctl calls by name…
# Twemproxies come first; the first of them is the bar, the others stand in parentheses.

# What is to be reached. Case (a shell pattern), measure, and the limits for io_uring and epoll. cpu, box (CPU with the servers), rps, p50 and p99
# are ratios to twemproxy; rps is a lower limit, all else are upper ones. crowd is CPU per request over that of the same case with 50 clients;
# allocated and epoll_ctl are per request: 0.0005 epoll_ctl are none, what prints as 0.000; and fewer clients have too few requests for what the
# process allocates once a second to be lost in them.
targets() {
  cat <<'TEXT'
[gs]et:64:50:1     cpu       0.50 0.95
[gs]et:64:50:1     rps       1.00 -
get:64:500:1       cpu       0.45 0.90
get:64:500:1       rps       1.00 -
[gs]et:64:50:16    cpu       0.30 0.50
[gs]et:64:50:16    rps       1.60 -
[gs]et:16384:50:1  cpu       0.75 0.95
[gs]et:16384:50:1  rps       1.00 -
get:64:[14]:1      cpu       0.95 0.95
get:64:[14]:1      rps       1.00 -
get:64:[14]:1      p50       1.00 -
mget:64:50:1       cpu       0.60 0.90
mget:64:50:1       rps       1.20 -
*:50:*             box       0.85 1.25
*:500:*            box       0.85 1.25
get:64:5000:1      crowd     1.30 1.30
*                  p99       1.10 1.10
*:50:*             allocated 0.10 0.10
*:500:*            allocated 0.10 0.10
*:5000:*           allocated 0.10 0.10
*                  epoll_ctl 0.0005 0.0005
TEXT
}

# targets_of CASE: its lines of the table above.
targets_of() {
  local pattern rest
  while read -r pattern rest; do
    # shellcheck disable=SC2053 # the right side is a pattern
    if [[ $1 == $pattern ]]; then
      echo "$1 $rest"
    fi
  done < <(targets)
}

# get:64:50:1 -> GET 64 B, 50/1
readonly CASE_NAME='
  function case_name(text,  part) {
    split(text, part, ":")
    return toupper(part[1]) " " (part[2] >= 1024 ? part[2] / 1024 " KB" : part[2] " B") ", " part[3] "/" part[4]
  }'

table_of_values() {
  echo "| case, clients/pipeline | proxy | requests/s | p50 ms | p99 ms | CPU µs | with servers µs | allocated B | calls | epoll_ctl |"
  echo "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
  awk "$CASE_NAME"'
    function number(format, text) { return text == "-" ? "" : sprintf(format, text > -0.005 && text < 0 ? 0 : text) }
    {
      printf "| %s | %s | %.0f | %.3f | %.3f | %.2f | %.2f | %s | %s | %s |\n", $1 == last ? "" : case_name($1), $2, $4, $5, $6, $7, $8,
        number("%.2f", $9), number("%.2f", $10), number("%.3f", $11)
      last = $1
    }' "$work/results"
}

table_of_ratios() {
  local name
  while read -r name; do
    targets_of "$name"
  done < <(awk '{ print $1 }' "$work/results" | sort -u) >"$work/targets"
  echo "| case, clients/pipeline | proxy | CPU | with servers | requests/s | p50 | p99 | targets |"
  echo "|---|---|---:|---:|---:|---:|---:|---|"
  awk "$CASE_NAME"'
    function ratio(value, bar) { return bar > 0 ? value / bar : 0 }
    # "0.48 (0.52)": to the first twemproxy, and to the others.
    function ratios(column,  i, text) {
      text = sprintf("%.2f", ratio($column, bars[1, column]))
      for (i = 2; i <= twemproxies; i++) text = text sprintf("%s%.2f", i == 2 ? " (" : ", ", ratio($column, bars[i, column]))
      return text (twemproxies > 1 ? ")" : "")
    }
    function measured(measure,  part) {
      if (measure == "rps") return ratio($4, bars[1, 4])
      if (measure == "p50") return ratio($5, bars[1, 5])
      if (measure == "p99") return ratio($6, bars[1, 6])
      if (measure == "cpu") return ratio($7, bars[1, 7])
      if (measure == "box") return ratio($8, bars[1, 8])
      if (measure == "allocated") return $9
      if (measure == "epoll_ctl") return $11
      split($1, part, ":")
      part[1] = part[1] ":" part[2] ":50:" part[4]
      return (part[1], $2) in cpu ? ratio($7, cpu[part[1], $2]) : "-"
    }
    function verdict(  i, part, value, limit, missed, met) {
      for (i = 1; i <= wanted[$1]; i++) {
        split(want[$1, i], part, " ")
        limit = $3 == "io_uring" ? part[3] : $3 == "epoll" ? part[4] : "-"
        value = measured(part[2])
        if (limit == "-" || value == "-") continue
        if (part[2] == "rps" ? value >= limit : value <= limit) { met++; continue }
        missed = missed sprintf("%s%s MISSED %.3f %s %s", missed == "" ? "" : "; ", part[2], value, part[2] == "rps" ? "<" : ">", limit)
      }
      return missed != "" ? missed : met ? "ok" : "-"
    }
    FILENAME == ARGV[1] { want[$1, ++wanted[$1]] = $0; next }
    FNR == 1 { files++ }
    files == 1 { cpu[$1, $2] = $7; next }
    $1 != last { twemproxies = 0; named = ""; last = $1 }
    $3 == "-" { twemproxies++; for (i = 4; i <= 8; i++) bars[twemproxies, i] = $i; next }
    {
      printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", named == $1 ? "" : case_name($1), $2,
        ratios(7), ratios(8), ratios(4), ratios(5), ratios(6), verdict()
      named = $1
    }' "$work/targets" "$work/results" "$work/results"
}

table_of_calls() {
  echo "| case, clients/pipeline | proxy | calls per request |"
  echo "|---|---|---|"
  awk "$CASE_NAME"'
    {
      text = $12
      for (i = 13; i <= NF; i++) text = text " " $i
      printf "| %s | %s | %s |\n", $1 == last ? "" : case_name($1), $2, text
      last = $1
    }' "$work/results"
}

tables() {
  local bar=${proxy_names[0]} beside=() i
  for i in "${!proxy_names[@]}"; do
    [ "$i" = 0 ] || [ "${proxy_transports[i]}" != - ] || beside+=("${proxy_names[i]}")
  done
  printf '\nPer request, medians; allocated is managed memory of the whole process, in the %s seconds that follow %s (with\nmany clients more) of the same load, which let buffers and free lists grow; calls are system calls of the proxy:\n\n' \
    "$steady" "$growth"
  table_of_values
  printf '\nTo %s%s:\n\n' "$bar" "${beside[*]:+ (to ${beside[*]})}"
  table_of_ratios
  if [ "$tracer" != none ]; then
    printf '\nSystem calls per request, counted by %s:\n\n' "$tracer"
    table_of_calls
  fi
}
