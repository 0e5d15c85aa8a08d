import { ImpurityError, impurityText, loadBegins, loadEnds } from './guards.ts';
import { loadObjection } from './module-checks.ts';
import { plugInUrl } from './plug-in-url.ts';
import type { UserModule } from './suspects.ts';

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** How the file of a plug-in may be called: Node tells by that whether it is a module. */
const MODULE_NAME = /\.[cm]?[jt]s$/;
/** The same in words. */
export const MODULE_ENDINGS = '.mjs, .js, .cjs, .mts, .ts or .cts';

/** Whether the file of a path may be a plug-in, by its name. */
export function isModuleName(path: string): boolean {
  return MODULE_NAME.test(path);
}

/** The name of a file without what says that it is a module. */
export function withoutModuleEnding(name: string): string {
  return name.replace(MODULE_NAME, '');
}

/** Whether a name is that of a module: a path, and not the name of something that comes with the project. */
export function isModulePath(name: string): boolean {
  return name.includes('/') || isModuleName(name);
}

/**
 * The module of a plug-in; what it does while it is loaded is watched. `refuse` is given what is wrong with it, half a sentence,
 * and throws.
 */
export async function importPlugIn(
  source: UserModule,
  refuse: (objection: string, cause?: unknown) => never,
): Promise<ModuleExports> {
  const { path } = source;
  if (!isModuleName(path)) refuse(`is no module; its name must end with ${MODULE_ENDINGS}`);
  loadBegins();
  let module: unknown;
  try {
    module = await import(plugInUrl(path));
  } catch (cause) {
    const reason =
      cause instanceof ImpurityError
        ? impurityText(cause.message, cause.stack, [source])
        : await loadObjection(path, cause);
    refuse(reason, cause);
  } finally {
    loadEnds();
  }
  const impurity = loadEnds();
  if (impurity !== undefined) refuse(impurityText(impurity.message, impurity.stack, [source]), impurity);
  if (typeof module !== 'object' || module === null) {
    refuse("exports a function of the name 'then', which makes a promise of the module");
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a module namespace is such a record
  return module as ModuleExports;
}
