import type { Theme } from '../api/types';
import { keep, kept } from './browser-store';

const KEY = 'footfall.theme';

function stored(): Theme {
  const value = kept(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

class ThemeChoice {
  choice = $state<Theme>('system');

  /** Applies what this browser chose last. */
  start() {
    this.set(stored(), false);
  }

  set(choice: Theme, remember = true) {
    this.wear(choice);
    if (remember || choice !== 'system') keep(KEY, choice);
  }

  /** Shows colours that the address asks for, without making them this browser's choice. */
  wear(choice: Theme) {
    this.choice = choice;
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
  }

  /** The next one in the round: as the device says, light, dark. */
  get next(): Theme {
    return this.choice === 'system' ? 'light' : this.choice === 'light' ? 'dark' : 'system';
  }
}

/** Light, dark, or as the device says. */
export const theme = new ThemeChoice();
