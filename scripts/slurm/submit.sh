#!/usr/bin/env bash
# Divides a work into shards on a Slurm cluster, and adds them up behind the last one:
#
#   scripts/slurm/submit.sh SHARDS FOLDER COMMAND [OPTION]...
#   scripts/slurm/submit.sh 8 results/night compare --duration 8h
#
# COMMAND is compare, stress, hunt or mutate; FOLDER lies where all nodes see it, and gets a journal per shard and merged.json. What
# else Slurm is to know, a partition or a time limit, it takes from its own variables: SBATCH_PARTITION, SBATCH_TIMELIMIT and so on.
# EBTORTURE is how ebtorture is called on the nodes, such as 'node /opt/ebtorture/dist/cli/main.js'; without it, `ebtorture`.
set -euo pipefail

fail() {
  printf 'submit.sh: %s\n' "$1" >&2
  exit 64
}

(($# >= 3)) || fail 'expected SHARDS FOLDER COMMAND [OPTION]..., such as 8 results hunt --size 3'
shards=$1 folder=$2 command=$3
shift 2
[[ $shards =~ ^[1-9][0-9]{0,4}$ ]] && ((shards >= 2)) || fail "SHARDS: expected a number of 2 or above, got '$shards'"
case $command in
  compare | stress | hunt | mutate) ;;
  *) fail "'$command' cannot be divided; compare, stress, hunt and mutate can" ;;
esac
for word in "$@"; do
  case $word in
    --out | --out=* | --shard | --shard=* | --resume | --resume=*) fail "${word%%=*} is given to each shard here" ;;
  esac
done
command -v sbatch >/dev/null || fail 'there is no sbatch: this is no node of a Slurm cluster'
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
compgen -G "$folder/shard-*.jsonl" >/dev/null && fail "$folder has journals of other shards: give another folder"

# All shards have one seed, and what they do with it differs; a hunt takes its programs in order unless it has one.
arguments=("$@")
if [[ $command != hunt && " ${arguments[*]}" != *' --seed'* ]]; then
  arguments+=(--seed "$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')")
fi

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export EBTORTURE=${EBTORTURE:-ebtorture}
array=$(sbatch --parsable --array="1-$shards" --job-name="ebtorture-$command" --output="$folder/shard-%a.log" \
  "$here/shard.sh" "$folder" "$shards" "${arguments[@]}")
merge=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes --job-name=ebtorture-merge \
  --output="$folder/merge.log" "$here/merge.sh" "$folder" "$shards")
printf 'shards: job %s, merge: job %s\n%s\n' "${array%%;*}" "${merge%%;*}" "ebtorture ${arguments[*]}"
