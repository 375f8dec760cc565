/// All readings as a file, made while it is sent.
#include <sim/cpp/wall.hpp>

#include <memory>

#include "csv.hpp"
#include "routes.hpp"
#include "status.hpp"

namespace robot_test_rig {
namespace {

/// "sensor_data_20260131_120000.csv"
std::string file_name(std::int64_t now_ns) {
  std::string name = "sensor_data_";
  for (const char c : sim::iso_time(now_ns / 1'000'000'000 * 1'000'000'000, '_'))
    if (c != '-' && c != ':' && c != 'Z') name += c;
  return name + ".csv";
}

}  // namespace

void get_export(sim::Request& request, sim::Reply& reply) {
  const Desk desk(request.host());
  const auto session = desk.current();
  const auto book = session ? desk.book(*session) : nullptr;
  if (book == nullptr || book->totals().readings() == 0)
    return void(reply.problem(400, "no_data", "No data to export"));
  const auto writer = std::make_shared<CsvWriter>(desk.readings(*session), session->info.start_wall_ns);
  reply.header("Content-Disposition", "attachment; filename=\"" + file_name(desk.now_ns(std::nullopt)) + "\"");
  reply.stream("application/octet-stream", [writer](std::string& to, std::size_t wanted) { writer->next(to, wanted); });
}

}  // namespace robot_test_rig
