#!/bin/sh
# Publishes redis-proxy for this machine, in one of the three ways that README.md compares. The build of the repository is left as it is.
#
#   tests/publish.sh jit|ready-to-run|native-aot FOLDER      the program is FOLDER/redis-proxy then
set -eu

if [ $# -ne 2 ]; then
  sed -n 's/^# *tests/usage: tests/p' "$0" >&2
  exit 2
fi
mkdir -p "$2"
folder=$(cd "$2" && pwd)
way=$1
cd "$(dirname "$0")/.."
. deploy/prerequisites.sh

need_dotnet
case $way in
  jit) set -- ;;
  ready-to-run) set -- --use-current-runtime --self-contained false -p:PublishReadyToRun=true ;;
  native-aot)
    need_native_toolchain
    set -- --use-current-runtime -p:PublishAot=true
    ;;
  *) echo "$0: no way to publish: $way" >&2; exit 2 ;;
esac

# A folder of its own for what lies between: the tests run what the ordinary build made, which a publish for a runtime would mix with.
artifacts=$(mktemp -d)
trap 'rm -rf "$artifacts"' EXIT
dotnet publish src/Proxy.Host -c Release --artifacts-path "$artifacts" -o "$folder" --nologo -v quiet -p:RunAnalyzersDuringBuild=false "$@"
