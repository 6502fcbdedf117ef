// While it runs, the page follows five times a second: the eye sees no more, and the engine that is
// being measured shares the processor. Tables behind charts are read, not watched.

export const drawPeriodMs = 200
export const tablePeriodMs = 5000
