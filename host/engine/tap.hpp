// What a session publishes of its ticks: the wanted columns of the wanted lanes, in a ring that one writer fills and
// many readers read without disturbing it.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <host/engine/track.hpp>

namespace simhost::engine {

// A wanted set: columns by variable id, lanes as ascending tiles, every k-th tick of the session, slots kept.
struct Wanted {
  struct Tile {
    std::uint32_t first_lane, count;
  };
  std::vector<std::uint32_t> ids;
  std::vector<Tile> tiles;
  std::uint32_t every_ticks = 1;
  std::uint32_t slots = 4;
  bool lossless = false;  // a free or manual session waits for the reader that moves the floor

  [[nodiscard]] std::uint32_t lanes() const noexcept;
};

// One published tick as a reader copies it out. values: field-major, lane-minor, in the order of the wanted set.
struct Frame {
  std::uint64_t number = 0;  // counts the frames of its tap from 0
  std::uint64_t tick = 0;
  double time_s = 0;
  std::uint32_t revision = 0;
  bool standing = false;  // published by a session that stood
  std::vector<double> values;
};

class Tap;
// The piece of a tap that one block feeds; linked into the block's list while the tap is attached.
struct TapPart {
  Tap* tap = nullptr;
  Block* block = nullptr;
  std::uint32_t first = 0, count = 0;  // slots
  std::uint32_t at = 0;                // place of the first lane among the tap's lanes
  TapPart* next = nullptr;
};

class Tap {
 public:
  // Control side. Parts are laid out by place() before attach.
  explicit Tap(Wanted wanted);
  [[nodiscard]] const Wanted& wanted() const noexcept { return wanted_; }

  // Control side, while not attached: which slots of which blocks feed it now.
  void place(const Track& track);
  // [step] Links it into the blocks of its parts and makes it the track's; unlinks it.
  void attach(Track& track) noexcept;
  void detach() noexcept;

  [[nodiscard]] const Track& track() const noexcept { return *track_; }
  // [step] After a reload: the same slots, in new blocks, with new columns.
  void rebase(Block& old_block, Block& new_block) noexcept;
  void swap_columns(std::vector<std::uint32_t>& columns) noexcept { columns_.swap(columns); }

  // [step] One beat: begin, copy each part after its block's step (any step thread), end. All do nothing unless due: at
  // multiples of every_ticks, or where the beat goes over one.
  void begin(std::uint64_t tick_after, std::uint64_t ticks = 1) noexcept;
  void copy(const TapPart& part) noexcept;
  void end(std::uint64_t tick, double time_s, std::uint32_t revision) noexcept;
  // [step] Publishes the present values of a session that stands.
  void republish(std::uint64_t tick, double time_s, std::uint32_t revision) noexcept;

  // [any] For the reader that may miss nothing: frames from this number on are not to be overwritten; none: as they
  // like.
  static constexpr std::uint64_t no_floor = std::numeric_limits<std::uint64_t>::max();
  void set_floor(std::uint64_t number) noexcept { floor_.store(number); }
  [[nodiscard]] std::uint64_t floor() const noexcept { return floor_.load(std::memory_order_relaxed); }
  // [any] Frames above the floor have come near to where one more would overwrite them. What is left is for a session
  // that is set to real time while it waits: it goes on at once, and its reader has that long to come after.
  [[nodiscard]] bool full() const noexcept {
    const auto next = published_.load(std::memory_order_relaxed), most = std::uint64_t{wanted_.slots} - reserve();
    return wanted_.lossless && next >= most && next - most >= floor_.load();
  }
  [[nodiscard]] std::uint32_t reserve() const noexcept { return wanted_.slots / 8; }
  // Values have changed since the last frame, and it was full: until the next frame, which comes when there is room.
  void set_stale() noexcept { stale_.store(true, std::memory_order_relaxed); }
  [[nodiscard]] bool stale() const noexcept { return stale_.load(std::memory_order_relaxed); }

  // [any] How many frames there have been; reads frame number n, or returns false when it is gone (lapped).
  [[nodiscard]] std::uint64_t frames() const noexcept { return published_.load(std::memory_order_acquire); }
  bool read(std::uint64_t number, Frame& out) const;

 private:
  struct Slot {
    std::atomic<std::uint64_t> sequence{0};
    std::atomic<std::uint64_t> tick{0};
    std::atomic<double> time_s{0};
    std::atomic<std::uint32_t> revision{0}, standing{0};
    double* values = nullptr;
  };
  void open_slot() noexcept;
  void publish(std::uint64_t tick, double time_s, std::uint32_t revision, std::uint32_t standing) noexcept;

  Wanted wanted_;
  std::uint32_t lanes_;
  std::vector<std::uint32_t> columns_;  // of the present generation
  std::vector<TapPart> parts_;
  std::unique_ptr<Slot[]> slots_;
  std::vector<double> memory_;
  Track* track_ = nullptr;
  Slot* writing_ = nullptr;
  std::uint64_t next_number_ = 0;
  bool due_ = false;
  std::atomic<bool> stale_{false};
  alignas(64) std::atomic<std::uint64_t> published_{0};
  alignas(64) std::atomic<std::uint64_t> floor_;
};

}  // namespace simhost::engine
