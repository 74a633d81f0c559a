/* How the streets of the city are painted: widths, order and names, in the tokens' colours.

   Layers and attributes follow the Protomaps schema, as routing/travel/streets/basemap writes it:
   roads {kind, kind_detail, name}, water, landuse, buildings and places; kind_detail of a road is
   OpenStreetMap's highway value. Zooms are those of the screen. CONTRIBUTING.md says how to change
   what the map looks like. */
const RANK = {
  motorway: 1, motorway_link: 1, trunk: 1, trunk_link: 1,
  primary: 2, primary_link: 2, secondary: 2, secondary_link: 2,
  tertiary: 3, tertiary_link: 3,
  residential: 4, unclassified: 4, living_street: 4, road: 4, pedestrian: 4,
  ferry: 6,
}; // all others, such as service and footway: 5
const GREEN = new Set([
  "park", "wood", "forest", "grass", "meadow", "scrub", "grassland", "village_green", "golf_course",
  "nature_reserve", "cemetery", "playground", "pitch",
]);
const LINE = 2; // Point 1, LineString 2, Polygon 3, as vector tiles number them
const rankOf = (feature) => RANK[feature.props.kind_detail] ?? 5;

// Width in pixels of each rank at a zoom; between two zooms it grows evenly.
const WIDTHS = {
  1: [[8, 1.4], [12, 3.2], [15, 8], [18, 20]],
  2: [[9, 1], [12, 2.6], [15, 7], [18, 18]],
  3: [[10, 0.9], [12, 2], [15, 5.5], [18, 15]],
  4: [[11, 0.7], [12, 1], [13, 1.6], [15, 4.2], [18, 13]],
  5: [[14, 1], [15, 1.8], [18, 6]],
  6: [[9, 1], [18, 2]],
};
const EDGE = 1.4; // pixels of casing beyond both sides together
// Below this a minor street is one dark line: white on a light ground could not be seen.
const CASED_FROM = 14;
const FONT = "system-ui, sans-serif";
const LONGEST_NAME = 60;

export function widthAt(zoom, stops) {
  const after = stops.findIndex(([z]) => z >= zoom);
  if (after === 0) return stops[0][1];
  if (after === -1) return stops.at(-1)[1];
  const [z0, w0] = stops[after - 1];
  const [z1, w1] = stops[after];
  return w0 * (w1 / w0) ** ((zoom - z0) / (z1 - z0));
}

function street(rank, colour, extra, more = {}) {
  const { zooms, ...look } = more;
  return {
    ...zooms,
    dataLayer: "roads",
    filter: (_zoom, feature) => rankOf(feature) === rank,
    symbolizer: new protomapsL.LineSymbolizer({
      color: colour,
      width: (zoom) => widthAt(zoom, WIDTHS[rank]) + extra,
      lineCap: "round",
      lineJoin: "round",
      ...look,
    }),
  };
}

export function paintRules(colour) {
  const area = (layer, token, filter = () => true) => ({
    dataLayer: layer,
    filter: (_zoom, feature) => feature.geomType !== LINE && filter(feature.props.kind),
    symbolizer: new protomapsL.PolygonSymbolizer({ fill: colour(token) }),
  });
  const river = {
    dataLayer: "water",
    filter: (_zoom, feature) => feature.geomType === LINE,
    symbolizer: new protomapsL.LineSymbolizer({
      color: colour("water"), width: (zoom) => (zoom < 13 ? 1.6 : 3), lineCap: "round",
    }),
  };
  const far = { zooms: { maxzoom: CASED_FROM - 1 } };
  const near = { zooms: { minzoom: CASED_FROM } };
  return [
    area("landuse", "area", (kind) => !GREEN.has(kind)),
    area("landuse", "green", (kind) => GREEN.has(kind)),
    area("water", "water"),
    river,
    area("buildings", "building"),
    street(6, colour("street-far"), 0, { dash: [3, 4], dashColor: colour("street-far") }),
    street(5, colour("street-far"), 0, near),
    street(4, colour("street-far"), 0, far),
    street(4, colour("street-edge"), EDGE, near),
    street(3, colour("street-edge"), EDGE),
    street(2, colour("main-edge"), EDGE),
    street(1, colour("main-edge"), EDGE),
    street(4, colour("street"), 0, near),
    street(3, colour("street"), 0),
    street(2, colour("main"), 0),
    street(1, colour("main"), 0),
  ];
}

export function labelRules(colour) {
  const ink = { fill: colour("label"), stroke: colour("label-halo"), width: 3.5 };
  const names = (ranks, font, zooms) => ({
    ...zooms,
    dataLayer: "roads",
    filter: (_zoom, feature) => ranks.includes(rankOf(feature)),
    symbolizer: new protomapsL.LineLabelSymbolizer({
      ...ink,
      labelProps: ["name"],
      font: `${font} ${FONT}`,
      position: protomapsL.LineLabelPlacement.Center,
      repeatDistance: 300,
      maxLabelChars: LONGEST_NAME,
    }),
  });
  const places = (kind, font, zooms) => ({
    ...zooms,
    dataLayer: "places",
    filter: (_zoom, feature) => feature.props.kind === kind,
    symbolizer: new protomapsL.CenteredTextSymbolizer({
      ...ink, labelProps: ["name"], font: `${font} ${FONT}`, lineHeight: 1.2,
    }),
  });
  return [
    places("locality", "600 15px", { maxzoom: 13 }),
    places("neighbourhood", "600 12.5px", { minzoom: 13, maxzoom: 15 }),
    names([1, 2], "600 12px", { minzoom: 13 }),
    names([3], "500 12px", { minzoom: 14 }),
    names([4], "500 11.5px", { minzoom: 15 }),
    names([5], "500 11.5px", { minzoom: 16 }),
  ];
}
