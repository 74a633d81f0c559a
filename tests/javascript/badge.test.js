import assert from "node:assert/strict";
import test from "node:test";

import { badgeOf } from "../../static/phone/outbox/badge_state.js";

const waiting = (events = 0, photos = 0, refused = 0) => ({ events, photos, refused });
const said = (...given) => {
  const { key, n } = badgeOf(...given);
  return [key, n];
};

test("all sent is said only when nothing waits, also no photo", () => {
  assert.deepEqual(said(waiting(), null, true), ["sent", 0]);
  assert.deepEqual(said(waiting(0, 2), null, true), ["photos", 2]);
});

test("without signal what waits is kept, not on its way", () => {
  assert.deepEqual(said(waiting(3), null, false), ["offline", 3]);
  assert.deepEqual(said(waiting(3), "network", true), ["offline", 3]);
  assert.deepEqual(said(waiting(3), "not_the_office", true), ["offline", 3]);
});

test("a problem is louder than everything else", () => {
  assert.deepEqual(said(waiting(3, 1, 1), "network", false), ["problem", 1]);
});

test("who has to log in again is told so", () => {
  assert.deepEqual(said(waiting(3), "unknown_device", true), ["login", 3]);
});

test("a revoked phone is told so, also without signal", () => {
  assert.deepEqual(said(waiting(2), "revoked", false), ["revoked", 2]);
});

test("without signal and with nothing waiting everything is sent all the same", () => {
  assert.deepEqual(said(waiting(), "network", false), ["sent", 0]);
});
