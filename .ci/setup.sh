# Sets up what Decision Aid stands on, each step only when what it installs has changed. Read in by ./run and ./test, from
# the top of the checkout. What was done is noted in .setup/; delete that folder to have everything done again.

NOTES=.setup

say() { printf '%s\n' "$@" >&2; }

fail() {
    say "$@"
    exit 1
}

# key FILE…: changes when a file does, or Python.
key() {
    { .venv/bin/python -V && cat -- "$@"; } | cksum
}

# step NAME PROOF KEY COMMAND…: runs the command, unless it ended well with this key before and PROOF is still there.
step() {
    name=$1 proof=$2 key=$3
    shift 3
    if [ -e "$proof" ] && [ "$(cat "$NOTES/$name" 2>/dev/null)" = "$key" ]; then
        return
    fi
    say "Setting up: $name"
    rm -f "$NOTES/$name"
    "$@"
    printf '%s\n' "$key" >"$NOTES/$name"
}

# find_python: sets PYTHON to a Python of 3.11 or later that can make environments.
find_python() {
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$PYTHON" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

is_installed() { dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok installed'; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# system_packages NAME…: brings what is missing, by apt; where there is none, says what is needed.
system_packages() {
    find_python || set -- python3 python3-venv "$@"
    if ! command -v apt-get >/dev/null; then
        say "There is no apt here. Where something is missing below, install what Debian calls: $*"
        return
    fi
    missing=
    for package; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    say "From apt:$missing"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "There is no sudo here. As root: apt-get install$missing"
    as_root apt-get update -qq || say "The list of packages could not be renewed; going on with the old one."
    # shellcheck disable=SC2086  # a list of names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# environment: makes .venv, and forgets what was in the last one, unless that was made here and works.
environment() {
    place=$(pwd -P)
    usable='import sys, importlib.util as parts; sys.exit(sys.version_info < (3, 11) or not parts.find_spec("pip"))'
    if [ "$(cat "$NOTES/place" 2>/dev/null || echo "$place")" != "$place" ] || ! .venv/bin/python -c "$usable" 2>/dev/null; then
        find_python || fail "Python 3.11 or later is needed, with its venv module. None was found."
        say "Setting up: environment"
        rm -rf .venv "$NOTES"/requirements* "$NOTES"/decisionaid "$NOTES"/node-packages
        "$PYTHON" -m venv .venv
    fi
    printf '%s\n' "$place" >"$NOTES/place"
}

pip_install() { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }

has_node() {
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null
}

node_packages() {
    has_node || pip_install --require-hashes -r requirements-node.txt
    npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
}

# asset_sources: a sum of each file that `decisionaid assets` reads.
asset_sources() {
    find decisionaid/static decisionaid/translations questionnaires decisionaid/assets.py package-lock.json \
        \( -path decisionaid/static/build -o -name '.build-*' \) -prune -o -type f ! -name '*.mo' -exec cksum {} + | sort | cksum
}

# set_up REQUIREMENTS [PACKAGE…]: everything, with the Python packages of that file and these of the system's besides.
set_up() {
    requirements=$1
    shift
    set -- libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core fonts-noto-cjk \
        fonts-noto-color-emoji "$@"
    mkdir -p "$NOTES"
    [ -w "${HOME:-/nowhere}" ] || export HOME="$PWD/$NOTES"
    PATH="$PWD/.venv/bin:$PATH"
    step system-packages . "$*" system_packages "$@"
    environment
    step "$requirements" .venv/bin/granian "$(key "$requirements")" pip_install --require-hashes -r "$requirements"
    step decisionaid .venv/bin/decisionaid "$(key pyproject.toml)" pip_install --no-deps --no-build-isolation -e .
    step node-packages node_modules/.package-lock.json "$(key package.json package-lock.json)" node_packages
    step assets decisionaid/static/build/manifest.json "$(asset_sources)" .venv/bin/python -P decisionaid/assets.py
}
