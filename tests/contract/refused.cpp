/// A model with one fault at a time, chosen by a macro: none of these may build. With no macro it is sound.
#include <sim/cpp/plugin.hpp>

#if defined(UNKNOWN_UNIT)
#define UNIT "furlong"
#else
#define UNIT "A"
#endif
#if defined(SAME_ID)
#define OUT_ID 1
#else
#define OUT_ID 2
#endif
#if defined(SAME_NAME)
#define OUT_NAME "current_a"
#elif defined(BAD_NAME)
#define OUT_NAME "Voltage V"
#else
#define OUT_NAME "voltage_v"
#endif
#if defined(START_OUTSIDE)
#define START 600
#else
#define START 0
#endif

struct Model {
  static constexpr auto id = "refused", version = "1.0.0", title = "", description = "";
  static constexpr std::uint32_t schema = 1;
  struct In {
    double current;
#if defined(MISSING_FIELD)
    double forgotten;
#endif
  };
  struct Out {
    double voltage;
  };
  struct Param {
    double resistance;
  };
  struct State {};
#if defined(WORK_WITHOUT_PREPARE)
  struct Work {
    double decay;
  };
#endif
  static constexpr auto in = sim::fields<In>({{&In::current, 1, "current_a", UNIT, -500, 500, START}});
#if defined(DISPLAY_OF_ANOTHER_KIND)
  static constexpr auto out =
      sim::fields<Out>({sim::number(&Out::voltage, OUT_ID, OUT_NAME, "V", -9, 9, 0).displayed_in("rpm")});
#else
  static constexpr auto out = sim::fields<Out>({{&Out::voltage, OUT_ID, OUT_NAME, "V", -9, 9, 0}});
#endif
#if defined(CONTINUOUS_PARAMETER)
  static constexpr auto param =
      sim::fields<Param>({sim::number(&Param::resistance, 3, "resistance_ohm", "Ohm", 0, 1, 0).continuous()});
#elif defined(HALF_INTEGER)
  static constexpr auto param =
      sim::fields<Param>({sim::integer(&Param::resistance, 3, "resistance_ohm", "Ohm", 0, 1, 0.5)});
#else
  static constexpr auto param = sim::fields<Param>({{&Param::resistance, 3, "resistance_ohm", "Ohm", 0, 1, 0}});
#endif
#if defined(THROWING_STEP)
  static void step(double, const In& u, const Param& p, State&, Out& y) { y.voltage = u.current * p.resistance; }
#elif defined(WRONG_STEP)
  static void step(double, const In& u, State&, Out& y) noexcept { y.voltage = u.current; }
#else
  static void step(double, const In& u, const Param& p, State&, Out& y) noexcept {
    y.voltage = u.current * p.resistance;
  }
#endif
};
SIM_PLUGIN(Model);
