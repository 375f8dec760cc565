// The whole host in one object: rooms made in the order of their dependencies, ended in the opposite one.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <host/base/error.hpp>
#include <host/settings/load.hpp>

namespace simhost::cli {

class App {
 public:
  // Loads the plugins and listens. An error ends the start: its detail has the mend.
  static Result<std::unique_ptr<App>> start(settings::LoadedSettings settings);
  ~App();

  // "http://127.0.0.1:8080" and what is served there, for the first lines of output.
  struct Place {
    std::string url, what;
  };
  [[nodiscard]] std::vector<Place> places() const;

  // Not ready any more, sockets closed with 1001, requests finished, sessions and plugins ended.
  void drain();

 private:
  struct Rooms;
  explicit App(std::unique_ptr<Rooms> rooms);
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace simhost::cli
