import assert from "node:assert/strict";
import { test } from "node:test";
import { calm } from "../../static/phone/offline/calm.js";

const CALM = { timeRemaining: () => 49 };
const DRAWING = { timeRemaining: () => 7 };

/* A browser whose moments of rest are these, then calm ones; no time passes. */
function browser(t, ...rests) {
  t.mock.method(globalThis, "setTimeout", (done) => queueMicrotask(done));
  let looks = 0;
  globalThis.requestIdleCallback = (done) => { looks += 1; queueMicrotask(() => done(rests.shift() ?? CALM)); };
  t.after(() => delete globalThis.requestIdleCallback);
  return () => looks;
}

test("a page without anything to draw is calm at once", async (t) => {
  const looks = browser(t);
  await calm();
  assert.equal(looks(), 1);
});

test("a page that draws is waited for", async (t) => {
  const looks = browser(t, DRAWING, DRAWING);
  await calm();
  assert.equal(looks(), 3);
});

test("what the page itself waits for is waited for", async (t) => {
  const looks = browser(t);
  await calm(() => looks() > 4);
  assert.equal(looks(), 5);
});

test("a page that is never drawn does not keep the day from being fetched", async (t) => {
  const looks = browser(t);
  await calm(() => false);
  assert.equal(looks(), 20);
});

test("a browser without moments of rest goes by what is drawn", async (t) => {
  t.mock.method(globalThis, "setTimeout", (done, _ms, ...told) => queueMicrotask(() => done(...told)));
  let asked = 0;
  await calm(() => { asked += 1; return asked > 2; });
  assert.equal(asked, 3);
});
