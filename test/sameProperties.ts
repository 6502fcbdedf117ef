import fc from 'fast-check'

// The same examples at every run, so that a change is judged by what it changed. Other ones:
// HEADROOM_SEED=$RANDOM npx vitest run FILE.
fc.configureGlobal({ seed: Number(process.env['HEADROOM_SEED'] ?? 42) })
