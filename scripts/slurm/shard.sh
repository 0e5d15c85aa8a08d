#!/usr/bin/env bash
# One shard of a job array: see submit.sh. Goes on from its journal where there is one, so that whatever took its node away costs it the
# block or the program that it was at.
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

# A command that was killed is tried again so often.
restarts_max=3
folder=$1 shards=$2
shift 2
index=$SLURM_ARRAY_TASK_ID
journal=$folder/shard-$index.jsonl
read -ra ebtorture <<<"${EBTORTURE:-ebtorture}"

run() {
  status=0
  "${ebtorture[@]}" "$@" --shard "$index/$shards" --quiet || status=$?
}

printf 'shard %s of %s on %s, restart %s\n' "$index" "$shards" "$(hostname)" "${SLURM_RESTART_COUNT:-0}"
if [[ -s $journal ]]; then
  run "$@" --resume "$journal"
  if ((status == 64)); then
    # The other node is another machine, whose rates are its own: the shard begins anew, and what there was is kept beside.
    printf 'shard %s begins anew\n' "$index"
    mv "$journal" "$journal.restart-${SLURM_RESTART_COUNT:-0}"
    run "$@" --out "$journal"
  fi
else
  run "$@" --out "$journal"
fi

printf 'shard %s ended with status %s\n' "$index" "$status"
if ((status == 137 && ${SLURM_RESTART_COUNT:-0} < restarts_max)); then
  scontrol requeue "${SLURM_ARRAY_JOB_ID}_$index"
  exit "$status"
fi
# Clean, violated and inconclusive are results.
if ((status <= 2)); then exit 0; fi
exit "$status"
