// The table of settings as text for people and as a JSON Schema for editors.
#pragma once

#include <string>

#include <host/base/value.hpp>

namespace simhost::settings {

std::string help_text();      // of the flags, for --help
std::string settings_page();  // docs/settings.md
Value settings_schema();      // config/schema/simhost.schema.json

}  // namespace simhost::settings
