/**
 * Loaded before a command: kills its process once so many lines of its journal are on the disk, in the task of a job array and at the
 * first start of that alone. `KILL_TASK` is the number of the task, `KILL_LINES` how many times something was put on the disk.
 */
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { KILL_TASK, KILL_LINES, SLURM_ARRAY_TASK_ID, SLURM_RESTART_COUNT = '0' } = process.env;

if (
  isMainThread &&
  KILL_TASK !== undefined &&
  SLURM_ARRAY_TASK_ID === KILL_TASK &&
  SLURM_RESTART_COUNT === '0'
) {
  const { open } = fs.promises;
  let left = Number(KILL_LINES);
  fs.promises.open = async (...args) => {
    const file = await open(...args);
    const datasync = file.datasync.bind(file);
    file.datasync = async () => {
      await datasync();
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    };
    return file;
  };
}
