// Makes the descriptor of a model from its C tables, held against the rules of the ABI.
#include <cmath>
#include <set>

#include <host/base/limits.hpp>
#include <host/plugin/descriptor.hpp>
#include <host/plugin/rules.hpp>
#include <host/plugin/words.hpp>

namespace simhost::plugin {
namespace {

constexpr std::size_t version_size_max = 31;
constexpr std::uint32_t all_states =
    SIM_STATE_READY | SIM_STATE_RUNNING | SIM_STATE_PAUSED | SIM_STATE_STOPPED | SIM_STATE_FAILED;
constexpr std::uint32_t default_states = SIM_STATE_READY | SIM_STATE_RUNNING | SIM_STATE_PAUSED;

class Maker {
 public:
  explicit Maker(const ModelTables& tables) : tables_(tables) {}

  Result<Descriptor> make() {
    read_head();
    read_units();
    read_variables();
    read_commands();
    check_functions();
    const std::string subject = "the model \"" + made_.id + "\"";
    if (auto done = faults_.outcome(subject); !done) return fail(std::move(done.error()));
    return std::move(made_);
  }

 private:
  void read_head() {
    const auto& from = tables_.description;
    made_.id = faults_.text("/id", from.id);
    made_.version = faults_.text("/version", from.version);
    made_.title = faults_.text("/title", from.title);
    made_.description = faults_.text("/description", from.description);
    if (made_.title.empty()) made_.title = made_.id;
    made_.schema_version = from.schema_version;
    made_.flags = from.flags;
    made_.n_work = from.n_work;
    made_.max_lanes = from.max_lanes;
    made_.step_default_ns = from.step_default_ns;
    made_.step_min_ns = from.step_min_ns;
    made_.step_max_ns = from.step_max_ns;
    check_head();
  }

  void check_head() {
    if (!is_model_id(made_.id))
      faults_.add("/id", "is \"" + made_.id +
                             "\", but a model id is 1 to 63 of a-z, 0-9, _, - and ., and starts with a letter");
    if (made_.version.empty() || made_.version.size() > version_size_max)
      faults_.add("/version", "is missing or longer than " + std::to_string(version_size_max) + " bytes");
    if (made_.schema_version == 0) faults_.add("/schema_version", "is 0, but counts from 1");
    if ((made_.flags & SIM_MODEL_FLAT) == 0)
      faults_.add("/flags",
                  "lack SIM_MODEL_FLAT; a model keeps its state in the lanes, models with state of their own "
                  "are not supported");
    if (made_.n_work > limits::model_variables)
      faults_.add("/n_work", "is more than " + std::to_string(limits::model_variables));
    if (made_.step_min_ns <= 0 || made_.step_min_ns > made_.step_default_ns ||
        made_.step_default_ns > made_.step_max_ns)
      faults_.add("/step_default_ns", "0 < step_min_ns <= step_default_ns <= step_max_ns does not hold (" +
                                          std::to_string(made_.step_min_ns) + ", " +
                                          std::to_string(made_.step_default_ns) + ", " +
                                          std::to_string(made_.step_max_ns) + ")");
  }

  void read_units() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < tables_.units.size(); ++i) {
      const auto& from = tables_.units[i];
      const std::string at = "/units/" + std::to_string(i);
      Unit unit{faults_.text(at + "/name", from.name), {}, from.factor, from.offset};
      std::copy(std::begin(from.exponents), std::end(from.exponents), unit.exponents.begin());
      if (unit.name.empty() || unit.name.size() > identifier_size_max)
        faults_.add(at + "/name", "is missing or longer than 63 bytes");
      if (!std::isfinite(unit.factor) || unit.factor == 0 || !std::isfinite(unit.offset))
        faults_.add(at + "/factor", "is 0 or not finite, or the offset is not finite");
      faults_.once(names, unit.name, at + "/name", "the unit \"" + unit.name + "\"");
      made_.units.push_back(std::move(unit));
    }
  }

  void read_variables() {
    std::set<std::uint32_t> ids;
    std::set<std::string> names;
    std::array<std::uint32_t, 5> columns{};  // by causality
    for (std::size_t i = 0; i < tables_.vars.size(); ++i) {
      const std::string at = "/variables/" + std::to_string(i);
      auto variable = read_variable(tables_.vars[i], Role::variable, made_.units, at, faults_);
      faults_.once(ids, variable.id, at + "/id", "the variable id " + std::to_string(variable.id));
      faults_.once(names, variable.name, at + "/name", "the variable name \"" + variable.name + "\"");
      if (variable.causality < columns.size()) variable.column = columns[variable.causality]++;
      made_.variables.push_back(std::move(variable));
    }
  }

  void read_commands() {
    std::set<std::uint32_t> ids;
    std::set<std::string> names;
    for (std::size_t i = 0; i < tables_.commands.size(); ++i) {
      const auto& from = tables_.commands[i];
      const std::string at = "/commands/" + std::to_string(i);
      Command command{from.id,
                      faults_.text(at + "/name", from.name),
                      faults_.text(at + "/title", from.title),
                      faults_.text(at + "/description", from.description),
                      from.flags,
                      from.states == 0 ? default_states : from.states,
                      {},
                      {}};
      if (!is_identifier(command.name))
        faults_.add(at + "/name", "is \"" + command.name + "\", " + std::string(identifier_rule));
      if ((command.states & ~all_states) != 0) faults_.add(at + "/states", "has bits that name no state");
      if (from.run == nullptr) faults_.add(at + "/run", "is missing");
      faults_.once(ids, command.id, at + "/id", "the command id " + std::to_string(command.id));
      faults_.once(names, command.name, at + "/name", "the command name \"" + command.name + "\"");
      command.args = read_list(tables_.arguments[i], at + "/args");
      command.results = read_list(tables_.results[i], at + "/results");
      made_.commands.push_back(std::move(command));
    }
  }

  std::vector<Variable> read_list(const std::vector<sim_var>& from, const std::string& at) {
    std::vector<Variable> list;
    std::set<std::string> names;
    for (std::size_t i = 0; i < from.size(); ++i) {
      const std::string place = at + "/" + std::to_string(i);
      auto variable = read_variable(from[i], Role::argument, made_.units, place, faults_);
      faults_.once(names, variable.name, place + "/name", "the name \"" + variable.name + "\"");
      variable.column = static_cast<std::uint32_t>(i);
      list.push_back(std::move(variable));
    }
    return list;
  }

  void check_functions() {
    if (tables_.model.step == nullptr) faults_.add("/step", "is missing; a model has a step function");
    if (tables_.model.create == nullptr && tables_.model.destroy != nullptr)
      faults_.add("/create", "is missing, but destroy is given");
    if (made_.n_work > 0 && tables_.model.prepare == nullptr)
      faults_.add("/prepare",
                  "is missing, but n_work is " + std::to_string(made_.n_work) + " and nothing else fills work");
  }

  static bool is_model_id(const std::string& id) noexcept {
    if (id.empty() || id.size() > identifier_size_max || id[0] < 'a' || id[0] > 'z') return false;
    return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.") == std::string::npos;
  }

  const ModelTables& tables_;
  Descriptor made_;
  Faults faults_;
};

}  // namespace

Result<Descriptor> make_descriptor(const ModelTables& tables) { return Maker(tables).make(); }

}  // namespace simhost::plugin
