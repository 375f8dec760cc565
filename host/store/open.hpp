// The store that the settings name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <host/store/store.hpp>

namespace simhost::store {

// url: "sqlite:" (store.db in the state folder), "sqlite:/path/to/file", "postgresql://…" or "memory:". An error ends
// the start: its detail names the place and the mend.
Result<std::unique_ptr<Store>> open_store(std::string_view url, const std::filesystem::path& state_folder);

}  // namespace simhost::store
