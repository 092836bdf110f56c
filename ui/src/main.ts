import { mount } from 'svelte';
import App from './App.svelte';
import { loadLocale } from './lib/i18n.svelte';
import { startRouter } from './lib/router.svelte';
import { startShortcuts } from './lib/shortcuts.svelte';
import { theme } from './lib/theme.svelte';
import './styles/tokens.css';
import './styles/base.css';

theme.start();
startRouter();
startShortcuts();
await loadLocale().catch(() => undefined);
mount(App, { target: document.getElementById('app')! });
