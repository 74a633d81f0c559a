/* What pages put on a map: stops, lines, zones, dots, people. Python calls these functions with
   data (collector_app/web/maps); every text goes to the page as text, never as HTML. */
(() => {
  const FAR_BELOW = 14; // zoom under which marks are drawn smaller
  const CROWDED_BELOW = 13; // and as dots, when there are many
  const MANY_STOPS = 80;
  const maps = new Map(); // Leaflet map: {marks by name, fills of layers}

  function element(tag, className, text) {
    const made = L.DomUtil.create(tag, className);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /* What a popup says: a title, lines and a link to a page of ours. */
  function card({ title, lines = [], url, link }) {
    const body = element("div", "map-card");
    body.append(element("strong", "", title));
    for (const line of lines) body.append(element("span", "", line));
    if (url?.startsWith("/") && !url.startsWith("//")) {
      const anchor = element("a", "", link);
      anchor.href = url;
      body.append(anchor);
    }
    return body;
  }

  function bind(layer, label) {
    if (!label) return layer;
    layer.bindPopup(() => card(label), { minWidth: 180, maxWidth: 280 });
    return layer;
  }

  /* A mark that is there already is changed in place: its popup stays open while news come in. */
  function mark(map, key, { lat, lon, label }, kind, text, zIndexOffset = 0) {
    const icon = L.divIcon({
      className: `mark ${kind}`, html: element("span", "", text), iconSize: null, popupAnchor: [0, -10],
    });
    const named = maps.get(map).named;
    const there = named.get(key);
    const marker = there ?? L.marker([lat, lon], { keyboard: false, riseOnHover: true });
    marker.setLatLng([lat, lon]).setIcon(icon).setZIndexOffset(zIndexOffset);
    if (there && label) marker.setPopupContent(() => card(label));
    else if (!there) bind(marker, label).addTo(map);
    const node = marker.getElement();
    node.setAttribute("role", "img");
    node.setAttribute("aria-label", label ? label.title : text);
    named.set(key, marker);
    return marker;
  }

  const IN_FRONT = { next: 1000, pending: 500, place: 800, person: 900 };

  function stops(map, all) {
    for (const stop of all) {
      mark(map, `stop-${stop.id}`, stop, `stop ${stop.state}`, String(stop.number), IN_FRONT[stop.state]);
    }
    suitZoom(map);
  }

  function people(map, all) {
    for (const one of all) mark(map, `person-${one.id}`, one, "person", one.initials, IN_FRONT.person);
  }

  function places(map, all) {
    for (const place of all) mark(map, `place-${place.id}`, place, `place ${place.kind}`, "", IN_FRONT.place);
  }

  /* A line is drawn twice, a wide edge below and the line above, so that it shows on any ground. */
  function line(map, { encoded, kind, label }) {
    const points = decode(encoded);
    L.polyline(points, { className: `line-edge ${kind}`, interactive: false }).addTo(map);
    bind(L.polyline(points, { className: `line ${kind}` }), label).addTo(map);
  }

  function zones(map, all) {
    for (const zone of all) {
      const shape = L.geoJSON(zone.geometry, {
        style: { color: zone.colour, fillColor: zone.colour, fillOpacity: 0.1, weight: 2.5, className: "zone" },
      });
      bind(shape, zone.label).addTo(map);
      if (zone.label) {
        const name = element("span", "", zone.label.title);
        shape.bindTooltip(name, { permanent: true, direction: "center", className: "zone-name", pane: "shadowPane" });
      }
      maps.get(map).named.set(`zone-${zone.id}`, shape);
    }
  }

  /* Thousands of points: drawn on one canvas, each row [lat, lon, kind, id, title]. */
  function dots(map, { rows, kinds, pages, link }) {
    const renderer = L.canvas({ padding: 0.3 });
    const drawn = rows.map(([lat, lon, kind, id, title]) => {
      const dot = L.circleMarker([lat, lon], { renderer, radius: 4.5, weight: 1.25, fillOpacity: 1 });
      const where = pages && `${pages}${id}`;
      bind(dot, title && { title, url: where, link }).addTo(map);
      return [dot, kinds[kind]];
    });
    const paint = () => {
      const edge = token("--map-label-halo");
      for (const [dot, colour] of drawn) {
        dot.setStyle({ color: edge, fillColor: colour.startsWith("--") ? token(colour) : colour });
      }
    };
    paint();
    document.addEventListener("themechange", paint);
  }

  /* Google's encoded polyline, 5 decimals: half the size of numbers in JSON. */
  function decode(encoded) {
    const points = [];
    let at = 0;
    let lat = 0;
    let lon = 0;
    const next = () => {
      let value = 0;
      let shift = 0;
      let chunk;
      do {
        chunk = encoded.charCodeAt(at++) - 63;
        value |= (chunk & 31) << shift;
        shift += 5;
      } while (chunk >= 32);
      return value & 1 ? ~(value >> 1) : value >> 1;
    };
    while (at < encoded.length) {
      lat += next();
      lon += next();
      points.push([lat / 1e5, lon / 1e5]);
    }
    return points;
  }

  /* How large marks are: numbers that cover each other say nothing. */
  function suitZoom(map) {
    const box = map.getContainer();
    const zoom = map.getZoom();
    box.classList.toggle("far", zoom < FAR_BELOW);
    const isCrowded = box.querySelectorAll(".mark.stop").length > MANY_STOPS;
    box.classList.toggle("crowded", isCrowded && zoom < CROWDED_BELOW);
  }

  function note(map, text) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => element("p", "map-note", text);
    control.addTo(map);
  }

  /* Controls in the page's language, the names that screen readers hear, and where to look first. */
  function dress(map, { bounds, words, attribution }) {
    maps.set(map, { named: new Map() });
    map.attributionControl.setPrefix(false);
    const source = element("a", "", attribution.text);
    source.href = attribution.url;
    map.attributionControl.addAttribution(source.outerHTML);
    L.control.zoom({ position: "bottomright", zoomInTitle: words.closer, zoomOutTitle: words.further }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    if (bounds) map.fitBounds(bounds, { padding: [28, 28], maxZoom: 16, animate: false });
    map.on("zoomend", () => suitZoom(map));
    suitZoom(map);
    map.on("popupopen", ({ popup }) => {
      popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.close);
    });
  }

  /* Show again what has changed: {stops: [...], people: [...]} from an address of ours. */
  function live(map, { url, every_s }) {
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
        if (!answer.ok) return;
        const news = await answer.json();
        stops(map, news.stops ?? []);
        people(map, news.people ?? []);
      } catch {
        return; // no signal for a moment: the next turn asks again
      }
    };
    setInterval(ask, every_s * 1000);
  }

  /* A button or link in the list beside the map: data-map-shows="stop-17" opens that popup. */
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-map-shows]")?.dataset.mapShows;
    for (const [map, { named }] of name ? maps : []) {
      const layer = named.get(name);
      if (!layer) continue;
      event.preventDefault();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      if (layer.getLatLng) map.setView(layer.getLatLng(), Math.max(map.getZoom(), 16), { animate: !still });
      else map.fitBounds(layer.getBounds(), { animate: !still });
      layer.openPopup();
      map.getContainer().scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    }
  });

  window.fieldMap = { maps, stops, people, places, line, zones, dots, note, dress, live };
})();
