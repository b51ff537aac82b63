#!/usr/bin/env bash
# Sets up what is missing, then measures speed: the pipeline against the uncut model, its bound, and PyTorch where python3-torch is installed.
#   build/bench.sh                all of it, about half an hour on two cores
#   build/bench.sh --short        fewer rounds, two workers under 1F1B and ZB-H1
#   build/bench.sh --only mlp     one part of it; --help lists the parts and the other options
set -euo pipefail
# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

psdk_setup
psdk_build tests/PipelineSdk.Benchmarks/PipelineSdk.Benchmarks.csproj src generators build tests/PipelineSdk.Benchmarks tests/PipelineSdk.Benchmarks.Models
psdk_environment
exec 9>&-

exec dotnet "$psdk_artifacts/bin/PipelineSdk.Benchmarks/release/PipelineSdk.Benchmarks.dll" speed "$@"
