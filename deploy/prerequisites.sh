# Installs what the scripts of this repository need, where it is missing. Sourced, not run.
# shellcheck shell=sh

# Runs a command as root; fails with a clear message where that is not possible.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    sudo "$@"
  else
    echo "this needs root and there is no sudo without a password: $*" >&2
    return 1
  fi
}

# Installs a package of Debian or Ubuntu without starting the service that comes with it: while the package is set up, policy-rc.d
# answers every request to start a service with "not allowed" (101). An existing policy-rc.d is left alone: it is the machine's own.
install_package() {
  echo "installing $1" >&2
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "$1 is missing and there is no apt-get to install it with: install $1 by hand" >&2
    return 1
  fi
  policy=
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    # shellcheck disable=SC2016
    as_root sh -c 'printf "#!/bin/sh\nexit 101\n" > "$0" && chmod 755 "$0"' "$policy" || return 1
  fi
  installed=0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >&2 ||
    { as_root apt-get update -q >&2 && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >&2; } ||
    installed=1
  if [ -n "$policy" ]; then
    as_root rm -f "$policy"
  fi
  if [ "$installed" -ne 0 ]; then
    echo "could not install $1: install it by hand" >&2
  fi
  return "$installed"
}

# The server, and redis-cli, which comes with it.
need_redis_server() {
  command -v redis-server >/dev/null 2>&1 || install_package redis-server
}

# The .NET SDK: the one on the path, else one in the user's home, else Microsoft's install script fetches it there.
need_dotnet() {
  DOTNET_CLI_TELEMETRY_OPTOUT=1
  DOTNET_NOLOGO=1
  export DOTNET_CLI_TELEMETRY_OPTOUT DOTNET_NOLOGO
  # A fresh machine may have no libicu: the tools then need to be told to do without.
  if [ -z "$(find /usr/lib /usr/lib64 -name 'libicuuc.so.*' 2>/dev/null | head -n 1)" ]; then
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT
  fi
  if dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    return
  fi
  DOTNET_ROOT=$HOME/.dotnet
  PATH=$DOTNET_ROOT:$PATH
  export DOTNET_ROOT PATH
  if dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    return
  fi
  echo "fetching the .NET SDK 10 into $DOTNET_ROOT" >&2
  command -v curl >/dev/null 2>&1 || install_package curl
  [ -e /etc/ssl/certs/ca-certificates.crt ] || install_package ca-certificates
  script=$(mktemp)
  curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$script" || { echo "could not fetch https://dot.net/v1/dotnet-install.sh" >&2; return 1; }
  bash "$script" --channel 10.0 --install-dir "$DOTNET_ROOT" >&2
  rm -f "$script"
}
