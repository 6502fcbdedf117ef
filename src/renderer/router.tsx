import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from '@tanstack/react-router'
import { navigation } from './navigation'
import { PageError } from './shell/PageError'
import { PageNotFound } from './shell/PageNotFound'
import { Shell } from './shell/Shell'

/** Paths live in the fragment: `app://` and the web server serve one page, whatever is shown on it. */
export function createPageRouter(history = createHashHistory()) {
  const rootRoute = createRootRoute({ component: Shell, notFoundComponent: PageNotFound })
  const home = createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: navigation[0]!.path, replace: true })
    },
  })
  const pages = navigation.map(({ path, component }) =>
    createRoute({ getParentRoute: () => rootRoute, path, component }),
  )
  return createRouter({
    routeTree: rootRoute.addChildren([home, ...pages]),
    history,
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    scrollRestoration: false,
  })
}
