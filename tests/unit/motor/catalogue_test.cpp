// The motors on offer and their map of efficiency.
#include <gtest/gtest.h>

#include <cmath>

#include <plugins/bldc_motor/catalogue.hpp>

namespace bldc_motor {
namespace {

TEST(MotorCatalogue, OffersTheSeedsMotorFirst) {
  ASSERT_EQ(motor_types().size(), 2u);
  EXPECT_STREQ(motor_types()[0].id, "bldc_2kw_48v");
  EXPECT_EQ(motor_types()[0].torque_constant, 0.169);
  EXPECT_EQ(find_motor("bldc_2kw_48v_3000rpm")->rated_torque_nm, 6.366);
  EXPECT_EQ(find_motor("bldc_3kw"), nullptr);
}

TEST(MotorEfficiency, HasThePointsTheBusVoltageAllows) {
  const auto points = efficiency_points(motor_types()[0]);
  ASSERT_EQ(points.size(), 82u);
  EXPECT_NEAR(points.back().speed_rpm, 2526.3, 0.1);
  EXPECT_EQ(points.front().efficiency, 0) << "at standstill nothing comes out";
}

TEST(MotorEfficiency, IsThatOfTheShaftAndDependsOnTorque) {
  for (const auto& point : efficiency_points(motor_types()[0])) {
    const double w = point.speed_rpm * std::acos(-1.0) / 30, current = point.torque_nm / 0.169;
    const double losses = 0.08 * current * current + 0.001 * w * w;
    if (w > 0) {
      EXPECT_NEAR(point.efficiency, point.power_w / (point.power_w + losses), 1e-12);
    }
    EXPECT_LE(point.power_w, 3000);
    EXPECT_LT(point.efficiency, 0.96) << "the original's 93 % and more counted no losses";
  }
}

}  // namespace
}  // namespace bldc_motor
