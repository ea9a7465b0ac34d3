#!/bin/sh
# sbatch --export=ALL,SWEEP=sweep.ts,OUT=/shared/sweep slurm.sh
# Each task of the array trains its share. Sent again, it goes on with what was cut off.
#SBATCH --job-name=heed-sweep
#SBATCH --array=0-7
#SBATCH --cpus-per-task=2
#SBATCH --time=12:00:00
#SBATCH --signal=B:INT@120
#SBATCH --requeue
exec heed sweep "$SWEEP" --out "$OUT" --workers "${SLURM_CPUS_PER_TASK:-1}" \
  --index "$SLURM_ARRAY_TASK_ID" --count "$SLURM_ARRAY_TASK_COUNT"
