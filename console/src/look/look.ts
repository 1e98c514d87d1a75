// Light or dark, comfortable or compact: how this browser's reader wants the console to look.
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';
import { remembered } from '../remembered';

export type ModeChoice = 'light' | 'dark' | 'system';
export type DensityChoice = 'comfortable' | 'compact';

export interface Look {
  mode: ModeChoice;
  density: DensityChoice;
}

const store = remembered<Look>('look', { mode: 'system', density: 'comfortable' }, (value) => {
  const { mode, density } = value as Partial<Record<keyof Look, unknown>>;
  return {
    mode: mode === 'light' || mode === 'dark' ? mode : 'system',
    density: density === 'compact' ? 'compact' : 'comfortable',
  };
});

const systemIsDark = () => window.matchMedia('(prefers-color-scheme: dark)');

function apply() {
  const { mode, density } = store.get();
  const dark = mode === 'dark' || (mode === 'system' && systemIsDark().matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
  applyDensity(density === 'compact' ? Density.Compact : Density.Comfortable);
}

/** Once, before anything is shown. */
export function startLook() {
  apply();
  store.subscribe(apply);
  systemIsDark().addEventListener('change', apply);
}

export function useLook(): [Look, (change: Partial<Look>) => void] {
  const look = useSyncExternalStore(store.subscribe, store.get);
  return [look, (change) => store.set({ ...store.get(), ...change })];
}
