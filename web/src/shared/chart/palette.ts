/** The chart's colours, read from the page so that they follow the colour scheme. */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--mantine-color-dimmed'),
    line: read('--dm-line'),
    surface: read('--dm-surface'),
    ink: read('--mantine-color-text'),
    ok: read('--dm-ok'),
    bad: read('--dm-bad'),
    up: read('--dm-up'),
    down: read('--dm-down'),
  };
}
export type Palette = ReturnType<typeof readPalette>;

/** What every chart of the console has in common. */
export function base(palette: Palette) {
  return {
    animation: false,
    textStyle: { fontFamily: 'IBM Plex Sans Variable, system-ui, sans-serif', color: palette.text },
    grid: { left: 4, right: 8, top: 32, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: palette.text } },
    tooltip: {
      trigger: 'axis' as const,
      // Drawn on the canvas: the HTML form needs inline styles, which the content security policy forbids.
      renderMode: 'richText' as const,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: 12 },
    },
    yAxis: {
      type: 'value' as const,
      axisLabel: { color: palette.text, fontSize: 11 },
      splitLine: { lineStyle: { color: palette.line } },
    },
  };
}

export function categories(palette: Palette, data: string[]) {
  return {
    type: 'category' as const,
    data,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.text, fontSize: 11, hideOverlap: true },
  };
}
