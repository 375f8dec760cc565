// The hand-written pack loop: -O3 for AVX2, as the plugin's second library is.
#include <tests/bench/motor_loop.inl>

namespace simhost::bench {

std::unique_ptr<MotorLoop> pack_loop(std::size_t lanes, Integrator integrator) {
  return make_loop<sim::Pack>(lanes, integrator);
}

}  // namespace simhost::bench
