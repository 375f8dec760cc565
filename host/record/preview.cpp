// Rows to buckets.
#include <host/record/preview.hpp>

#include <algorithm>
#include <cmath>

namespace simhost::record {

namespace {

struct Bucket {
  double min = 0, max = 0, last = 0;
  bool any = false;

  void add(double value) {
    if (std::isnan(value)) return;
    min = any ? std::min(min, value) : value;
    max = any ? std::max(max, value) : value;
    last = value;
    any = true;
  }
};

class Buckets {
 public:
  Buckets(const PreviewRequest& request, double from_s, double to_s)
      : request_(request),
        from_s_(from_s),
        to_s_(to_s),
        width_s_((to_s - from_s) / static_cast<double>(request.points)) {
    hit_.resize(request.points);
    values_.assign(request.columns.size(), std::vector<Bucket>(request.points));
  }

  void add(const Rows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double time_s = rows.time_s[i];
      if (rows.lane[i] != static_cast<std::int32_t>(request_.lane) || !(time_s >= from_s_ && time_s <= to_s_)) continue;
      const auto place = bucket_of(time_s);
      hit_[place] = true;
      for (std::size_t c = 0; c < values_.size(); ++c) values_[c][place].add(rows.values[c][i]);
    }
  }

  [[nodiscard]] Value show(const About& about) const {
    Value times = Value::array(), fields{Object{}};
    for (std::size_t place = 0; place < hit_.size(); ++place)
      if (hit_[place]) times.push(from_s_ + width_s_ * static_cast<double>(place));
    for (std::size_t c = 0; c < values_.size(); ++c)
      fields.set(about.columns[request_.columns[c]].name, show_column(about.columns[request_.columns[c]], values_[c]));
    return Value::object({{"time_s", std::move(times)}, {"fields", std::move(fields)}});
  }

 private:
  // The last bucket has its end, too. A width that is no number: of times too far apart for one.
  [[nodiscard]] std::size_t bucket_of(double time_s) const {
    const double place = (time_s - from_s_) / width_s_;
    return place >= 0 ? static_cast<std::size_t>(std::min(place, static_cast<double>(hit_.size() - 1))) : 0;
  }

  static Value show_one(const Column& column, const Bucket& bucket, double value) {
    if (!bucket.any || !std::isfinite(value)) return {};
    if (column.type == SIM_BOOLEAN) return value != 0;
    if (column.type == SIM_INTEGER) return std::abs(value) < 0x1p63 ? Value(static_cast<std::int64_t>(value)) : Value();
    if (column.type != SIM_ENUM) return value;
    if (!(value > -1 && value < static_cast<double>(column.enum_names.size()))) return {};
    return column.enum_names[static_cast<std::size_t>(value)];
  }

  [[nodiscard]] Value show_column(const Column& column, const std::vector<Bucket>& buckets) const {
    Value min = Value::array(), max = Value::array(), last = Value::array();
    for (std::size_t place = 0; place < buckets.size(); ++place) {
      if (!hit_[place]) continue;
      min.push(show_one(column, buckets[place], buckets[place].min));
      max.push(show_one(column, buckets[place], buckets[place].max));
      last.push(show_one(column, buckets[place], buckets[place].last));
    }
    return Value::object({{"min", std::move(min)}, {"max", std::move(max)}, {"last", std::move(last)}});
  }

  const PreviewRequest& request_;
  double from_s_, to_s_, width_s_;
  std::vector<bool> hit_;
  std::vector<std::vector<Bucket>> values_;
};

}  // namespace

Result<Value> preview(Reader& reader, const PreviewRequest& request) {
  Buckets buckets(request, request.from_s.value_or(reader.from_s()), request.to_s.value_or(reader.to_s()));
  reader.select(request.columns);
  for (const auto& place : reader.places()) {
    if (request.from_s && place.is.to_s < *request.from_s) continue;
    if (request.to_s && place.is.from_s > *request.to_s) continue;
    if (request.cancelled && request.cancelled->load() != 0) return fail("cancelled", "nobody waits for the preview");
    auto rows = reader.read(place.first_row, place.is.rows);
    if (!rows) return fail(rows.error());
    buckets.add(*rows);
  }
  return buckets.show(reader.about());
}

}  // namespace simhost::record
