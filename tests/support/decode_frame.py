"""Decoder of the binary data frames of /v1/stream. Copy it: it needs nothing but Python's standard library."""
import struct

HEADER = struct.Struct("<BBHIQddII")  # version, kind, flags, id, first tick, first time_s, step_s, rows, columns
KINDS = {1: "latest", 2: "all", 3: "minmax"}
GAP = 1


def shown(field, value):
    """A number of the frame as the JSON format shows it."""
    if field["type"] == "boolean":
        return value != 0
    if field["type"] == "integer":
        return int(value)
    if field["type"] == "enum":
        return field["enum"][int(value)]
    return value


def decode_frame(frame, fields, lanes):
    """The message that format json would have carried. fields and lanes are those of the `subscribed` message."""
    version, kind, flags, ident, tick, time_s, step_s, rows, columns = HEADER.unpack_from(frame)
    if version != 1 or kind not in KINDS:
        raise ValueError(f"no frame of version 1: version {version}, kind {kind}")
    if columns != len(fields) * len(lanes):
        raise ValueError(f"{columns} columns, but {len(fields)} fields of {len(lanes)} lanes were subscribed")
    at = HEADER.size
    message = {"op": "data", "id": ident}
    if flags & GAP:
        message["gap"] = struct.unpack_from("<II", frame, at)[0]
        at += 8
    numbers = struct.unpack_from(f"<{rows * columns}d", frame, at)

    def row(index, place):
        start = index * columns + place * len(lanes)
        return [shown(fields[place], number) for number in numbers[start : start + len(lanes)]]

    if KINDS[kind] == "all":
        message["ticks"] = [tick + k for k in range(rows)]
        message["time_s"] = [time_s] + [(tick + k) * step_s for k in range(1, rows)]
    else:
        message["tick"] = tick
        message["time_s"] = time_s
    values = {}
    for place, field in enumerate(fields):
        if KINDS[kind] == "latest":
            values[field["name"]] = row(0, place)
        elif KINDS[kind] == "all":
            values[field["name"]] = [row(k, place) for k in range(rows)]
        else:
            values[field["name"]] = {name: row(k, place) for k, name in enumerate(("min", "max", "last"))}
    message["values"] = values
    return message
