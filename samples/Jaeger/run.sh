#!/usr/bin/env bash
# Starts Jaeger in a container, unless OTEL_EXPORTER_OTLP_ENDPOINT names another endpoint; sets up what is missing, and trains. Arguments go to the sample.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../../build/setup.sh
source "$here/../../build/setup.sh"

if [ -z "${OTEL_EXPORTER_OTLP_ENDPOINT:-}" ]; then
  command -v docker > /dev/null || psdk_fail "no 'docker' on PATH to start Jaeger with" \
    "install Docker with its compose plugin" \
    "or name an endpoint that runs already: OTEL_EXPORTER_OTLP_ENDPOINT=http://host:4317 samples/Jaeger/run.sh"
  docker compose -f "$here/compose.yaml" up -d --wait
fi

sample=$psdk_artifacts/bin/Jaeger/release/Jaeger.dll
psdk_setup
[ -f "$sample" ] || rm -f "$psdk_stamps/build-Jaeger.csproj"
psdk_build samples/Jaeger/Jaeger.csproj src generators build samples/Jaeger
psdk_environment
exec 9>&-   # the set-up is done: the next command need not wait for the training

dotnet "$sample" "$@"
if [ -z "${OTEL_EXPORTER_OTLP_ENDPOINT:-}" ]; then echo "the traces: http://localhost:16686/search?service=${OTEL_SERVICE_NAME:-spirals}"; fi
