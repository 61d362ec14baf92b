/** How added files are kept on this device: what whoever adds, sends and lets go of them asks. */
import { readFields } from '#core/entity.ts';
import { deviceSettings as ownSettings } from './device-settings.ts';
import { effectiveSetting, type SettingSources } from './effective-settings.ts';

export interface FileSettings {
  /** For `Pictures.prepare`. The longer edge of a picture at most, in pixels; null keeps its size. */
  readonly maxEdge: number | null;
  /** For `Pictures.prepare`. Whether place, person and camera are taken out. */
  readonly stripLocation: boolean;
  /** Whether files that the server has may leave this device when nobody has opened them for long (`recent`). */
  readonly keepFiles: 'all' | 'recent';
}

/** The settings of files as they count here; of what was never written, or does not fit, the initial value. */
export function fileSettings(sources: SettingSources): FileSettings {
  const edge = effectiveSetting('pictureEdge', sources).value;
  return {
    maxEdge: edge === 'original' ? null : Number(edge),
    stripLocation: effectiveSetting('stripLocation', sources).value,
    keepFiles: readFields(ownSettings, sources.deviceSettings ?? {}).keepFiles,
  };
}
