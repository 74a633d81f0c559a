/* Draws an address as a QR code into an SVG: dark on white, whatever the colours of the page. */
import { encode } from "../../vendor/uqr/uqr.js";

const QUIET = 4; // modules of white around it, as ISO/IEC 18004 asks

export function drawQr(svg, text) {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const path = document.createElementNS(svg.namespaceURI, "path");
  const dark = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")));
  path.setAttribute("d", dark.join(""));
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.replaceChildren(path);
}
