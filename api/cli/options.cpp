// Builds the command line out of the table of settings.
#include <api/cli/options.hpp>

#include <cstdio>
#include <filesystem>
#include <map>

#include <CLI/CLI.hpp>

#include <host/settings/table.hpp>

namespace simhost::cli {

namespace {

namespace fs = std::filesystem;

std::string flags_of(const settings::SettingInfo& setting) {
  std::string flags = "--" + settings::flag_name(setting);
  if (!setting.short_flag.empty())
    flags += std::string(",") + (setting.short_flag.size() == 1 ? "-" : "--") + std::string(setting.short_flag);
  return flags;
}

fs::path program_folder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

// In a build tree the plugins lie beside the program; installed, under lib.
settings::Sources surroundings() {
  settings::Sources sources;
  sources.environment = settings::process_environment();
  sources.working_folder = fs::current_path().string();
  const auto here = program_folder();
  sources.default_files = {"/etc/simhost/simhost.json",
                           (here / "../share/simhost/simhost.json").lexically_normal().string()};
  sources.plugin_folders = {(here / "plugins").string(), (here / "../lib/simhost/plugins").lexically_normal().string()};
  return sources;
}

void print_completion(const CLI::App& app) {
  std::string words;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) words += " --" + name;
  for (const auto* sub : app.get_subcommands({})) words += " " + sub->get_name();
  std::printf("complete -o default -W \"%s\" simhost\n", words.c_str() + 1);
}

}  // namespace

std::optional<Command> read_command(int argc, char** argv, int& exit_status) {
  CLI::App app(
      "Hosts simulation models as plugins: steps them on a deterministic clock, serves them over REST and WebSocket.",
      "simhost");
  app.set_version_flag("--version", "simhost " SIMHOST_VERSION);
  std::string config;
  std::vector<std::string> sets;
  app.add_option("--config", config, "settings file (JSON)");
  app.add_option("--set", sets, "plugins.<id>.<key>=<value>: a setting a plugin declares; may be repeated");
  std::map<std::string, std::string> given;
  for (const auto& setting : settings::all_settings())
    app.add_option(flags_of(setting), given[settings::flag_name(setting)], std::string(setting.doc))
        ->type_name(std::string(setting.choices.empty() ? "" : setting.choices));
  auto* run = app.add_subcommand("run", "start the host (the default)");
  auto* show = app.add_subcommand("settings", "print every setting, its value and where it comes from");
  auto* check = app.add_subcommand("check", "check the settings and exit: 0 good, 78 not");
  auto* token = app.add_subcommand("token", "print the administrator's token");
  auto* completion = app.add_subcommand("completion", "print completion for bash: source <(simhost completion)");
  for (auto* sub : {run, show, check, token, completion}) sub->fallthrough();
  app.require_subcommand(0, 1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    exit_status = code == 0 ? 0 : 64;
    return {};
  }
  if (*completion) {
    print_completion(app);
    exit_status = 0;
    return {};
  }
  Command command{*show ? Task::settings : *check ? Task::check : *token ? Task::token : Task::run, surroundings()};
  auto& flags = command.sources.flags;
  if (!config.empty()) flags.emplace_back("config", config);
  for (const auto& setting : settings::all_settings()) {
    const auto name = settings::flag_name(setting);
    if (app.count("--" + name) > 0) flags.emplace_back(name, given[name]);
  }
  for (const auto& set : sets)
    flags.emplace_back(set.substr(0, set.find('=')),
                       set.find('=') == std::string::npos ? "" : set.substr(set.find('=') + 1));
  return command;
}

}  // namespace simhost::cli
