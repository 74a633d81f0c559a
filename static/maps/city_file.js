/* The one .pmtiles file of the city, read part by part; also in the worker that paints it. */

/* Open it. `torn` is called once when a part can't be read; one that nobody waits for any more can. */
export function cityFile(url, torn) {
  const { p: file } = new protomapsL.PmtilesSource(url, true);
  const read = file.getZxy.bind(file);
  let tell = torn;
  file.getZxy = async (...what) => {
    try {
      return await read(...what);
    } catch (error) {
      if (error?.name !== "AbortError") {
        tell();
        tell = () => {};
      }
      throw error;
    }
  };
  return file;
}
