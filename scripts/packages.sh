# Sourced by scripts that run tests under Node.js: installs the packages of a directory, unless they are there already.
packages() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] && return
  echo "installing what $1 needs"
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) </dev/null
}
