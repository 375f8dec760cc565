// The states of a session and the one function that says which change is legal.
#pragma once

#include <cstdint>
#include <string_view>

#include <host/base/error.hpp>

namespace simhost::session {

enum class State : std::uint8_t { ready, running, paused, stopped, failed };
enum class Action : std::uint8_t { pause, resume, stop, reset };

std::string_view to_string(State state) noexcept;
std::string_view to_string(Action action) noexcept;

// Where action leads from state; wrong_state, saying from where it is possible, when it does not.
Result<State> transition(State state, Action action);

}  // namespace simhost::session
