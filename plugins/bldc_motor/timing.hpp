/// How a step is cut.
#pragma once

namespace bldc_motor {

/// A step is cut into equal control periods of at most 1 ms, these into equal sub-steps of at most 0.1 ms.
struct Timing {
  int periods = 1, sub_steps = 10;
  double period_s = 1e-3, sub_step_s = 1e-4, share = 0.1;  ///< share: one sub-step of a period's

  explicit constexpr Timing(double dt_s) noexcept {
    if (dt_s == period_s) return;  // spares three divisions in the usual step
    periods = pieces(dt_s, 1e-3);
    period_s = dt_s / periods;
    sub_steps = pieces(period_s, 1e-4);
    sub_step_s = period_s / sub_steps;
    share = 1.0 / sub_steps;
  }

 private:
  static constexpr int pieces(double whole_s, double piece_s) noexcept {
    const double exact = whole_s / piece_s * (1 - 1e-9);
    const int floor = static_cast<int>(exact);
    return floor < exact ? floor + 1 : floor;
  }
};

}  // namespace bldc_motor
