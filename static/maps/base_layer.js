/* The streets below everything: one .pmtiles file of the city, painted with the tokens' colours.

   Layers and attributes follow the Protomaps schema, as routing/travel/streets/basemap.py writes
   it: roads {kind, kind_detail, name}, water, landuse and places; kind_detail of a road is
   OpenStreetMap's highway value. */
(() => {
  const RANK = {
    motorway: 1, motorway_link: 1, trunk: 1, trunk_link: 1,
    primary: 2, primary_link: 2, secondary: 2, secondary_link: 2,
    tertiary: 3, tertiary_link: 3,
    residential: 4, unclassified: 4, living_street: 4, road: 4,
  }; // all others, such as service and footway: 5
  const GREEN = new Set([
    "park", "wood", "forest", "grass", "scrub", "grassland", "village_green", "golf_course",
    "nature_reserve", "cemetery", "playground",
  ]);
  const LINE = 2; // Point 1, LineString 2, Polygon 3, as vector tiles number them
  const rankOf = (feature) => RANK[feature.props.kind_detail] ?? 5;

  // Width in pixels of each rank at a zoom; between two zooms it grows evenly.
  const WIDTHS = {
    1: [[8, 1.2], [12, 3], [15, 8], [18, 20]],
    2: [[9, 0.8], [12, 2.4], [15, 7], [18, 18]],
    3: [[10, 0.6], [12, 1.8], [15, 5.5], [18, 15]],
    4: [[11, 0.5], [13, 1.3], [15, 4], [18, 13]],
    5: [[13, 0.4], [15, 1.6], [18, 6]],
  };
  const EDGE = 1.2; // pixels of casing beyond each side
  const MOST_PIXELS_PER_POINT = 2; // canvases of three times the size cost cheap phones too much

  function widthAt(zoom, stops) {
    const after = stops.findIndex(([z]) => z >= zoom);
    if (after === 0) return stops[0][1];
    if (after === -1) return stops.at(-1)[1];
    const [z0, w0] = stops[after - 1];
    const [z1, w1] = stops[after];
    return w0 * (w1 / w0) ** ((zoom - z0) / (z1 - z0));
  }

  function colours() {
    const tokens = getComputedStyle(document.documentElement);
    return (name) => tokens.getPropertyValue(`--map-${name}`).trim();
  }

  function street(symbol, ranks, colour, extra, zooms = {}) {
    return {
      ...zooms,
      dataLayer: "roads",
      filter: (_zoom, feature) => ranks.includes(rankOf(feature)),
      symbolizer: new protomapsL.LineSymbolizer({
        color: colour,
        width: (zoom, feature) => widthAt(zoom, WIDTHS[rankOf(feature)]) + extra,
        lineCap: "round",
        lineJoin: "round",
        perFeature: true,
      }),
    };
  }

  function paintRules(colour) {
    const area = (layer, token, filter) => ({
      dataLayer: layer,
      filter: (_zoom, feature) => feature.geomType !== LINE && filter(feature.props.kind),
      symbolizer: new protomapsL.PolygonSymbolizer({ fill: colour(token) }),
    });
    const river = {
      dataLayer: "water",
      filter: (_zoom, feature) => feature.geomType === LINE,
      symbolizer: new protomapsL.LineSymbolizer({ color: colour("water"), width: 2 }),
    };
    return [
      area("landuse", "building", (kind) => !GREEN.has(kind)),
      area("landuse", "green", (kind) => GREEN.has(kind)),
      area("water", "water", () => true),
      river,
      // From afar a minor street is one dark line: white on a light ground could not be seen.
      street("far", [4, 5], colour("street-edge"), 0, { maxzoom: 13 }),
      street("edge", [4, 5], colour("street-edge"), EDGE, { minzoom: 14 }),
      street("edge", [3], colour("street-edge"), EDGE),
      street("edge", [1, 2], colour("main-edge"), EDGE),
      street("fill", [4, 5], colour("street"), 0, { minzoom: 14 }),
      street("fill", [3], colour("street"), 0),
      street("fill", [1, 2], colour("main"), 0),
    ];
  }

  function labelRules(colour) {
    const names = (ranks, font, zooms) => ({
      ...zooms,
      dataLayer: "roads",
      filter: (_zoom, feature) => ranks.includes(rankOf(feature)),
      symbolizer: new protomapsL.LineLabelSymbolizer({
        labelProps: ["name"],
        font,
        fill: colour("label"),
        stroke: colour("label-halo"),
        width: 3,
        position: protomapsL.LineLabelPlacement.Center,
        repeatDistance: 300,
      }),
    });
    const places = (kind, font, zooms) => ({
      ...zooms,
      dataLayer: "places",
      filter: (_zoom, feature) => feature.props.kind === kind,
      symbolizer: new protomapsL.CenteredTextSymbolizer({
        labelProps: ["name"],
        font,
        fill: colour("label"),
        stroke: colour("label-halo"),
        width: 3,
        lineHeight: 1.2,
      }),
    });
    return [
      places("locality", "600 15px system-ui, sans-serif", { maxzoom: 13 }),
      places("neighbourhood", "600 12.5px system-ui, sans-serif", { minzoom: 13, maxzoom: 15 }),
      names([1, 2], "600 12px system-ui, sans-serif", { minzoom: 13 }),
      names([3], "500 12px system-ui, sans-serif", { minzoom: 14 }),
      names([4, 5], "500 11.5px system-ui, sans-serif", { minzoom: 15 }),
    ];
  }

  /* Add the streets below all other layers; without a file there is a note instead. */
  fieldMap.base = (map, { url, missing }) => {
    if (!url) {
      fieldMap.note(map, missing);
      return;
    }
    const { p: file } = new protomapsL.PmtilesSource(url, true);
    let layer;
    const draw = (header) => {
      const colour = colours();
      layer?.remove();
      layer = protomapsL.leafletLayer({
        url: file,
        attribution: "",
        maxDataZoom: header.maxZoom,
        devicePixelRatio: Math.min(devicePixelRatio, MOST_PIXELS_PER_POINT),
        backgroundColor: colour("ground"), // or tiles of the zoom before shine through
        paintRules: paintRules(colour),
        labelRules: labelRules(colour),
        lang: document.documentElement.lang,
      }).addTo(map);
    };
    file.getHeader().then(
      (header) => {
        draw(header);
        document.addEventListener("themechange", () => draw(header));
      },
      () => fieldMap.note(map, missing),
    );
  };
})();
