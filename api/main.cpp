// The program: reads the command line and the settings, runs the host until it is told to end.
#include <csignal>
#include <cstdio>
#include <iostream>

#include <sodium.h>
#include <sys/resource.h>

#include <api/cli/app.hpp>
#include <api/cli/options.hpp>
#include <api/cli/token.hpp>
#include <host/base/json.hpp>
#include <host/base/log.hpp>
#include <host/settings/faults.hpp>

namespace {

using namespace simhost;

// Blocked in every thread before any starts, so that only main takes them.
sigset_t block_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

// A client is a descriptor, and so is each file of a recording that is read: as many as the system lets this user have,
// where shells and service managers begin with a thousand for the sake of select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void print_settings(const settings::LoadedSettings& loaded) {
  for (const auto& setting : loaded.effective)
    std::cout << setting.key << " = " << to_json(setting.value) << "    # " << setting.origin.place << "\n";
}

int print_token(const settings::LoadedSettings& loaded) {
  const auto token = cli::read_or_make_token(loaded.settings.state_dir);
  if (!token) {
    std::cerr << "simhost: " << token.error().detail << "\n";
    return 1;
  }
  std::cout << *token << "\n";
  return 0;
}

void print_places(const cli::App& app) {
  std::cout << "simhost is running\n";
  for (const auto& place : app.places()) std::cout << "  " << place.url << "  " << place.what << "\n";
  std::cout << "Ctrl-C ends it.\n" << std::flush;
}

int run(settings::LoadedSettings loaded, const sigset_t& signals) {
  auto app = cli::App::start(std::move(loaded));
  if (!app) {
    std::cerr << "simhost: " << app.error().detail << "\n";
    return 1;
  }
  print_places(**app);
  int signal = 0;
  sigwait(&signals, &signal);
  log_info("host", "ending", {{"signal", signal}});
  (*app)->drain();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto signals = block_signals();
  raise_descriptor_limit();
  if (sodium_init() < 0) return 1;
  int exit_status = 0;
  auto command = cli::read_command(argc, argv, exit_status);
  if (!command) return exit_status;
  auto loaded = settings::load_settings(command->sources);
  if (!loaded) {
    std::cerr << settings::faults_text(loaded.error());
    return settings::exit_bad_settings;
  }
  for (const auto& warning : loaded->warnings) log_warning("settings", warning);
  set_log_level(loaded->settings.log_level);
  switch (command->task) {
    case cli::Task::settings:
      print_settings(*loaded);
      return 0;
    case cli::Task::check:
      std::cout << "the settings are good\n";
      return 0;
    case cli::Task::token:
      return print_token(*loaded);
    case cli::Task::run:
      return run(std::move(*loaded), signals);
  }
  return exit_status;
}
