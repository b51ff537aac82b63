#!/usr/bin/env bash
# Sets up what is missing, then trains samples/ResNet. Arguments go to the sample: build/run.sh --help
set -euo pipefail
# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

sample=$psdk_artifacts/bin/ResNet/release/ResNet.dll

psdk_setup
[ -f "$sample" ] || rm -f "$psdk_stamps/build-ResNet.csproj"
psdk_build samples/ResNet/ResNet.csproj src generators build samples/ResNet
psdk_environment
exec 9>&-   # the set-up is done: the next command need not wait for the training

if [ -z "${PIPELINESDK_DATA:-}" ] && [ -d "$psdk_root/../shared/data" ] && [[ " $* " != *" --data"[\ =]* ]]; then
  PIPELINESDK_DATA=$(cd "$psdk_root/../shared/data" && pwd)
  export PIPELINESDK_DATA
  echo "data: ../shared/data, found beside the repository (PIPELINESDK_DATA or --data say otherwise)"
fi

exec dotnet "$sample" "$@"
