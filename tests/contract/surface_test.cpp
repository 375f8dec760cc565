/// Routes and streams of a plugin through the C tables, against a host made for the test.
#include <sim/cpp/routes.hpp>
#include <sim/cpp/streams.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <stdexcept>

namespace {

struct FakeReply {
  int status = 204;
  std::string media_type, body, problem_code, problem_detail;
  std::vector<std::string> pointers;
  sim_reply table{sizeof(sim_reply),
                  0,
                  this,
                  [](void* c, int32_t s) { return self(c).status = s, int32_t{SIM_OK}; },
                  [](void*, sim_text, sim_text) { return int32_t{SIM_OK}; },
                  [](void* c, const char* type, const void* data, uint64_t size) {
                    self(c).media_type = type;
                    self(c).body.append(static_cast<const char*>(data), size);
                    return int32_t{SIM_OK};
                  },
                  [](void* c, const sim_problem* p) {
                    self(c).status = p->status;
                    self(c).problem_code = sim::view_of(p->code);
                    self(c).problem_detail = sim::view_of(p->detail);
                    for (std::uint32_t i = 0; i < p->n_errors; ++i)
                      self(c).pointers.emplace_back(sim::view_of(p->errors[i].pointer));
                    return int32_t{SIM_OK};
                  },
                  nullptr};
  static FakeReply& self(void* context) { return *static_cast<FakeReply*>(context); }
};

std::vector<std::string> logged;
constexpr sim_log log_table{sizeof(sim_log), 0, [](const sim_host*, uint32_t, sim_text text) {
                              logged.emplace_back(sim::view_of(text));
                              return int32_t{SIM_OK};
                            }};
sim_sessions make_sessions() {
  sim_sessions s{};
  s.size = sizeof s;
  s.list = [](const sim_host*, uint64_t* to, uint64_t capacity) {
    for (std::uint64_t i = 0; i < 3 && i < capacity; ++i) to[i] = 10 + i;
    return uint64_t{3};
  };
  s.info = [](const sim_host*, uint64_t session, sim_session_info* info) {
    if (session != 11) return int32_t{SIM_WRONG_STATE};
    info->tick = 77;
    return int32_t{SIM_OK};
  };
  s.write = [](const sim_host*, uint64_t, const uint32_t* vars, const double* values, uint32_t n, uint32_t,
               uint64_t* tick, sim_error* error) {
    if (n != 2 || vars[0] != 5 || values[1] != 2.5) {
      error->status = SIM_INVALID_ARG;
      std::snprintf(error->code, sizeof error->code, "value_out_of_range");
      std::snprintf(error->message, sizeof error->message, "too much");
      return int32_t{SIM_INVALID_ARG};
    }
    *tick = 9;
    return int32_t{SIM_OK};
  };
  s.attachment = [](const sim_host*, uint64_t, const char* key, const sim_sink* sink) {
    return sink->message(sink->context, SIM_TEXT, key, std::strlen(key));
  };
  return s;
}
const sim_sessions sessions_table = make_sessions();

const void* lookup(const sim_host*, const char* id) {
  if (std::string_view(id) == SIM_LOG) return &log_table;
  if (std::string_view(id) == SIM_SESSIONS) return &sessions_table;
  return nullptr;
}
const sim_host host{sizeof(sim_host), 0, "fake", "0", nullptr, &lookup};

void status_route(sim::Request& request, sim::Reply& reply) {
  reply.json(
      [&](sim::Json& json) {
        json.object().member("id", request.param("id")).member("fast", request.query("fast").has_value());
        json.member("agent", request.header("user-agent").value_or("none")).member("link", request.link("/x")).end();
      },
      201);
}
void throwing_route(sim::Request&, sim::Reply&) { throw std::runtime_error("pump is dry"); }
sim_status refusing_route(sim::Request&, sim::Reply& reply) {
  const sim_field_error errors[] = {sim::field_error("/speed", "value_out_of_range", "is too fast")};
  return reply.problem(400, "value_out_of_range", "a value is out of range", errors);
}
void infinite_route(sim::Request&, sim::Reply& reply) {
  reply.json([](sim::Json& json) { json.value(__builtin_huge_val()); });
}

constexpr sim_answer answers[] = {sim::answer(201, "{}", "the status")};
constexpr sim_route list[] = {
    sim::route<&status_route>(
        {.method = "GET", .path = "/s/{id}", .id = "get_status", .summary = "Status", .answers = answers}),
    sim::route<&throwing_route>({.method = "POST", .path = "/throw", .id = "throw", .summary = "Throws"}),
    sim::route<&refusing_route>({.method = "POST", .path = "/refuse", .id = "refuse", .summary = "Refuses"}),
    sim::route<&infinite_route>({.method = "GET", .path = "/inf", .id = "inf", .summary = "Infinite"})};
constinit const sim_routes table = sim::routes(list, "GET, POST");

FakeReply call(std::size_t route) {
  const sim_pair params[] = {{sim::text_of("id"), sim::text_of("7")}};
  const sim_pair query[] = {{sim::text_of("fast"), sim::text_of("")}};
  sim_request request{};
  request.size = sizeof request;
  request.path_params = params;
  request.n_path_params = 1;
  request.query = query;
  request.n_query = 1;
  request.scheme = sim::text_of("http");
  request.authority = sim::text_of("localhost:8000");
  request.mount = sim::text_of("/plugins/p");
  FakeReply reply;
  table.routes[route].handle(&host, &request, &reply.table);
  return reply;
}

TEST(Routes, AnswersWithWhatTheRequestCarries) {
  const FakeReply reply = call(0);
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.media_type, "application/json");
  EXPECT_EQ(reply.body, R"({"id":"7","fast":true,"agent":"none","link":"http://localhost:8000/plugins/p/x"})");
}

TEST(Routes, TurnsAnExceptionInto500AndALogLine) {
  logged.clear();
  const FakeReply reply = call(1);
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.problem_code, "internal_error");
  ASSERT_EQ(logged.size(), 1u);
  EXPECT_EQ(logged[0], "pump is dry");
  EXPECT_EQ(reply.problem_detail.find("dry"), std::string::npos);
}

TEST(Routes, ListsTheFieldsOfAProblem) {
  const FakeReply reply = call(2);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.pointers, std::vector<std::string>{"/speed"});
}

TEST(Routes, NeverSendsANumberThatIsNotFinite) {
  const FakeReply reply = call(3);
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, "");
}

TEST(Routes, DescribesItselfInTheTable) {
  EXPECT_EQ(table.count, 4u);
  EXPECT_STREQ(table.cors_methods, "GET, POST");
  EXPECT_STREQ(table.routes[0].path, "/s/{id}");
  EXPECT_EQ(table.routes[0].n_answers, 1u);
  EXPECT_EQ(table.routes[0].answers[0].status, 201);
  EXPECT_EQ(table.routes[1].answers, nullptr);
}

TEST(Host, GivesResultsOrTheErrorOfTheHost) {
  const sim::Sessions sessions(&host);
  EXPECT_EQ(sessions.list(), (std::vector<std::uint64_t>{10, 11, 12}));
  EXPECT_EQ(sessions.info(11).value.tick, 77u);
  EXPECT_EQ(sessions.info(12).status, SIM_WRONG_STATE);
  const std::uint32_t vars[] = {5, 6};
  const double good[] = {1, 2.5}, bad[] = {1, 3};
  EXPECT_EQ(sessions.write(11, vars, good).value, 9u);
  const auto refused = sessions.write(11, vars, bad);
  EXPECT_FALSE(refused);
  EXPECT_STREQ(refused.error.message, "too much");
  EXPECT_EQ(sessions.write(11, vars, std::span(good, 1)).status, SIM_INVALID_ARG);
  EXPECT_EQ(sessions.attachment(11, "name").value, "name");
  FakeReply reply;
  sim::Reply(&reply.table).problem(refused);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.problem_code, "value_out_of_range");
}

TEST(Host, SaysUnsupportedForAServiceItDoesNotHave) {
  EXPECT_EQ(sim::StreamClients(&host).follow(1, 2), SIM_UNSUPPORTED);
  EXPECT_EQ(sim::Config(&host).number("port", 7), 7);
  EXPECT_EQ(sim::Clock(&host).wall_ns(), 0);
  sim::Metrics(&host).counter("a", "b").add();
  EXPECT_TRUE(sim::Value(nullptr, nullptr)["a"]["b"].is_null());
}

struct Telemetry {
  static sim_status open(sim::Request&, std::uint64_t client, const sim::Sink& sink) {
    if (client == 13) throw 13;
    return sink.text("hello");
  }
  static void encode(const sim::Frame* previous, const sim::Frame& now, std::uint32_t variant, const sim::Sink& sink) {
    char buffer[128];
    sim::Json json(buffer, sizeof buffer);
    json.object().member("tick", now.tick()).member("v", now.value(0, 1)).member("variant", variant);
    json.member("first", previous == nullptr).member("wall", now.wall_ns()).end();
    sink.text(json.text());
  }
};
constexpr std::uint32_t stream_vars[] = {4};
constexpr sim_stream streams_list[] = {
    sim::stream<Telemetry>({.path = "/ws", .summary = "Telemetry", .vars = stream_vars, .period_ns = 10'000'000})};
constinit const sim_streams streams_table = sim::streams(streams_list);

TEST(Streams, EncodesAFrameThroughTheTable) {
  const double lanes[] = {1, 2.5};
  const double* columns[] = {lanes};
  const sim_view view{sizeof(sim_view), 2, 1, 0, sim::text_of("s"), 1'000'000'000, 5, 0.5, 0.1, columns};
  sim::StringSink sink;
  const sim_stream& stream = streams_table.streams[0];
  EXPECT_EQ(stream.encode(nullptr, &view, 3, sink.get()), SIM_OK);
  EXPECT_EQ(sink.text, R"({"tick":5,"v":2.5,"variant":3,"first":true,"wall":1500000000})");
  EXPECT_EQ(stream.n_vars, 1u);
  EXPECT_EQ(stream.idle, nullptr);
  EXPECT_EQ(stream.ended, nullptr);
  EXPECT_EQ(stream.message(&host, 1, nullptr, {}, nullptr, sink.get()), SIM_OK);
}

TEST(Streams, RefusesAClientWhenOpenThrows) {
  sim::StringSink sink;
  sim_request request{};
  EXPECT_EQ(streams_table.streams[0].open(&host, &request, 1, sink.get()), SIM_OK);
  EXPECT_EQ(sink.text, "hello");
  EXPECT_EQ(streams_table.streams[0].open(&host, &request, 13, sink.get()), SIM_ERROR);
}

}  // namespace
