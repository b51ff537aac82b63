#!/usr/bin/env bash
# Compiles the shim between the TorchSharp stand-in and the system's libtorch (Debian: g++, libtorch-dev) into
# artifacts/native/, unless what lies there is newer than its source and was made for the libtorch installed.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="$here/../../../artifacts/native/libPipelineSdkTorch.so"

stamp="$target.libtorch"
version="$(dpkg-query -W -f '${Version}' libtorch-dev 2>/dev/null || echo unknown)"

if [[ "$target" -nt "$here/shim.cpp" && "$target" -nt "$here/build.sh" && "$(cat "$stamp" 2>/dev/null)" == "$version" ]]; then exit 0; fi
for needed in "g++:g++" "/usr/include/ATen/ATen.h:libtorch-dev"; do
  file="${needed%%:*}"
  if ! command -v "$file" >/dev/null && [[ ! -e "$file" ]]; then
    echo "build/stand-ins/native: $file is missing; install the package '${needed#*:}'" >&2
    exit 1
  fi
done

mkdir -p "$(dirname "$target")"
# Written aside and renamed: a build that fails or is interrupted leaves no half library.
g++ -std=c++17 -O2 -fPIC -shared -fvisibility=hidden -w -o "$target.$$" "$here/shim.cpp" -ltorch_cpu -lc10
mv "$target.$$" "$target"
echo "$version" > "$stamp"
