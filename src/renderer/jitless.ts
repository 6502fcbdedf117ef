import * as z from 'zod'

// Imported before anything that checks by zod in the page: its faster checks are code made at run
// time, which the page's policy forbids, and even asking whether it may is reported.
z.config({ jitless: true })
