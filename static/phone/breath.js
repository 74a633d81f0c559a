/* Let taps come between two pieces of work, and frames when they are due: one for each piece would paint more than
   anybody sees, and on a phone with two cores what paints holds up what works. */
export const breath = () => new Promise((done) => { setTimeout(done); });
