/// Frames of a session as messages of the stream, JSON or binary.
#pragma once

#include <sim/cpp/streams.hpp>

#include <span>

namespace bldc_motor {

enum class Format : std::uint32_t { json = 0, binary = 1 };
inline constexpr const char* const format_names[] = {"json", "binary"};

/// What the frames hold, by variable id.
std::span<const std::uint32_t> frame_variables() noexcept;

/// What a session that failed says before its sockets are closed; nothing where it was stopped or deleted.
void put_ending(const sim_ending& ending, Format format, const sim::Sink& sink);

/// The messages of one frame: its data, and before it an error where the winding has just tripped.
void put_frame(const sim::Frame* before, const sim::Frame& now, Format format, const sim::Sink& sink);

}  // namespace bldc_motor
