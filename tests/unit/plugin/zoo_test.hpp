// What the tests of this room share: the zoo's files, folders of their own, and services that write down what they see.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <unistd.h>

#include <host/plugin/catalogue.hpp>

#include "zoo/zoo.h"

namespace simhost::plugin {

inline std::filesystem::path zoo(const std::string& name) {
  return std::filesystem::canonical(ZOO_FOLDER) / (name + ".so");
}

inline std::vector<std::byte> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sim_plugin_test_XXXXXX").string();
    path_ = std::filesystem::canonical(::mkdtemp(pattern.data()));
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, std::span<const std::byte> bytes) const {
    std::ofstream(path_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return write(name, std::as_bytes(std::span(text)));
  }

 private:
  std::filesystem::path path_;
};

// Writes down what plugins and generations do, each word with plugin and generation.
class NotingServices : public HostServices {
 public:
  const void* extension(const sim_host* host, std::string_view id) override {
    static_cast<void>(host);
    static const zoo_notes notes{sizeof(zoo_notes), 0, [](const sim_host* from, const char* word) {
                                   auto& context = context_of(from);
                                   static_cast<NotingServices*>(context.services)->note(context, word);
                                 }};
    return id == ZOO_NOTES ? &notes : nullptr;
  }
  Outcome begin(HostContext& context, std::span<const sim_setting> settings) override {
    note(context, "begin");
    settings_seen = settings.size();
    context.user = this;
    if (refuse) return fail("plugin_bad_settings", "port is taken");
    return {};
  }
  void drain(HostContext& context) noexcept override { note(context, "drain"); }
  void end(HostContext& context) noexcept override {
    note(context, context.user == this ? "end" : "end without begin");
  }

  void note(const HostContext& context, const std::string& word) {
    const std::scoped_lock lock(mutex_);
    words_.push_back(context.plugin_id + "#" + std::to_string(context.generation) + " " + word);
  }
  std::vector<std::string> take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(words_, {});
  }

  bool refuse = false;
  std::size_t settings_seen = 0;

 private:
  std::mutex mutex_;
  std::vector<std::string> words_;
};

}  // namespace simhost::plugin
