# Makes the project's environment in .venv; sourced by the scripts beside it.
# Leaves PYTHON set to its interpreter. Needs Python 3.11 or newer and nothing else.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PYTHON="$PWD/.venv/bin/python"

# Runs a command as root: at once, through sudo when it asks for no password, or not at all.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo "$@"
  else
    return 1
  fi
}

# Installs system packages, or prints the one line that does and stops.
system_packages() {
  echo "Installing from the system: $*" >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    {
      echo "This machine lacks system packages. Run this line, then start again:" >&2
      echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $*" >&2
      exit 1
    }
}

find_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null &&
      "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "gatepos needs Python 3.11 or newer." >&2
  exit 1
}

# The shared libraries that Qt loads, each with the package that brings it.
qt_packages() {
  local found missing=() glib=libglib2.0-0
  apt-cache show libglib2.0-0t64 >/dev/null 2>&1 && glib=libglib2.0-0t64
  found=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
  while read -r library package; do
    grep -q "$library" <<<"$found" || missing+=("$package")
  done <<EOF
libglib-2.0.so.0 $glib
libGL.so.1 libgl1
libEGL.so.1 libegl1
libxkbcommon.so.0 libxkbcommon0
libfontconfig.so.1 libfontconfig1
libdbus-1.so.3 libdbus-1-3
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-shape.so.0 libxcb-shape0
EOF
  echo "${missing[@]:-}"
}

make_environment() {
  local python stamp missing
  stamp="$(cat requirements.lock pyproject.toml | sha256sum | cut -c1-64) $PWD"
  [ "$(cat .venv/stamp 2>/dev/null)" = "$stamp" ] && return
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    system_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  fi
  missing=$(qt_packages)
  # shellcheck disable=SC2086 # a list of names
  [ -z "$missing" ] || system_packages $missing
  echo "Making the environment in .venv" >&2
  "$python" -m venv --clear .venv
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock >&2
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
  echo "$stamp" >.venv/stamp
}

make_environment
