// The command line: flags from the table of settings, and what the program is asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <host/settings/load.hpp>

namespace simhost::cli {

enum class Task : std::uint8_t { run, settings, check, token };

struct Command {
  Task task = Task::run;
  settings::Sources sources;
};

// Nothing, with the exit status set, after --help, --version, completion or a fault (which have been printed).
std::optional<Command> read_command(int argc, char** argv, int& exit_status);

}  // namespace simhost::cli
