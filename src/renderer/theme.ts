import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

// Density of a tool: 13 px text, small controls, panels told from the page by a border and a shade.

const ink: MantineColorsTuple = [
  '#eef1fb',
  '#dbe1f5',
  '#b6c2ea',
  '#8ea1df',
  '#6d85d6',
  '#566fcc',
  '#4560c4',
  '#3850ad',
  '#2f4493',
  '#253678',
]

const night: MantineColorsTuple = [
  '#d9dce3',
  '#bcc1cb',
  '#9ba2af',
  '#717989',
  '#474e5b',
  '#353b46',
  '#272c35',
  '#1b1f26',
  '#14171c',
  '#0d0f13',
]

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 5 },
  colors: { ink, dark: night },
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '19px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '10px', md: '14px', lg: '20px', xl: '28px' },
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'sm',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '19px', lineHeight: '1.3' },
      h2: { fontSize: '14px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    SegmentedControl: { defaultProps: { size: 'sm' } },
    Checkbox: { defaultProps: { size: 'sm' } },
    Tooltip: {
      defaultProps: {
        withArrow: true,
        openDelay: 250,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } },
    Modal: { defaultProps: { centered: true }, styles: { title: { fontWeight: 600 } } },
  },
})

/** Colours that Mantine has no name for, and those of its own that are too faint to read. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f6f8',
    '--mantine-color-text': '#1b1f26',
    '--mantine-color-dimmed': '#565d6b',
    '--mantine-color-default-border': '#d5d8df',
    '--mantine-color-error': '#b3300b',
    '--headroom-surface': '#ffffff',
    '--headroom-sunken': '#eceef2',
    '--headroom-good': '#00694b',
    '--headroom-warn': '#8a5200',
    '--headroom-bad': '#b3300b',
    '--headroom-good-fill': '#e2f4ec',
    '--headroom-warn-fill': '#fcf0dc',
    '--headroom-bad-fill': '#fce8e1',
    '--headroom-neutral-fill': '#e8ebf5',
  },
  dark: {
    '--mantine-color-body': '#0f1115',
    '--mantine-color-text': '#dfe2e9',
    '--mantine-color-dimmed': '#9ba2af',
    '--mantine-color-default': '#1f232b',
    '--mantine-color-default-hover': '#272c35',
    '--mantine-color-default-border': '#333945',
    '--mantine-color-error': '#ff8a5c',
    '--headroom-surface': '#171a20',
    '--headroom-sunken': '#22262e',
    '--headroom-good': '#3ecf9b',
    '--headroom-warn': '#f0b24a',
    '--headroom-bad': '#ff8a5c',
    '--headroom-good-fill': '#10291f',
    '--headroom-warn-fill': '#2d230f',
    '--headroom-bad-fill': '#331a10',
    '--headroom-neutral-fill': '#1d2233',
  },
})
