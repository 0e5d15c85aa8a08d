import { type NamedSetting, namesOfSetting } from '../catalog/named-setting.ts';
import type { Setting } from '../scenario/setting.ts';

/** A strategy and where it is to run, as plain data. */
export interface Subject extends NamedSetting {
  /** A name, or the path of a plug-in. */
  readonly strategy: string;
}

/** A strategy in a setting, as plain data. */
export function subjectOf(setting: Setting, strategy: string): Subject {
  return { ...namesOfSetting(setting), strategy };
}
