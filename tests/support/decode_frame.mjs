// Decoder of the binary data frames of /v1/stream, for browsers and Node.
const kinds = { 1: "latest", 2: "all", 3: "minmax" };

// A number of the frame as the JSON format shows it.
function shown(field, value) {
  if (field.type === "boolean") return value !== 0;
  if (field.type === "enum") return field.enum[value];
  return value;
}

// The message that format json would have carried. frame: an ArrayBuffer (set socket.binaryType = "arraybuffer").
// fields and lanes are those of the "subscribed" message.
export function decodeFrame(frame, fields, lanes) {
  const view = new DataView(frame);
  const kind = kinds[view.getUint8(1)];
  if (view.getUint8(0) !== 1 || kind === undefined) throw new Error("no frame of version 1");
  const message = { op: "data", id: view.getUint32(4, true) };
  const tick = Number(view.getBigUint64(8, true));
  const timeS = view.getFloat64(16, true);
  const stepS = view.getFloat64(24, true);
  const rows = view.getUint32(32, true);
  const columns = view.getUint32(36, true);
  if (columns !== fields.length * lanes.length) throw new Error("the frame is of another subscription");
  let at = 40;
  if (view.getUint16(2, true) & 1) {
    message.gap = view.getUint32(at, true);
    at += 8;
  }
  const numbers = new Float64Array(frame, at, rows * columns);
  const row = (index, place) => {
    const start = index * columns + place * lanes.length;
    return Array.from(numbers.subarray(start, start + lanes.length), (value) => shown(fields[place], value));
  };
  const index = [...Array(rows).keys()];
  if (kind === "all") {
    message.ticks = index.map((k) => tick + k);
    message.time_s = index.map((k) => (k === 0 ? timeS : (tick + k) * stepS));
  } else {
    message.tick = tick;
    message.time_s = timeS;
  }
  message.values = {};
  fields.forEach((field, place) => {
    if (kind === "latest") message.values[field.name] = row(0, place);
    else if (kind === "all") message.values[field.name] = index.map((k) => row(k, place));
    else message.values[field.name] = { min: row(0, place), max: row(1, place), last: row(2, place) };
  });
  return message;
}
