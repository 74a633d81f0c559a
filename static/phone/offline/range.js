/* Answers part of a file, as a server does: the Cache API keeps whole answers only. */

/* Read "bytes=0-99", "bytes=100-" or "bytes=-50" for a file of `size` bytes.

   Returns [first, last], null when the whole file should be answered (no range, several ranges, no
   range that anybody can read), or false when it lies beyond the end. */
export function readRange(header, size) {
  const read = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(" ", "") ?? "");
  if (!read || (!read[1] && !read[2])) return null;
  const [, from, to] = read;
  if (!from) return Number(to) > 0 && size > 0 ? [Math.max(0, size - Number(to)), size - 1] : false;
  const first = Number(from);
  if (to && Number(to) < first) return null;
  return first < size ? [first, Math.min(to ? Number(to) : size - 1, size - 1)] : false;
}

/* Answer a request from a file that is kept whole; `kept` is {blob, type, tag}. */
export function answerPart({ blob, type, tag }, header) {
  const headers = { "Content-Type": type, "Accept-Ranges": "bytes", ETag: tag };
  const range = readRange(header, blob.size);
  if (range === null) return new Response(blob, { headers });
  if (!range) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  }
  const [first, last] = range;
  headers["Content-Range"] = `bytes ${first}-${last}/${blob.size}`;
  headers["Content-Length"] = String(last - first + 1);
  return new Response(blob.slice(first, last + 1), { status: 206, headers });
}
