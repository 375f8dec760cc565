/// Ids by lane and lane by id.
#include "roster.hpp"

#include <sim/cpp/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>

namespace battery_sensor {
namespace {

constexpr std::size_t shared_max = 255;

bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// How many bytes two ids begin with alike, whole characters only.
std::size_t alike(std::string_view a, std::string_view b) noexcept {
  const std::size_t most = std::min({a.size(), b.size(), shared_max});
  std::size_t n = 0;
  while (n < most && a[n] == b[n]) ++n;
  while (n > 0 && n < b.size() && continues(b[n])) --n;
  return n;
}

/// Takes a number and the mark behind it.
bool take(std::string_view& text, char mark, std::size_t& number) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end == text.data() + text.size() || *end != mark) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

std::mutex mutex;
std::map<std::string, RosterPointer, std::less<>>& rosters() {
  static std::map<std::string, RosterPointer, std::less<>> all;
  return all;
}

}  // namespace

Roster::Roster(const std::vector<std::string>& ids, std::uint32_t interval_s, std::uint32_t scenario)
    : sorted_(ids.size()), interval_s_(interval_s), scenario_(scenario) {
  for (const auto& one : ids) {
    text_ += one;
    ends_.push_back(static_cast<std::uint32_t>(text_.size()));
  }
  text_.shrink_to_fit();
  plain_ =
      std::ranges::none_of(text_, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; });
  std::iota(sorted_.begin(), sorted_.end(), 0u);
  std::ranges::stable_sort(sorted_, {}, [&](std::uint32_t lane) { return id(lane); });
}

void Roster::quote(std::size_t lane, std::string& to) const {
  if (!plain_) return static_cast<void>(sim::Json(to).value(id(lane)));
  to += '"';
  to.append(id(lane)) += '"';
}

std::optional<std::uint32_t> Roster::find(std::string_view wanted) const noexcept {
  const auto at = std::ranges::lower_bound(sorted_, wanted, {}, [&](std::uint32_t lane) { return id(lane); });
  if (at == sorted_.end() || id(*at) != wanted) return std::nullopt;
  return *at;
}

std::vector<std::uint32_t> Roster::repeated() const {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 1; i < sorted_.size(); ++i)
    if (id(sorted_[i]) == id(sorted_[i - 1])) places.push_back(sorted_[i]);
  std::ranges::sort(places);
  return places;
}

std::uint64_t Roster::ticks(double step_s) const noexcept {
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::llround(interval_s_ / step_s)));
}
bool Roster::reports(std::uint64_t tick, double step_s) const noexcept { return tick % ticks(step_s) == 0; }
std::uint64_t Roster::reports_until(std::uint64_t tick, double step_s) const noexcept {
  return tick / ticks(step_s) + 1;
}

std::vector<std::string> pack_ids(const std::vector<std::string>& ids, std::size_t bytes) {
  std::vector<std::string> pieces;
  std::string_view before;
  for (const auto& id : ids) {
    std::size_t shared = alike(before, id);
    const auto record = [&] {
      return std::to_string(shared) + ' ' + std::to_string(id.size() - shared) + ':' + id.substr(shared);
    };
    std::string next = record();
    if (pieces.empty() || pieces.back().size() + next.size() > bytes) {
      shared = 0;
      next = record();
      pieces.emplace_back();
    }
    pieces.back() += next;
    before = id;
  }
  return pieces;
}

bool unpack_ids(std::string_view piece, std::vector<std::string>& ids) {
  std::string before;
  while (!piece.empty()) {
    std::size_t shared = 0, rest = 0;
    if (!take(piece, ' ', shared) || !take(piece, ':', rest) || shared > before.size() || rest > piece.size())
      return false;
    before = before.substr(0, shared).append(piece.substr(0, rest));
    ids.push_back(before);
    piece.remove_prefix(rest);
  }
  return true;
}

void keep_roster(const std::string& simulation, RosterPointer roster) {
  const std::lock_guard lock(mutex);
  rosters().insert_or_assign(simulation, std::move(roster));
}
void drop_roster(const std::string& simulation) {
  const std::lock_guard lock(mutex);
  rosters().erase(simulation);
}
RosterPointer find_roster(std::string_view simulation) {
  const std::lock_guard lock(mutex);
  const auto found = rosters().find(simulation);
  return found == rosters().end() ? nullptr : found->second;
}

}  // namespace battery_sensor
