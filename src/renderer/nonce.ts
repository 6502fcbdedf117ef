/** What the host wrote into this page for its style elements; a fresh one each time it is loaded. */
export const styleNonce =
  document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.nonce ?? ''

// Dialogs lock scrolling with a style element of their own (react-remove-scroll), which looks here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })
