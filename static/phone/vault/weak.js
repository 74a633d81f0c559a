/* Which PINs are tried first by whoever finds a phone. Pure. */
export const LENGTH = { least: 6, most: 12 };

const steps = (pin) => [...pin].slice(1).map((digit, n) => digit - pin[n]);

/* What is wrong with a PIN: "digits", "weak" (1111111, 123456, 654321, 121212) or null. */
export function faultOf(pin) {
  if (!/^\d+$/.test(pin) || pin.length < LENGTH.least || pin.length > LENGTH.most) return "digits";
  const isRun = new Set(steps(pin)).size === 1;
  const isEcho = new Set(pin).size <= 2;
  return isRun || isEcho ? "weak" : null;
}
