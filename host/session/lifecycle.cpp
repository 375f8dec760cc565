// The table of legal changes of state.
#include <host/session/lifecycle.hpp>

#include <array>
#include <string>

namespace simhost::session {

namespace {
constexpr std::array<std::string_view, 5> state_names{"ready", "running", "paused", "stopped", "failed"};
constexpr std::array<std::string_view, 4> action_names{"pause", "resume", "stop", "reset"};

struct Rule {
  Action action;
  unsigned from;  // bit mask of states
  State to;
};
constexpr unsigned bit(State s) { return 1U << static_cast<unsigned>(s); }
constexpr unsigned any = 0x1f;
constexpr std::array<Rule, 4> rules{{
    {Action::pause, bit(State::running), State::paused},
    {Action::resume, bit(State::ready) | bit(State::paused), State::running},
    {Action::stop, bit(State::ready) | bit(State::running) | bit(State::paused), State::stopped},
    {Action::reset, any, State::ready},
}};

std::string names_of(unsigned mask) {
  std::string text;
  for (std::size_t s = 0; s < state_names.size(); ++s)
    if ((mask & (1U << s)) != 0) text += (text.empty() ? "" : " or ") + std::string(state_names[s]);
  return text;
}
}  // namespace

std::string_view to_string(State state) noexcept { return state_names[static_cast<std::size_t>(state)]; }
std::string_view to_string(Action action) noexcept { return action_names[static_cast<std::size_t>(action)]; }

Result<State> transition(State state, Action action) {
  const Rule& rule = rules[static_cast<std::size_t>(action)];
  if ((rule.from & bit(state)) != 0) return rule.to;
  return fail("wrong_state", std::string(to_string(action)) + " needs a session that is " + names_of(rule.from) +
                                 "; this one is " + std::string(to_string(state)));
}

}  // namespace simhost::session
