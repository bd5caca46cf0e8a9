# Installs what the scripts of this repository need, where it is missing. Sourced, not run.
# shellcheck shell=sh

# True where commands can be run as root: by root, or by sudo, which may ask for a password only where somebody can type one.
may_be_root() {
  [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Installs a package of Debian or Ubuntu without starting the service that comes with it: while the package is set up, policy-rc.d
# answers every request to start a service with "not allowed" (101). An existing policy-rc.d is left alone: it is the machine's own.
# A subshell, whose traps take ours away again however it ends: left behind, it would keep the machine from starting any service.
install_package() (
  echo "installing $1" >&2
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "$1 is missing and there is no apt-get to install it with: install $1 by hand" >&2
    exit 1
  fi
  if ! may_be_root; then
    echo "$1 is missing and installing it needs root: run 'apt-get install $1' as root, then this again" >&2
    exit 1
  fi
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    # shellcheck disable=SC2016
    as_root sh -c 'printf "#!/bin/sh\nexit 101\n" > "$0" && chmod 755 "$0"' "$policy" || exit 1
  fi
  if ! apt_install "$1" && ! { as_root apt-get update -q >&2 && apt_install "$1"; }; then
    echo "could not install $1: install it by hand" >&2
    exit 1
  fi
)

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$1" >&2
}

# The server, and redis-cli and redis-benchmark, which the distribution has in a package of their own.
need_redis_server() {
  command -v redis-server >/dev/null 2>&1 || install_package redis-server
  command -v redis-cli >/dev/null 2>&1 && command -v redis-benchmark >/dev/null 2>&1 || install_package redis-tools
}

# For the test that counts system calls.
need_strace() {
  command -v strace >/dev/null 2>&1 || install_package strace
}

# For the test that forbids io_uring, as a container does.
need_perl() {
  command -v perl >/dev/null 2>&1 || install_package perl-base
}

# For the tests with redis-py: the distribution's Python with the distribution's package.
need_redis_py() {
  /usr/bin/python3 -c 'import redis' 2>/dev/null || install_package python3-redis
}

# For the tests with the clients that the distribution packages for PHP, Ruby, Perl and C; the last of them is compiled.
need_packaged_clients() {
  [ -x /usr/bin/php ] || install_package php-cli
  /usr/bin/php -m 2>/dev/null | grep -qx redis || install_package php-redis
  [ -x /usr/bin/ruby ] || install_package ruby
  /usr/bin/ruby -e 'require "redis"' 2>/dev/null || install_package ruby-redis
  /usr/bin/perl -MRedis -e 1 2>/dev/null || install_package libredis-perl
  command -v cc >/dev/null 2>&1 || install_package gcc
  [ -e /usr/include/stdlib.h ] || install_package libc6-dev
  [ -e /usr/include/hiredis/hiredis.h ] || install_package libhiredis-dev
}

# need_node_clients FOLDER: for the tests with clients for Node.js, what FOLDER/package-lock.json names, in FOLDER/node_modules.
need_node_clients() {
  command -v node >/dev/null 2>&1 || install_package nodejs
  if ! cmp -s "$1/package-lock.json" "$1/node_modules/.installed"; then
    command -v npm >/dev/null 2>&1 || install_package npm
    # Not `npm ci`: it takes no lock file that lacks optional packages for other systems, which not every registry has.
    npm install --prefix "$1" --no-save --no-audit --no-fund --silent >&2
    cp "$1/package-lock.json" "$1/node_modules/.installed"
  fi
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
  fetched=0
  curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$script" && bash "$script" --channel 10.0 --install-dir "$DOTNET_ROOT" >&2 || fetched=$?
  rm -f "$script"
  if [ "$fetched" -ne 0 ]; then
    echo "could not install the .NET SDK with https://dot.net/v1/dotnet-install.sh: install it by hand" >&2
  fi
  return "$fetched"
}

# What NativeAOT links with: clang or gcc, as the SDK looks for them, with objcopy and the C library's files for linking. The rest, zlib
# among it, comes with the SDK's packages.
need_native_toolchain() {
  command -v clang >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || install_package gcc
  links_programs || install_package libc6-dev
  command -v objcopy >/dev/null 2>&1 || install_package binutils
  if ! links_programs; then
    echo "$(native_linker) cannot link a program: install a C compiler with the files of the C library, as for building C programs" >&2
    return 1
  fi
}

native_linker() {
  command -v clang 2>/dev/null || command -v gcc
}

links_programs() (
  program=$(mktemp) || exit 1
  trap 'rm -f "$program"' EXIT
  echo 'int main(void) { return 0; }' | "$(native_linker)" -x c - -o "$program" -lm -lpthread 2>/dev/null
)
