/* Let a frame and taps come between two pieces of work. */
export const breath = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
