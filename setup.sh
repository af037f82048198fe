#!/bin/sh
# Makes .venv and installs Netloom into it with what its tests need. Safe to run again; then it takes a moment only.
set -eu
cd "$(dirname "$0")"

# Debian's and Ubuntu's names of what Qt and Numba load from the system: offscreen first, then a window under Xvfb.
LIBRARIES="libglib2.0-0 libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libgomp1
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 xvfb xauth"

say() { printf '%s\n' "setup.sh: $*" >&2; }

# A library whose name got the suffix t64 in newer releases counts under either name.
missing_libraries() {
    # shellcheck disable=SC2086
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $LIBRARIES libglib2.0-0t64 2>/dev/null |
        sed -n 's/^installed //p' | sed 's/t64$//' | tr '\n' ' ')
    for library in $LIBRARIES; do
        case " $installed" in *" $library "*) ;; *) printf ' %s' "$library" ;; esac
    done
}

install_libraries() {
    missing=$(missing_libraries)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root="env"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n env"
    else
        say "the system lacks libraries that the window needs; run:  sudo apt-get install -y$missing"
        return 0
    fi
    say "installing$missing"
    # A fresh machine has no lists of packages yet.
    # shellcheck disable=SC2086
    if ! { $as_root apt-get update -qq &&
        $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >&2; then
        say "that did not work; when it can, run:  sudo apt-get install -y$missing"
    fi
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    found=$(python3 --version 2>/dev/null || printf 'none')
    say "Netloom needs Python 3.11 or newer; found: $found. Install one, or name it: PYTHON=/path/to/python3 sh setup.sh"
    return 1
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
    install_libraries
fi

stamp=.venv/.netloom-installed
if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python; then
    python=.venv/bin/python
else
    python=$(find_python)
    # What is left of an environment whose Python is gone or too old would only be in the way.
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        say "$python cannot make an environment; on Debian or Ubuntu run:  sudo apt-get install -y python3-venv"
        exit 1
    fi
    python=.venv/bin/python
fi

# The folder is part of the mark: an environment that was moved points to where it was made.
mark="$(cksum <pyproject.toml) $("$python" -V) $(pwd)"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$mark" ]; then
    say "installing Netloom into .venv (the first time this takes a few minutes)"
    "$python" -m pip install --quiet --disable-pip-version-check --editable '.[test]'
    printf '%s\n' "$mark" >"$stamp"
fi
