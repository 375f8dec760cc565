// A model whose step does nothing but mark its lanes: what is left is the host's own cost.
#pragma once

#include <host/session/model.hpp>

namespace simhost::support {

// One input and one state; no work, no reset, no prepare.
session::ModelPointer make_empty();

}  // namespace simhost::support
