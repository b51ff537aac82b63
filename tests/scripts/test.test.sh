#!/usr/bin/env bash
# How build/test.sh counts: each case runs it in a copy of the scripts, with an SDK that plays the test projects.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset RestoreSources RestoreConfigFile
mkdir "$scratch/fakes"
cat > "$scratch/fakes/dotnet" << 'FAKE'
#!/usr/bin/env bash
case $1 in
  --version) echo 10.0.100 ;;
  build) echo 'A.cs(1,1): error CS0001: broken on purpose' && [ ! -e broken ] ;;
  test)
    while [ "$1" != --results-directory ]; do project=${project:-$2} && shift; done
    played=$(dirname "$project")/played
    mkdir -p "$2"
    [ ! -s "$played" ] || cp "$played" "$2/results.trx"
    exit "$(cat "$(dirname "$project")/code")"
    ;;
esac
FAKE
chmod +x "$scratch/fakes/dotnet"

# repository NAME: an empty solution; sets $repo.
repository() {
  repo=$scratch/$1
  mkdir -p "$repo/build"
  cp "$root"/build/*.sh "$repo/build"
  cp "$root"/{global.json,nuget.config,Directory.Packages.props} "$repo"
  : > "$repo/PipelineSdk.sln"
}

# project NAME CODE [PASSED FAILED SKIPPED]: a test project whose process ends with a code, with these results or none.
project() {
  local folder=$repo/tests/$1
  mkdir -p "$folder"
  printf 'Project("{}") = "%s", "tests\\%s\\%s.Tests.csproj", "{}"\n' "$1" "$1" "$1" >> "$repo/PipelineSdk.sln"
  touch "$folder/$1.Tests.csproj" "$folder/played"
  echo "$2" > "$folder/code"
  if [ $# -gt 2 ]; then
    printf '<TestRun>\n<Counters total="%s" executed="%s" passed="%s" failed="%s" error="0" notExecuted="0" />\n</TestRun>\n' \
      $(($3 + $4 + $5)) $(($3 + $4)) "$3" "$4" > "$folder/played"
  fi
}

script() {
  mkdir -p "$repo/tests/scripts"
  cat > "$repo/tests/scripts/$1.test.sh"
}

# expect NAME CODE LAST-LINE
expect() {
  local status=0 output
  output=$(PATH=$scratch/fakes:$PATH bash "$repo/build/test.sh" 2>&1 < /dev/null) || status=$?
  if [ "$status" = "$2" ] && [ "${output##*$'\n'}" = "$3" ]; then echo "ok $1"; else
    echo "not ok $1"
    printf 'status %s, output:\n%s\n' "$status" "$output" | sed 's/^/    /'
  fi
}

repository passing
project One 0 3 0 0
project Two 0 4 0 2
script shell <<< 'echo "ok a"; echo "ok b"; echo "skip c"'
expect "the results of all projects and scripts are summed" 0 "9 passed, 0 failed, 3 skipped"

repository failing
project One 1 3 2 0
project Two 0 1 0 0
expect "a failed test fails the run, and the other projects still run" 1 "4 passed, 2 failed"

repository crashing
project One 1
project Two 0 5 0 0
expect "a project that leaves no result counts as failed" 1 "5 passed, 1 failed"

repository crashing-late
project One 134 5 0 0
expect "a project that crashes after its tests passed counts as failed" 1 "5 passed, 1 failed"

repository empty
project One 0 0 0 0
project Two 0 1 0 0
expect "a project without a test counts as failed" 1 "1 passed, 1 failed"

repository nothing
expect "a run without a test fails" 1 "0 passed, 0 failed"

repository script-fails
project One 0 1 0 0
script shell <<< 'echo "ok a"; echo "not ok b"'
expect "a failed check of a script fails the run" 1 "2 passed, 1 failed"

repository script-dies
project One 0 1 0 0
script shell <<< 'echo "ok a"; exit 3'
expect "a script that ends early counts as failed" 1 "2 passed, 1 failed"

repository broken
project One 0 1 0 0
touch "$repo/broken"
expect "a build that fails ends the run with its cure" 1 "  cure: see the first error above"
