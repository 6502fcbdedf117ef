import type { Icon } from '@tabler/icons-react'
import IconActivity from '@tabler/icons-react/dist/esm/icons/IconActivity.mjs'
import IconArrowsLeftRight from '@tabler/icons-react/dist/esm/icons/IconArrowsLeftRight.mjs'
import IconChartHistogram from '@tabler/icons-react/dist/esm/icons/IconChartHistogram.mjs'
import IconCpu from '@tabler/icons-react/dist/esm/icons/IconCpu.mjs'
import IconFileText from '@tabler/icons-react/dist/esm/icons/IconFileText.mjs'
import IconHistory from '@tabler/icons-react/dist/esm/icons/IconHistory.mjs'
import IconLayoutGrid from '@tabler/icons-react/dist/esm/icons/IconLayoutGrid.mjs'
import IconListCheck from '@tabler/icons-react/dist/esm/icons/IconListCheck.mjs'
import IconPlayerPlay from '@tabler/icons-react/dist/esm/icons/IconPlayerPlay.mjs'
import { lazyRouteComponent, type RouteComponent } from '@tanstack/react-router'
import type { Texts } from './locales/resources'

export interface NavigationEntry {
  readonly path: `/${string}`
  readonly labelKey: Exclude<keyof Texts['common']['navigation'], 'label'>
  readonly icon: Icon
  /** Loaded when the page is first shown. */
  readonly component: RouteComponent
}

/** The pages that exist, in the order of the journey; keys 1…9 open them in this order. */
export const navigation: readonly NavigationEntry[] = [
  {
    path: '/devices',
    labelKey: 'devices',
    icon: IconCpu,
    component: lazyRouteComponent(() => import('./pages/devices/DevicesPage'), 'DevicesPage'),
  },
  {
    path: '/fit',
    labelKey: 'fit',
    icon: IconLayoutGrid,
    component: lazyRouteComponent(() => import('./pages/fit/FitPage'), 'FitPage'),
  },
  {
    path: '/plan',
    labelKey: 'plan',
    icon: IconListCheck,
    component: lazyRouteComponent(() => import('./pages/plan/PlanPage'), 'PlanPage'),
  },
  {
    path: '/run',
    labelKey: 'run',
    icon: IconPlayerPlay,
    component: lazyRouteComponent(() => import('./pages/run/RunPage'), 'RunPage'),
  },
  {
    path: '/compare',
    labelKey: 'compare',
    icon: IconArrowsLeftRight,
    component: lazyRouteComponent(() => import('./pages/compare/ComparePage'), 'ComparePage'),
  },
  {
    path: '/quantization',
    labelKey: 'quantization',
    icon: IconChartHistogram,
    component: lazyRouteComponent(
      () => import('./pages/quantization/QuantizationPage'),
      'QuantizationPage',
    ),
  },
  {
    path: '/monitor',
    labelKey: 'monitor',
    icon: IconActivity,
    component: lazyRouteComponent(() => import('./pages/monitor/MonitorPage'), 'MonitorPage'),
  },
  {
    path: '/history',
    labelKey: 'history',
    icon: IconHistory,
    component: lazyRouteComponent(() => import('./pages/history/HistoryPage'), 'HistoryPage'),
  },
  {
    path: '/report',
    labelKey: 'report',
    icon: IconFileText,
    component: lazyRouteComponent(() => import('./pages/report/ReportPage'), 'ReportPage'),
  },
]
