/** How much time of processors the control groups of this process allow: cpu.max of version 2, cpu.cfs_quota_us of version 1. */
import { join } from 'node:path/posix';
import type { SystemText } from './proc.ts';

/** A mounted hierarchy of control groups. */
interface Hierarchy {
  readonly version: 1 | 2;
  readonly mount: string;
  /** This process's group, below the mount. */
  readonly group: string;
}

/** Processors' worth of time, the least of all groups that this process is in; null without a limit, or where the system does not tell. */
export function cpuQuota(text: SystemText): number | null {
  const quotas = hierarchies(text).flatMap((hierarchy) =>
    foldersOf(hierarchy).flatMap((folder) => quotaIn(text, folder, hierarchy.version) ?? []),
  );
  return quotas.length === 0 ? null : Math.min(...quotas);
}

function quotaIn(text: SystemText, folder: string, version: 1 | 2): number | undefined {
  const [limit = '', period = ''] =
    version === 2
      ? (text(`${folder}/cpu.max`)?.trim().split(/\s+/) ?? [])
      : [text(`${folder}/cpu.cfs_quota_us`)?.trim(), text(`${folder}/cpu.cfs_period_us`)?.trim()];
  // Without a limit, it is `max` in version 2, and -1 in version 1.
  if (!/^\d+$/.test(limit) || !/^[1-9]\d*$/.test(period)) return undefined;
  return Number(limit) / Number(period);
}

/** The group and all that it lies in: a limit of any of them holds. */
function foldersOf({ mount, group }: Hierarchy): string[] {
  const folders = [mount];
  let folder = mount;
  for (const name of group.split('/').filter((part) => part !== '' && part !== '..')) {
    folder = join(folder, name);
    folders.push(folder);
  }
  return folders;
}

function hierarchies(text: SystemText): Hierarchy[] {
  const groups = (text('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  return (text('/proc/self/mountinfo') ?? '').split('\n').flatMap((line): Hierarchy[] => {
    // proc_pid_mountinfo(5): id, parent, device, root, mount point, options, tags, a dash, type, source, options.
    const [front = '', back = ''] = line.split(' - ');
    const [, , , root = '/', mount = ''] = front.split(' ');
    const [type = '', , options = ''] = back.split(' ');
    const isCpu = type === 'cgroup' && options.split(',').includes('cpu');
    if (type !== 'cgroup2' && !isCpu) return [];
    const entry = groups.find(([number, names = '']) =>
      type === 'cgroup2' ? number === '0' && names === '' : names.split(',').includes('cpu'),
    );
    const path = entry?.slice(2).join(':') ?? '/';
    const isBelow = root !== '/' && (path === root || path.startsWith(`${root}/`));
    return [{ version: type === 'cgroup2' ? 2 : 1, mount, group: isBelow ? path.slice(root.length) : path }];
  });
}
