# shellcheck shell=bash
# Sourced by run.sh and test.sh: finds out what this machine has and makes what is missing. Everything made here lies
# under artifacts/ and is made again only when what it depends on changes.

psdk_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
psdk_artifacts=$psdk_root/artifacts
psdk_stamps=$psdk_artifacts/stamps
psdk_configuration=Release

export DOTNET_NOLOGO=${DOTNET_NOLOGO:-1}
export DOTNET_CLI_TELEMETRY_OPTOUT=${DOTNET_CLI_TELEMETRY_OPTOUT:-1}
export DOTNET_CLI_UI_LANGUAGE=en   # the feed's answer is read below

psdk_say() { printf 'setup: %s\n' "$*" >&2; }

# psdk_fail WHAT CURE [CURE...]: every failure names its cure.
psdk_fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  printf '  cure: %s\n' "$@" >&2
  exit 1
}

psdk_is_root() { [ "$(id -u)" = 0 ]; }

psdk_check_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$psdk_root/global.json" | head -n 1)
  command -v dotnet > /dev/null || psdk_fail "no 'dotnet' on PATH; the .NET SDK $wanted or newer is needed" \
    "install it from https://dotnet.microsoft.com/download and put its folder on PATH"
  psdk_sdk=$(cd "$psdk_root" && dotnet --version 2> /dev/null) || psdk_fail \
    "$(command -v dotnet) has no SDK that global.json accepts ($wanted or a newer feature band); it has: $(dotnet --list-sdks 2> /dev/null | awk '{ printf "%s%s", sep, $1; sep = ", " } END { if (NR == 0) printf "none" }')" \
    "install the .NET SDK $wanted or newer from https://dotnet.microsoft.com/download"
}

# The version that Directory.Packages.props gives to package $1.
psdk_version_of() {
  sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" "$psdk_root/Directory.Packages.props" | head -n 1
}

psdk_write_if_changed() {
  local file=$1 text
  text=$(cat)
  if [ ! -f "$file" ] || [ "$(cat "$file")" != "$text" ]; then printf '%s\n' "$text" > "$file"; fi
}

# Asks the package feed once for the packages that some feeds lack, and writes the answer to artifacts/feed.props.
psdk_check_feed() {
  local torch native console key probe log torch_standin=false console_standin=false
  torch=$(psdk_version_of TorchSharp)
  native=$(psdk_version_of TorchSharp-cpu)
  console=$(psdk_version_of OpenTelemetry.Exporter.Console)
  # A checksum, because the address of a source may hold a password.
  key=$({
    echo "$torch $native $console $psdk_sdk ${RestoreSources-} ${RestoreConfigFile-}"
    cd "$psdk_root" || exit
    dotnet nuget list source --format Short 2> /dev/null || true
  } | cksum)
  if [ ! -f "$psdk_artifacts/feed.props" ] || [ ! -f "$psdk_stamps/feed" ] || [ "$(cat "$psdk_stamps/feed")" != "$key" ]; then
    psdk_say "asking the package feed for TorchSharp $torch, TorchSharp-cpu $native, OpenTelemetry.Exporter.Console $console"
    rm -f "$psdk_stamps/feed"
    probe=$psdk_artifacts/feed-probe
    log=$probe/restore.log
    rm -rf "$probe"
    mkdir -p "$probe"
    # Empty files of these names keep the repository's own settings out of the probe.
    for name in Directory.Build.props Directory.Build.targets Directory.Packages.props; do
      echo '<Project />' > "$probe/$name"
    done
    cat > "$probe/probe.csproj" << PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <NuGetAudit>false</NuGetAudit>
    <WarningsAsErrors>NU1603</WarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="TorchSharp" Version="$torch" />
    <PackageReference Include="TorchSharp-cpu" Version="$native" />
    <PackageReference Include="OpenTelemetry.Exporter.Console" Version="$console" />
  </ItemGroup>
</Project>
PROJECT
    if ! (cd "$probe" && dotnet restore -v q -nologo --no-http-cache > "$log" 2>&1 9>&-); then
      # "Not there" is an answer; anything else is a feed that did not answer, and must not be remembered as one.
      if grep -E 'error' "$log" | grep -Evq 'NU1101|NU1102|NU1603' || ! grep -Eq 'NU1101|NU1102|NU1603' "$log"; then
        rm -f "$psdk_artifacts/feed.props"
        grep -E 'error' "$log" | sed 's/^.*error /  feed: /' | sort -u | head -n 4 >&2 || true
        psdk_fail "the package feed answered with an error, not with packages (whole answer: $log)" \
          "see which sources apply: dotnet nuget list source" \
          "behind a proxy set HTTPS_PROXY; for a feed with a login: dotnet nuget update source NAME --username USER --password TOKEN" \
          "then run this again: nothing of this answer has been kept"
      fi
      if grep -E 'NU1101|NU1102|NU1603' "$log" | grep -q 'OpenTelemetry\.Exporter\.Console'; then console_standin=true; fi
      # TorchSharp, or something it cannot do without.
      if grep -E 'NU1101|NU1102|NU1603' "$log" | grep -vq 'OpenTelemetry\.Exporter\.Console'; then torch_standin=true; fi
    fi
    psdk_write_if_changed "$psdk_artifacts/feed.props" << PROPS
<Project>
  <PropertyGroup>
    <TorchSharpStandIn>$torch_standin</TorchSharpStandIn>
    <ConsoleExporterStandIn>$console_standin</ConsoleExporterStandIn>
  </PropertyGroup>
</Project>
PROPS
    printf '%s\n' "$key" > "$psdk_stamps/feed"
    if [ "$torch_standin" = true ]; then psdk_say "the feed lacks TorchSharp: build/stand-ins/TorchSharp takes its place"; fi
    if [ "$console_standin" = true ]; then psdk_say "the feed lacks the console exporter: build/stand-ins has one"; fi
  fi
}

psdk_uses_torch_standin() { grep -q '<TorchSharpStandIn>true<' "$psdk_artifacts/feed.props"; }

psdk_is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

# What the TorchSharp stand-in needs of the operating system.
psdk_check_packages() {
  local missing=() package command
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    psdk_fail "the package feed lacks TorchSharp, and its stand-in needs the libtorch-dev of Debian 12 or a system like it" \
      "use a package feed that has TorchSharp $(psdk_version_of TorchSharp) and TorchSharp-cpu, then run this again"
  fi
  for package in libtorch-dev libopenblas0-openmp; do psdk_is_installed "$package" || missing+=("$package"); done
  psdk_is_native_current || command -v g++ > /dev/null || missing+=(g++)
  if [ ${#missing[@]} -gt 0 ]; then
    command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    psdk_is_root || psdk_fail "the TorchSharp stand-in needs packages that are not installed: ${missing[*]}" "as root: $command"
    psdk_say "installing ${missing[*]}"
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } \
      > "$psdk_artifacts/apt.log" 2>&1 < /dev/null; then
      grep -E '^(E|Err)' "$psdk_artifacts/apt.log" | head -n 5 | sed 's/^/  apt: /' >&2 || true
      psdk_fail "installing ${missing[*]} failed (whole log: $psdk_artifacts/apt.log)" "repair the package sources, then: $command"
    fi
  fi
}

# The stand-in's native part: made from build/stand-ins/native, for the libtorch that is installed.
psdk_native=$psdk_artifacts/native/libPipelineSdkTorch.so

psdk_native_key() {
  dpkg-query -W -f 'libtorch ${Version}\n' libtorch-dev 2> /dev/null || true
  (cd "$psdk_root/build/stand-ins/native" && find . -type f | LC_ALL=C sort | xargs cksum)
}

psdk_is_native_current() {
  [ -f "$psdk_native" ] && [ -f "$psdk_stamps/native" ] && [ "$(cat "$psdk_stamps/native")" = "$(psdk_native_key)" ]
}

psdk_build_native() {
  psdk_is_native_current && return
  psdk_say "compiling the stand-in's native part"
  rm -f "$psdk_stamps/native"
  if ! bash "$psdk_root/build/stand-ins/native/build.sh" > "$psdk_artifacts/native.log" 2>&1 < /dev/null; then
    tail -n 20 "$psdk_artifacts/native.log" >&2
    psdk_fail "the stand-in's native part did not compile (whole log: $psdk_artifacts/native.log)" \
      "see the compiler's first message above; 'apt-get install --reinstall libtorch-dev g++' if headers are missing"
  fi
  [ -f "$psdk_native" ] || psdk_fail "build/stand-ins/native/build.sh made no $psdk_native" "see $psdk_artifacts/native.log"
  psdk_native_key > "$psdk_stamps/native"
}

psdk_setup() {
  psdk_check_sdk
  mkdir -p "$psdk_stamps"
  # Two commands at once: the second waits for what the first makes. Build servers outlive the command that starts them
  # and must not inherit the lock, hence 9>&- where dotnet is called.
  if command -v flock > /dev/null; then exec 9> "$psdk_artifacts/setup.lock" && flock 9; fi
  psdk_check_feed
  if psdk_uses_torch_standin; then
    psdk_check_packages
    psdk_build_native
  fi
}

# psdk_is_current STAMP PATH...: whether nothing under the paths is newer than the stamp.
psdk_is_current() {
  local stamp=$1
  shift
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "sdk $psdk_sdk" ] && [ -z "$(find "$@" -newer "$stamp" -print -quit)" ]
}

# psdk_build PROJECT PATH...: restores and builds a project or solution, unless its output is newer than all of the paths.
psdk_build() {
  local project=$1 stamp log paths=() path
  shift
  stamp=$psdk_stamps/build-$(basename "$project")
  log=$psdk_artifacts/build-$(basename "$project").log
  for path in "$project" "$@" Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig global.json \
    nuget.config artifacts/feed.props artifacts/stamps/feed; do
    if [ -e "$psdk_root/$path" ]; then paths+=("$psdk_root/$path"); fi
  done
  if ! psdk_is_current "$stamp" "${paths[@]}"; then
    psdk_say "building $project"
    rm -f "$stamp"
    # The stamp is as old as the start, so that an edit made during the build counts.
    printf 'sdk %s\n' "$psdk_sdk" > "$stamp.new"
    if ! (cd "$psdk_root" && dotnet build "$project" -c "$psdk_configuration" -v q -nologo -clp:NoSummary) > "$log" 2>&1 < /dev/null 9>&-; then
      grep -E '(error|warning) ' "$log" | sort -u | head -n 30 >&2 || tail -n 30 "$log" >&2
      if grep -Eq 'error NU[0-9]+' "$log"; then
        psdk_fail "a package did not restore (whole log: $log)" \
          "check the feed with: dotnet nuget list source; then remove $psdk_artifacts/stamps and run this again"
      fi
      psdk_fail "$project did not build (whole log: $log)" "see the first error above"
    fi
    mv "$stamp.new" "$stamp"
  fi
}

# What only the environment can set, before the process starts (docs/getting-started.md, Speed). What the user has set stays.
psdk_environment() {
  # An OpenBLAS built on pthreads ignores per-thread counts: concurrent stages would fight over its one team.
  export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}
  # Huge pages for malloc: activations are megabyte blocks that come and go with each micro-batch.
  local glibc
  glibc=$(getconf GNU_LIBC_VERSION 2> /dev/null | sed -n 's/^glibc 2\.\([0-9]*\).*/\1/p' || true)
  if [ -z "${GLIBC_TUNABLES+set}" ] && [ "${glibc:-0}" -ge 35 ]; then export GLIBC_TUNABLES=glibc.malloc.hugetlb=1; fi
}
