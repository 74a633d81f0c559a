/* What is ready on a phone before its collector leaves, from what was found out. Pure.

   Each check is "good", "bad" or "unknown"; only "bad" keeps anybody from being ready. */
import { isWrong } from "../day/clock.js";

export const LEAST_BATTERY = 0.3;
const yes = (is) => (is ? "good" : "bad");
const maybe = (is) => (is === null ? "unknown" : yes(is));

/* `found` is {today, tomorrow, map, isPersisted, gps, offsetMs, build, installed, battery, pin, language}:
   `today` and `tomorrow` are {stops, kept} or null, `kept` how many of their stops open offline; `map`
   true, false or null when the office has none; `gps` a state of the permission; `build` {here, office};
   `battery` {level, isCharging} or null; `pin` {has, isDemanded}. Returns {key: {state, n}}. */
export function checks({ today, tomorrow, map, isPersisted, gps, offsetMs, build, installed, battery, pin, language }) {
  const whole = ({ stops, kept }) => stops > 0 && kept === stops;
  const enough = battery && (battery.isCharging || battery.level >= LEAST_BATTERY);
  return {
    route: { state: yes(Boolean(today) && whole(today)), n: today?.stops ?? 0 },
    tomorrow: { state: tomorrow ? yes(whole(tomorrow)) : "unknown", n: tomorrow?.stops ?? 0 },
    map: { state: maybe(map) },
    storage: { state: yes(isPersisted) },
    gps: { state: yes(gps === "granted") },
    clock: { state: offsetMs === null ? "unknown" : yes(!isWrong(offsetMs)), n: isWrong(offsetMs ?? 0) ? spoken(offsetMs, language) : "" },
    version: { state: build.office === null ? "unknown" : yes(build.here === build.office) },
    pin: { state: pin.has ? "good" : maybe(pin.isDemanded ? false : null) },
    installed: { state: yes(installed) },
    battery: { state: battery ? yes(enough) : "unknown", n: Math.round((battery?.level ?? 0) * 100) },
  };
}

export const isReady = (found) => Object.values(found).every(({ state }) => state !== "bad");

/* How far a clock is off, in the largest unit that says enough: "3 días", "5 horas", "12 minutos". */
export function spoken(offsetMs, language) {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const told = (n, unit) => n.toLocaleString(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 });
  if (minutes >= 48 * 60) return told(minutes / 1440, "day");
  return minutes >= 120 ? told(minutes / 60, "hour") : told(minutes, "minute");
}
