import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { t } from '../messages';

const harbour: MantineColorsTuple = [
  '#e9f4fb',
  '#d2e6f4',
  '#a4cdea',
  '#73b3df',
  '#4b9cd5',
  '#2f89c9',
  '#176ea6',
  '#0f5a8a',
  '#0b466c',
  '#07324e',
];

const slate: MantineColorsTuple = [
  '#dbe2ea',
  '#bac4d0',
  '#98a5b4',
  '#6d7a89',
  '#3c4855',
  '#2c3641',
  '#222b34',
  '#151b22',
  '#10151b',
  '#0b0f14',
];

/** A dialog's header element would count as a second banner of the page. */
const dialog = {
  closeButtonProps: { 'aria-label': t('do.close') },
  attributes: { header: { role: 'presentation' } },
  styles: { title: { fontWeight: 600, fontSize: '1.0625rem' } },
};

export const theme = createTheme({
  colors: { harbour, dark: slate },
  primaryColor: 'harbour',
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: 'sm',
  fontFamily: "'IBM Plex Sans Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'IBM Plex Mono', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.375rem' }, h2: { fontSize: '1rem' }, h3: { fontSize: '0.9375rem' } },
  },
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    // Focus goes to the first item; the placeholder would be a child that a menu may not have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // The grey of a description below a title misses WCAG AA.
    Notification: {
      defaultProps: {
        closeButtonProps: dialog.closeButtonProps,
        styles: { description: { color: 'var(--mantine-color-dimmed)' } },
      },
    },
    Drawer: { defaultProps: dialog },
    Modal: { defaultProps: { ...dialog, centered: true } },
  },
});

/** Mantine's own greys and reds miss the 4.5:1 of WCAG AA as small text; these meet it. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f7f9',
    '--mantine-color-text': '#17212b',
    '--mantine-color-dimmed': '#54616f',
    '--mantine-color-placeholder': '#66727f',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0f5a8a',
  },
  dark: {
    '--mantine-color-dimmed': '#9aa7b6',
    '--mantine-color-placeholder': '#8693a2',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-anchor': '#7dbcec',
  },
});
