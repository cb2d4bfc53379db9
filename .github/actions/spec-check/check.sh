#!/usr/bin/env bash
# Compares documents in the working tree with what they were where the branch started, by `rafay-spec diff`. The action
# beside it and the pre-commit hook run this.
#
# check.sh [--base=REVISION] [--fail-on=LEVEL] [--policy=FILE] [--approvals=FILE] [--format=FORMAT] [DOCUMENT...]
#
# Each option, and SPEC_CHECK_DOCUMENTS with one document a line, may stand in the environment instead, as SPEC_CHECK_BASE
# and so on. RAFAY_SPEC names a built program; without it one is built from the checkout that this file is in.
#
# Exits with 0 when no document breaks a client, 1 when one does, and 2 when it cannot be told.
set -euo pipefail

base=${SPEC_CHECK_BASE:-}
fail_on=${SPEC_CHECK_FAIL_ON:-wire}
policy=${SPEC_CHECK_POLICY:-}
approvals=${SPEC_CHECK_APPROVALS:-}
format=${SPEC_CHECK_FORMAT:-text}
documents=()

fail() {
  echo "spec-check: $1" >&2
  exit 2
}

for argument in "$@"; do
  case $argument in
    --base=*) base=${argument#*=} ;;
    --fail-on=*) fail_on=${argument#*=} ;;
    --policy=*) policy=${argument#*=} ;;
    --approvals=*) approvals=${argument#*=} ;;
    --format=*) format=${argument#*=} ;;
    -*) fail "there is no option $argument" ;;
    *) documents+=("$argument") ;;
  esac
done
while IFS= read -r document; do
  document=${document#"${document%%[![:space:]]*}"}
  document=${document%"${document##*[![:space:]]}"}
  if [ -n "$document" ]; then documents+=("$document"); fi
done <<<"${SPEC_CHECK_DOCUMENTS:-}"
if [ ${#documents[@]} -eq 0 ]; then fail 'name a document'; fi

# A first push has no commit before it; GitHub writes zeros.
case $base in
  *[!0]*) ;;
  *) base= ;;
esac
if [ -z "$base" ]; then
  for candidate in origin/HEAD origin/main origin/master main master; do
    if git rev-parse --quiet --verify "$candidate^{commit}" >/dev/null; then
      base=$candidate
      break
    fi
  done
fi
git rev-parse --quiet --verify "${base:-none}^{commit}" >/dev/null ||
  fail "there is no commit '${base:-main}' to compare with; check out the whole history (fetch-depth: 0) or name a base"
start=$(git merge-base "$base" HEAD) || fail "'$base' and HEAD have no commit in common"

program=${RAFAY_SPEC:-}
if [ -z "$program" ]; then
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
  target=${CARGO_TARGET_DIR:-$root/target}
  cargo build --quiet --release --locked --package rafay-spec --manifest-path "$root/Cargo.toml" --target-dir "$target" ||
    fail 'rafay-spec could not be built; it needs a Rust toolchain'
  program=$target/release/rafay-spec
fi

options=(--format "$format" --fail-on "$fail_on")
if [ -n "$policy" ]; then options+=(--policy "$policy"); fi
if [ -n "$approvals" ]; then options+=(--approvals "$approvals"); fi

result=0
for document in "${documents[@]}"; do
  if ! git cat-file -e "$start:./$document" 2>/dev/null; then
    echo "$document: new since ${start:0:9}, nothing to compare with"
    continue
  fi
  code=0
  "$program" diff "${options[@]}" "git:$start:$document" "$document" || code=$?
  if [ "$code" -gt "$result" ]; then result=$code; fi
done
exit "$result"
