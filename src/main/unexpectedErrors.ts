import { app, dialog } from 'electron'

/**
 * What reaches this is a bug of ours: it is logged with its stack, shown, and ends the application,
 * because what it left behind cannot be trusted. Runs are stored as they go, so none is lost.
 */
export function endOnUnexpectedErrors(): void {
  process.on('uncaughtException', (error) => {
    console.error(error)
    void showAndEnd(error)
  })
  process.on('unhandledRejection', (reason) => {
    throw reason
  })
}

async function showAndEnd(error: Error): Promise<void> {
  try {
    await app.whenReady()
    await dialog.showMessageBox({
      type: 'error',
      title: 'Headroom',
      message: 'Headroom met an error it did not expect and has to close.',
      detail: error.stack ?? error.message,
    })
  } finally {
    app.exit(1)
  }
}
