/** What loading waits for often, so that a program at work goes on meanwhile: see `pace` of the clock. */
export type Pause = () => Promise<void> | undefined;
