# The headers of the SDK, relative to include/: installed, hashed into stamps, and each compiled alone by a test.
set(SIM_SDK_C_HEADERS
    sim/abi.h sim/model.h sim/plugin.h
    sim/ext/clock.h sim/ext/commands.h sim/ext/config.h sim/ext/jobs.h sim/ext/log.h sim/ext/metrics.h
    sim/ext/recordings.h sim/ext/reserved.h sim/ext/routes.h sim/ext/rules.h sim/ext/sessions.h sim/ext/streams.h
    sim/ext/values.h)
set(SIM_SDK_CPP_HEADERS
    sim/cpp/check.hpp sim/cpp/commands.hpp sim/cpp/context.hpp sim/cpp/descriptor.hpp sim/cpp/entry.hpp
    sim/cpp/fields.hpp sim/cpp/host.hpp sim/cpp/json.hpp sim/cpp/lanes.hpp sim/cpp/math.hpp sim/cpp/math/arc.hpp
    sim/cpp/math/base.hpp sim/cpp/math/exp_log.hpp sim/cpp/math/hyperbolic.hpp sim/cpp/math/trig.hpp
    sim/cpp/model.hpp sim/cpp/pack.hpp sim/cpp/plugin.hpp sim/cpp/problems.hpp sim/cpp/random.hpp
    sim/cpp/recordings.hpp sim/cpp/routes.hpp sim/cpp/settings.hpp sim/cpp/streams.hpp sim/cpp/units.hpp
    sim/cpp/values.hpp sim/cpp/vec4.hpp sim/cpp/version.hpp sim/cpp/wall.hpp)
