/* Until this page has nothing left to draw, or has had its time: what is fetched for later, and the phone's
   other cores with it, wait for what is read now. */
const CALM_MS = 40; // a browser gives up to 50 where no frame waits
const LOOK_MS = 200;
const LOOKS = 20; // then what is for later has its turn in any case

const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
const spare = () => new Promise((done) => {
  if (!globalThis.requestIdleCallback) setTimeout(done, LOOK_MS, CALM_MS); // Safari
  else requestIdleCallback((idle) => done(idle.timeRemaining()), { timeout: LOOK_MS });
});

/* `isDrawn` tells whether what the page itself waits for is there. */
export async function calm(isDrawn = () => true) {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    if ((await spare()) >= CALM_MS && isDrawn()) return;
    await wait(LOOK_MS);
  }
}
