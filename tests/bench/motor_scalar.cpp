// The scalar loop: -O2 without vectorisation.
#include <tests/bench/motor_loop.inl>

namespace simhost::bench {

std::unique_ptr<MotorLoop> scalar_loop(std::size_t lanes, Integrator integrator) {
  return make_loop<double>(lanes, integrator);
}

}  // namespace simhost::bench
