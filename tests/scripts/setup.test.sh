#!/usr/bin/env bash
# What build/run.sh does on machines that lack something: each case runs in a copy of the scripts with its own PATH.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset PIPELINESDK_DATA OPENBLAS_NUM_THREADS GLIBC_TUNABLES RestoreSources RestoreConfigFile
export NUGET_PACKAGES=$scratch/packages # a package restored by someone else is no answer of the feed

# A PATH of the system's tools without the ones that a case must not find.
tools=$scratch/tools
mkdir "$tools"
for folder in /bin /usr/bin; do ln -sf "$folder"/* "$tools"; done
real_dotnet=$(command -v dotnet)
rm -f "$tools"/{dotnet,g++,dpkg-query,apt-get,id}

# repository NAME: a fresh copy of the files that the scripts read; sets $repo and an empty folder $fakes for its PATH.
repository() {
  repo=$scratch/$1/repo fakes=$scratch/$1/fakes
  mkdir -p "$repo/samples/ResNet" "$repo/build/stand-ins/native" "$fakes"
  cp "$root"/build/*.sh "$repo/build"
  cp "$root"/{global.json,nuget.config,Directory.Packages.props} "$repo"
  echo '<Project />' > "$repo/samples/ResNet/ResNet.csproj"
}

fake() { cat > "$fakes/$1" && chmod +x "$fakes/$1"; }

# An SDK that notes its calls; $1 is the shell code of `dotnet restore`.
fake_dotnet() {
  fake dotnet << FAKE
#!/usr/bin/env bash
echo "\$*" >> "$scratch/calls"
case \$1 in
  --version) echo 10.0.100 ;;
  restore) $1 ;;
  build) mkdir -p artifacts/bin/ResNet/release && touch artifacts/bin/ResNet/release/ResNet.dll ;;
  *.dll) echo "threads=\$OPENBLAS_NUM_THREADS arguments=\${*:2}" ;;
esac
FAKE
}

fake_machine() { # $1: the user's id; $2: what dpkg-query says of every package
  fake id <<< "#!/bin/sh
echo $1"
  fake dpkg-query <<< "#!/bin/sh
printf '%s' '$2'"
  fake apt-get <<< "#!/bin/sh
echo \"apt-get \$*\" >> '$scratch/calls'; exit 100"
}

# run [ARGUMENT...]: runs build/run.sh of $repo; leaves $status and $output.
run() {
  status=0
  : > "$scratch/calls"
  output=$(cd "$repo" && PATH=$fakes:$tools bash build/run.sh "$@" 2>&1 < /dev/null) || status=$?
}

check() { # NAME CONDITION...
  local name=$1
  shift
  if "$@"; then echo "ok $name"; else
    echo "not ok $name"
    printf 'status %s, output:\n%s\n' "$status" "$output" | sed 's/^/    /'
  fi
}

fails_saying() { # TEXT...: not 0, and each text is in the output
  [ "$status" != 0 ] || return 1
  local text
  for text in "$@"; do [[ $output == *"$text"* ]] || return 1; done
}

answer_is() { [ -f "$repo/artifacts/feed.props" ] && [[ $(cat "$repo/artifacts/feed.props") == *">$1<"*">$2<"* ]]; }
no_answer_kept() { [ ! -e "$repo/artifacts/feed.props" ] && [ ! -e "$repo/artifacts/stamps/feed" ]; }
called() { grep -q -- "$1" "$scratch/calls"; }
not_called() { ! called "$1"; }

repository no-sdk
run
check "without dotnet on PATH: the cure is named" fails_saying "no 'dotnet' on PATH" "cure:" "10.0.100"

repository old-sdk
sed -i 's/10\.0\.100/99.0.100/' "$repo/global.json"
ln -s "$real_dotnet" "$fakes/dotnet"
run
check "with an SDK older than global.json asks for: both versions are named" fails_saying "99.0.100" "it has: 10." "cure:"

repository no-feed
ln -s "$real_dotnet" "$fakes/dotnet"
cat > "$scratch/no-feed.config" << 'CONFIG'
<configuration><packageSources><clear /><add key="away" value="/nonexistent/feed" /></packageSources></configuration>
CONFIG
RestoreConfigFile=$scratch/no-feed.config run
check "a source that is not there: an error with its cure" fails_saying "NU1301" "the package feed answered with an error" "cure:"
check "a source that is not there: nothing is remembered" no_answer_kept

repository login
fake_dotnet 'echo "probe.csproj : error NU1301: Unable to load the service index."; echo "probe.csproj : error NU1301:   Response status code does not indicate success: 401 (Unauthorized)."; exit 1'
run
check "a source that wants a login: an error with its cure" fails_saying "401 (Unauthorized)" "dotnet nuget update source"
check "a source that wants a login: nothing is remembered" no_answer_kept

repository half
fake_dotnet 'echo "probe.csproj : error NU1101: Unable to find package TorchSharp."; echo "probe.csproj : error NU1301: Failed to retrieve information: 503 (Service Unavailable)."; exit 1'
run
check "half an answer is none" fails_saying "503 (Service Unavailable)"
check "half an answer is not remembered" no_answer_kept

repository user
ln -s "$real_dotnet" "$fakes/dotnet"
mkdir "$scratch/empty-feed"
cat > "$scratch/empty-feed.config" << CONFIG
<configuration><packageSources><clear /><add key="empty" value="$scratch/empty-feed" /></packageSources></configuration>
CONFIG
fake_machine 1000 ''
RestoreConfigFile=$scratch/empty-feed.config run
check "a feed without the packages: the stand-ins are chosen" answer_is true true
check "without root: the exact command is named" fails_saying \
  "apt-get update && apt-get install -y --no-install-recommends libtorch-dev libopenblas0-openmp g++"
check "without root: nothing is installed" not_called apt-get

repository offline
fake_dotnet 'echo "probe.csproj : error NU1102: Unable to find package TorchSharp with version (>= 0.105.2)"; exit 1'
fake_machine 0 ''
run
check "a feed with another version of TorchSharp only: its stand-in, and the real exporter" answer_is true false
check "as root, when installing fails: the command and the log are named" fails_saying "apt.log" "apt-get install -y"

repository compiled
fake_dotnet 'echo "probe.csproj : error NU1101: Unable to find package TorchSharp."; exit 1'
fake_machine 0 installed
fake g++ < /dev/null
cat > "$repo/build/stand-ins/native/build.sh" << 'NATIVE'
echo compiled >> calls && mkdir -p artifacts/native && touch artifacts/native/libPipelineSdkTorch.so
NATIVE
run
check "with everything installed: the native part is compiled" grep -q compiled "$repo/calls"
rm "$fakes/g++"
fake_machine 1000 installed
run
check "once compiled, neither a compiler nor root is needed" [ "$status" = 0 ]
check "once compiled, it is not compiled again" [ "$(wc -l < "$repo/calls")" = 1 ]
touch "$repo/build/stand-ins/native/shim.cpp"
run
check "a changed shim asks for the compiler again" fails_saying "not installed: g++"

repository complete
fake_dotnet ':'
fake_machine 1000 ''
run --steps 3 --output "a b"
check "a feed with the packages: no stand-in, and the sample runs" [ "$status" = 0 ]
check "a feed with the packages: the answer is remembered" answer_is false false
check "a feed with the packages: nothing is asked of the system" not_called apt-get
check "arguments reach the sample, in the environment it needs" test "${output##*$'\n'}" = "threads=1 arguments=--steps 3 --output a b"
run
check "a second run neither asks the feed nor builds" not_called '^restore\|^build'
touch "$repo/samples/ResNet/Program.cs"
run
check "an edited source builds again, without asking the feed" called '^build'
check "an edited source does not ask the feed again" not_called '^restore'
OPENBLAS_NUM_THREADS=2 run
check "what the user has set stays" test "${output##*$'\n'}" = "threads=2 arguments="

if command -v shellcheck > /dev/null; then
  status=0
  output=$(cd "$root" && shellcheck -x build/*.sh tests/scripts/*.sh .ci/run 2>&1) || status=$?
  check "the scripts pass shellcheck" [ "$status" = 0 ]
else
  echo "skip shellcheck is not installed"
fi
