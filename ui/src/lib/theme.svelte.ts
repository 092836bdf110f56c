import type { Theme } from '../api/types';

const KEY = 'footfall.theme';

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

class ThemeChoice {
  choice = $state<Theme>('system');

  /** Applies what this browser chose last. */
  start() {
    this.set(stored(), false);
  }

  set(choice: Theme, remember = true) {
    this.choice = choice;
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    if (remember || choice !== 'system') localStorage.setItem(KEY, choice);
  }

  /** The next one in the round: as the device says, light, dark. */
  get next(): Theme {
    return this.choice === 'system' ? 'light' : this.choice === 'light' ? 'dark' : 'system';
  }
}

/** Light, dark, or as the device says. */
export const theme = new ThemeChoice();
