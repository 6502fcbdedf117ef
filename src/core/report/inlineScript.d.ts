// Answered by scripts/inlineScript.ts when the application is built or tested.
declare module '*?inlineScript' {
  /** The module and all it imports as one script without imports. */
  export const script: string
}
