/// The rows of the export, byte by byte.
#include <plugins/robot_test_rig/csv.hpp>

#include <gtest/gtest.h>

#include <tests/unit/rig/days.hpp>

namespace robot_test_rig::test {
namespace {

constexpr std::int64_t start_ns = 1'700'000'000'123'456'789;

std::string whole(Log log, std::size_t piece) {
  CsvWriter writer(readings_of(std::move(log)), start_ns);
  std::string all;
  for (;;) {
    std::string one;
    writer.next(one, piece);
    if (one.empty()) return all;
    EXPECT_LE(one.size(), piece + 320);
    all += one;
  }
}

TEST(RigCsv, WritesItsRows) {
  Series force, motor, camera;
  force.add({0, 12.3, 0, 0});
  force.add({0.1, 100, 0, 0});
  motor.add({0, -0.07, 0, 0});
  camera.add({0, 200, 1001, 87});
  const Log log{{force.pages(), motor.pages(), camera.pages()}, true};
  EXPECT_EQ(whole(log, 65'536),
            "timestamp,sensor_type,value,datetime,session_time\r\n"
            "1700000000.123456,force,12.3,2023-11-14T22:13:20.123456Z,0.000000\r\n"
            "1700000000.123456,motor,-0.07,2023-11-14T22:13:20.123456Z,0.000000\r\n"
            "1700000000.123456,camera,\"{\"\"image_id\"\": 1001, \"\"resolution\"\": \"\"640x480\"\", "
            "\"\"brightness\"\": 200, \"\"exposure\"\": 0.87}\",2023-11-14T22:13:20.123456Z,0.000000\r\n"
            "1700000000.223456,force,100.0,2023-11-14T22:13:20.223456Z,0.100000\r\n");
}

TEST(RigCsv, IsTheSameInPiecesOfAnySize) {
  const Log log = make_log(100);
  const std::string all = whole(log, 1 << 20);
  for (const std::size_t piece : {1u, 100u, 4096u}) EXPECT_EQ(whole(log, piece), all);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1601);
}

TEST(RigCsv, WritesTheSecondWithoutFractionAsIsoHasIt) {
  Series force;
  force.add({0, 1, 0, 0});
  CsvWriter writer(readings_of(Log{{force.pages(), {}, {}}, true}), 1'700'000'000'000'000'000);
  std::string text;
  writer.next(text, 65'536);
  EXPECT_NE(text.find("1700000000.0,force,1.0,2023-11-14T22:13:20Z,0.000000\r\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace robot_test_rig::test
