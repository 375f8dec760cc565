// Scenarios, schedules and rules: any text is refused with its faults named, or read; what was kept reads back equal.
#include <host/base/json.hpp>
#include <host/plan/scenario.hpp>
#include <host/plan/schedule.hpp>
#include <host/plan/zone.hpp>
#include <host/rules/message.hpp>
#include <host/rules/rule.hpp>
#include <host/session/run.hpp>

#include <tests/fuzz/expect.hpp>
#include <tests/support/counter_model.hpp>

namespace {

using namespace simhost;

const session::Models& models() {
  static session::Models all;
  static const bool made = (all.put(support::make_counter()), true);
  static_cast<void>(made);
  return all;
}

void try_scenario(const Value& body) {
  const auto scenario = plan::parse_scenario(body, models());
  if (!scenario) {
    fuzz::expect(!scenario.error().code.empty() && !scenario.error().detail.empty(),
                 "a refusal has a code and a reason");
    return;
  }
  const auto again = plan::scenario_of(plan::to_document(*scenario));
  fuzz::expect(again.has_value(), "what we keep we can read");
  fuzz::expect(plan::show(*again) == plan::show(*scenario), "a scenario survives being kept");
  const auto model = models().list().front();
  const auto script = plan::compile(*scenario, *model, model->descriptor.step_default_ns);
  if (!script) return;
  const auto program = std::make_shared<const engine::Script>(*script);
  const session::Run run{"id", "s", "n", 0, 0, std::make_shared<engine::Program>(program, 2), 2};
  const auto request = session::run_request_of(session::journal_detail(run, "started"), 2);
  fuzz::expect(request && *request->script == *script, "a program survives the journal");
}

void try_cron(std::string_view text) {
  const auto cron = plan::Cron::parse(text);
  if (!cron) return;
  constexpr std::int64_t now_ns = 1'800'000'000'000'000'000;
  const auto next = plan::next_time(*cron, "Europe/Berlin", now_ns);
  fuzz::expect(!next || *next > now_ns, "what comes next lies ahead");
}

void try_schedule(const Value& body) {
  const auto schedule = plan::schedule_of(body);
  if (!schedule) return;
  constexpr std::int64_t now_ns = 1'800'000'000'000'000'000;
  if (schedule->clock == plan::ClockKind::wall) {
    const auto next = plan::next_wall(*schedule, now_ns);
    return fuzz::expect(!next || *next > now_ns, "what comes next lies ahead");
  }
  const plan::Calendar calendar{schedule->epoch_wall_ns.value_or(now_ns), 1'000'000};
  const auto tick = plan::next_tick(*schedule, calendar, 1000);
  fuzz::expect(!tick || *tick >= 1000, "the next tick lies ahead");
  static_cast<void>(plan::show(*schedule, calendar));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  try_cron(text);
  if (rules::check_message(text)) static_cast<void>(rules::fill_message(text, {}));
  const auto body = parse_json(text);
  if (!body) return 0;
  try_scenario(*body);
  static_cast<void>(session::kept_run_of(*body, 2));
  try_schedule(*body);
  static_cast<void>(rules::rule_of(*body));
  return 0;
}
