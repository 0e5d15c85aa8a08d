#!/usr/bin/env bash
# Adds up the shards of a job array once all of them are there: see submit.sh. Ends with the status of the merged result.
set -euo pipefail

folder=$1 shards=$2
read -ra ebtorture <<<"${EBTORTURE:-ebtorture}"
journals=()
for ((index = 1; index <= shards; index++)); do
  [[ -s $folder/shard-$index.jsonl ]] && journals+=("$folder/shard-$index.jsonl")
done
exec "${ebtorture[@]}" merge "${journals[@]}" --out "$folder/merged.json"
