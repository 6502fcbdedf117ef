import { styleNonce } from './nonce'
// In a cascade layer, so that the modules of the page win whatever order they are bundled in.
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@mantine/spotlight/styles.layer.css'
import './styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { connectHost } from './client'
import { HostContext } from './host'
import { preferredLanguage, startI18n } from './i18n'
import { createPageQueries } from './queries'
import { createPageRouter } from './router'
import { beforeDrawing, createRuns } from './run/runs'
import { RunsContext } from './run/useRun'
import { cssVariables, theme } from './theme'

const lookPeriodMs = 3000

const host = connectHost() // first: it takes the token out of the address before the router reads it
const queries = createPageQueries(host)
const router = createPageRouter()
const runs = createRuns({
  host,
  schedule: beforeDrawing,
  onEnded: () => void queries.invalidateQueries({ queryKey: ['history'] }),
})

void runs.look()
// The host sends a run to those who ask for it, and another viewer may begin one.
setInterval(() => {
  if (!document.hidden) void runs.look()
}, lookPeriodMs)
void router.load() // the first page's code comes while the texts do
await startI18n(preferredLanguage())
createRoot(document.getElementById('root')!).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    getStyleNonce={() => styleNonce}
  >
    <QueryClientProvider client={queries}>
      <HostContext value={host}>
        <RunsContext value={runs}>
          <Notifications position="bottom-right" autoClose={4000} />
          <RouterProvider router={router} />
        </RunsContext>
      </HostContext>
    </QueryClientProvider>
  </MantineProvider>,
)
