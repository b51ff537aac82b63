#!/usr/bin/env bash
# Sets up what is missing, builds everything with warnings as errors, and runs every test. Ends with "N passed, N failed".
set -euo pipefail
# shellcheck source=build/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

hang_timeout=5min
passed=0 failed=0 skipped=0

psdk_setup
psdk_build PipelineSdk.sln src generators build samples tests
projects=()
while IFS= read -r project; do projects+=("$project"); done \
  < <(grep -oE '"tests[\\/][^"]*Tests\.csproj"' "$psdk_root/PipelineSdk.sln" | tr -d '"' | sed 's|\\|/|g')
standin_tests=build/stand-ins/StandIns.Tests/StandIns.Tests.csproj
if psdk_uses_torch_standin && [ -f "$psdk_root/$standin_tests" ]; then
  psdk_build "$standin_tests" build
  projects+=("$standin_tests")
fi
psdk_environment
exec 9>&-

# The value of attribute $2 of the <Counters> of a trx file.
counter() { sed -n "s/.*<Counters[^>]* $2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

# One project after the other: tests that time or pin threads must not meet another project's.
for project in ${projects[@]+"${projects[@]}"}; do
  name=$(basename "$project" .csproj)
  results=$psdk_artifacts/test-results/$name
  rm -rf "$results"
  echo "== $name"
  status=0
  (cd "$psdk_root" && dotnet test "$project" -c "$psdk_configuration" --no-build --nologo -v q \
    --logger trx --logger 'console;verbosity=minimal' --results-directory "$results" \
    --blame-hang --blame-hang-timeout "$hang_timeout" --blame-hang-dump-type none) < /dev/null || status=$?

  project_total=0 project_failed=0
  for trx in "$results"/*.trx; do
    [ -f "$trx" ] || continue
    total=$(counter "$trx" total) executed=$(counter "$trx" executed)
    ok=$(counter "$trx" passed)
    passed=$((passed + ok)) skipped=$((skipped + total - executed))
    project_total=$((project_total + total)) project_failed=$((project_failed + executed - ok))
  done
  if [ "$project_total" = 0 ]; then
    echo "$name: no test ran" >&2
    project_failed=1
  elif [ "$status" != 0 ] && [ "$project_failed" = 0 ]; then
    echo "$name: the test process ended with code $status though no test failed: it crashed or hung" >&2
    project_failed=1
  fi
  failed=$((failed + project_failed))
done

for script in "$psdk_root"/tests/scripts/*.test.sh; do
  [ -f "$script" ] || continue
  name=$(basename "$script")
  echo "== $name"
  status=0
  output=$(bash "$script" < /dev/null 2>&1) || status=$?
  printf '%s\n' "$output"
  ok=$(grep -c '^ok ' <<< "$output" || true)
  bad=$(grep -c '^not ok ' <<< "$output" || true)
  if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ "$ok" = 0 ]; }; then
    echo "$name: ended with code $status after $ok checks" >&2
    bad=1
  fi
  skipped=$((skipped + $(grep -c '^skip ' <<< "$output" || true)))
  passed=$((passed + ok)) failed=$((failed + bad))
done

line="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then line+=", $skipped skipped"; fi
echo
echo "$line"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
