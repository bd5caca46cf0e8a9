#!/bin/sh
# Installs what the tests need, builds, runs every test project of Proxy.sln, and ends with a line "N passed, N failed[, N skipped]".
#
#   tests/run.sh          all tests but the long matrices
#   tests/run.sh --all    the long ones (category Long) too
#   CONFIGURATION=Debug tests/run.sh
set -eu

cd "$(dirname "$0")/.."
. deploy/prerequisites.sh

configuration=${CONFIGURATION:-Release}
filter='TestCategory!=Long'
case "${1:-}" in
  '') ;;
  --all) filter='' ;;
  *) echo "usage: $0 [--all]" >&2; exit 2 ;;
esac

need_redis_server
need_dotnet

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# One configuration for all: the integration tests run the executable that this builds.
dotnet build Proxy.sln -c "$configuration" --nologo -v quiet

status=0
for project in tests/*.Tests/*.csproj tests/Proxy.IntegrationTests/*.csproj; do
  name=$(basename "$project" .csproj)
  grep -q "$name.csproj" Proxy.sln || continue
  echo "== $name"
  # A test that hangs is ended, named, and counts as failed.
  dotnet test "$project" -c "$configuration" --no-build --nologo ${filter:+--filter "$filter"} \
    --blame-hang-timeout 5min --blame-hang-dump-type none \
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' || status=1
done

# Each result file has one line <Counters total="9" executed="9" passed="9" failed="0" ... notExecuted="0" ... />.
count() {
  cat "$results"/*.trx 2>/dev/null | sed -n "s/.*<Counters .* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
total=$(cat "$results"/*.trx 2>/dev/null | sed -n 's/.*<Counters total="\([0-9]*\)".*/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')
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
