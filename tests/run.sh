#!/bin/sh
# Installs what the tests need, builds, runs every test project of Proxy.sln, and ends with a line "N passed, N failed[, N skipped]".
#
#   tests/run.sh          all tests but the long ones on the transport that `transport: auto` takes here, and on each other transport that
#                         works here those that depend on it (category Transport); with the program that is published as ReadyToRun, since
#                         the integration tests start it five hundred times
#   tests/run.sh --all    the long ones (category Long) too, and all other integration tests on every transport that works here, with the
#                         program as it is built, and again with the one that NativeAOT makes
#   CONFIGURATION=Debug tests/run.sh
set -eu

cd "$(dirname "$0")/.."
. deploy/prerequisites.sh

configuration=${CONFIGURATION:-Release}
all=''
usual='TestCategory!=Long'
short=$usual
case "${1:-}" in
  '') ;;
  --all) all=1 short='' ;;
  *) echo "usage: $0 [--all]" >&2; exit 2 ;;
esac

need_redis_server
need_strace
need_perl
need_redis_py
need_packaged_clients
need_node_clients tests/clients
need_dotnet

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
integration=tests/Proxy.IntegrationTests/Proxy.IntegrationTests.csproj
jit=src/Proxy.Host/bin/$configuration/net10.0/redis-proxy
status=0

# test_project PROJECT NAME [FILTER]: runs the tests of a project, under a name for the output and the result file.
test_project() {
  echo "== $2"
  started=$(date +%s)
  # A test that hangs is ended, named, and counts as failed.
  dotnet test "$1" -c "$configuration" --no-build --nologo ${3:+--filter "$3"} \
    --blame-hang-timeout 5min --blame-hang-dump-type none \
    --results-directory "$results" --logger "trx;LogFileName=$2.trx" --logger 'console;verbosity=minimal' || status=1
  echo "== $2: $(count "$2" passed) passed, $(failures "$2") failed, $(($(date +%s) - started)) s"
}

# test_program PROGRAM TRANSPORT NAME [FILTER]: the integration tests with that program on that transport.
test_program() {
  REDIS_PROXY_BIN=$(realpath "$1") REDIS_PROXY_TRANSPORT=$2 test_project "$integration" "$3" "${4:-}"
}

# Each result file has one line <Counters total="9" executed="9" passed="9" failed="0" ... notExecuted="0" ... />.
# count NAME COUNTER: the sum over the result files of that name, which may be a pattern.
count() {
  # shellcheck disable=SC2086
  cat "$results"/$1.trx 2>/dev/null | sed -n "s/.*<Counters.* $2=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

failures() {
  echo $(($(count "$1" failed) + $(count "$1" error) + $(count "$1" timeout) + $(count "$1" aborted)))
}

# start_with TRANSPORT: what a proxy says that is told to use it, and to listen where nobody can, so that it ends at once.
start_with() {
  printf 'proxy:\n  admin: off\n  transport: %s\npools:\n  a:\n    listen: %s/none/a.sock\n    servers: [127.0.0.1:1:1]\n' "$1" "$results" > "$results/start.yaml"
  "$jit" -c "$results/start.yaml" 2>&1 || true
}

# One configuration for all: the integration tests run the executable that this builds. What analyzers find, `dotnet format` shows.
dotnet build Proxy.sln -c "$configuration" --nologo -v quiet -p:RunAnalyzersDuringBuild=false

best=$(start_with auto | sed -n 's/.* transport \([a-z_]*\): .*/\1/p')
others=''
for transport in io_uring epoll socket; do
  said=$(start_with "$transport")
  if [ "$transport" = "$best" ]; then
    continue
  elif echo "$said" | grep -q " transport $transport: "; then
    others="$others $transport"
  else
    echo "no tests on $transport: $(echo "$said" | sed -n 's/.*does not work here: \(.*\); allow it.*/\1/p')"
  fi
done
echo "transports: $best (auto),${others:- no other}"

# The transport's tests take long and wait for most of it: beside them run all that do not have the whole machine's time.
beside=Proxy.Transport.Tests
logs=$beside
(
  test_project "tests/$beside/$beside.csproj" "$beside" "$short"
  exit "$status"
) > "$results/$beside.log" 2>&1 &
running=$!
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  if [ "$name" != "$beside" ] && grep -q "$name.csproj" Proxy.sln; then
    test_project "$project" "$name" "$short"
  fi
done
if [ -z "$all" ]; then
  tests/publish.sh ready-to-run "$results/ready"
  for transport in $others; do
    name=integration-$transport
    logs="$logs $name"
    (
      test_program "$results/ready/redis-proxy" "$transport" "$name" "TestCategory=Transport&$short"
      exit "$status"
    ) > "$results/$name.log" 2>&1 &
    running="$running $!"
  done
fi
for process in $running; do
  wait "$process" || status=1
done
for name in $logs; do
  cat "$results/$name.log"
done

if [ -z "$all" ]; then
  test_program "$results/ready/redis-proxy" auto "integration-auto-$best" "$short"
else
  test_program "$jit" "$best" "integration-$best-jit"
  for transport in $others; do
    test_program "$jit" "$transport" "integration-$transport-jit" "$usual"
  done
  echo "== publishing with NativeAOT"
  tests/publish.sh native-aot "$results/aot"
  for transport in $best $others; do
    test_program "$results/aot/redis-proxy" "$transport" "integration-$transport-aot" "$usual"
  done
fi

passed=$(count '*' passed)
failed=$(failures '*')
total=$(count '*' total)
skipped=$((total - passed - failed))

# A test host that died leaves fewer results than tests: never "0 failed".
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  failed=1
fi
if [ "$passed" -eq 0 ]; then
  status=1
fi

if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
exit "$status"
