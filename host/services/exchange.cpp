// Pairs the models of two generations and moves their sessions over.
#include <host/services/exchange.hpp>

#include <algorithm>

#include <host/base/limits.hpp>
#include <host/services/await.hpp>

namespace simhost::services {

namespace {

// Rehearsals and exchanges of thousands of lanes take their time, and nobody else waits for them.
constexpr int exchange_timeout_ms = 60'000;

std::vector<session::SessionPointer> sessions_of(const session::Registry& registry, const session::Model& model) {
  std::vector<session::SessionPointer> found;
  for (auto& session : registry.list())
    if (session->model().get() == &model) found.push_back(std::move(session));
  return found;
}

Error breaking(const std::string& model, const plugin::DescriptorDiff* difference, std::size_t sessions) {
  Error error{"descriptor_breaking", std::to_string(sessions) + " sessions of the model " + model +
                                         (difference == nullptr ? ", which the new generation does not have"
                                                                : " cannot be carried over; delete them first")};
  if (difference == nullptr) return error;
  for (const auto* changes : {&difference->removed, &difference->changed})
    for (const auto& change : *changes)
      if (change.weight == plugin::Verdict::breaking && error.errors.size() < limits::listed_errors)
        error.errors.push_back({"", "descriptor_breaking", change.kind + " " + change.name + ": " + change.detail});
  return error;
}

}  // namespace

session::ModelPointer make_model(const std::shared_ptr<plugin::Generation>& generation,
                                 const plugin::ModelBinding& binding) {
  auto step = std::make_shared<engine::StepModel>(engine::make_step_model(binding.table()));
  step->instance = binding.instance();
  step->commands.clear();
  for (const auto& command : binding.commands()) step->commands.push_back(&command);
  step->generation = generation;
  auto model = std::make_shared<session::Model>();
  model->plugin = generation->plugin_id();
  model->generation = generation->number();
  model->descriptor = binding.descriptor();
  model->step = std::move(step);
  return model;
}

Exchange::Exchange(session::Registry& registry, session::Models& models, const plugin::Generation& from,
                   const std::shared_ptr<plugin::Generation>& to)
    : registry_(registry), models_(models) {
  for (const auto& binding : from.models()) {
    Pair pair{models_.find(binding->id()), nullptr, {}};
    if (const auto* next = to->find_model(binding->id())) {
      pair.to = make_model(to, *next);
      pair.difference = plugin::diff(binding->descriptor(), next->descriptor());
    }
    pairs_.push_back(std::move(pair));
  }
  for (const auto& binding : to->models())
    if (from.find_model(binding->id()) == nullptr) pairs_.push_back({nullptr, make_model(to, *binding), {}});
}

std::size_t Exchange::sessions_now() const {
  std::size_t count = 0;
  for (const auto& pair : pairs_)
    if (pair.from != nullptr) count += sessions_of(registry_, *pair.from).size();
  return count;
}

Outcome Exchange::check() const {
  for (const auto& pair : pairs_) {
    if (pair.from == nullptr || pair.carries()) continue;
    if (const auto held = sessions_of(registry_, *pair.from); !held.empty())
      return fail(breaking(pair.from->id(), pair.to == nullptr ? nullptr : &pair.difference, held.size()));
  }
  return {};
}

Outcome Exchange::rehearse() {
  for (const auto& pair : pairs_) {
    if (!pair.carries()) continue;
    const auto tried = await<session::Nothing>(
        exchange_timeout_ms, [&](auto done) { registry_.rehearse(pair.from, pair.to, std::move(done)); });
    if (!tried) return fail(tried.error());
  }
  return {};
}

// On the control thread, where no session can come in between.
Outcome Exchange::replace_unused(const session::ModelPointer& from, const session::ModelPointer& to) {
  const auto done = await<session::Nothing>(exchange_timeout_ms, [&](auto answer) {
    registry_.in_order([this, from, to, answer = std::move(answer)] {
      const std::size_t used = from == nullptr ? 0 : sessions_of(registry_, *from).size();
      if (used > 0) return answer(fail(breaking(from->id(), nullptr, used)));
      if (to != nullptr)
        models_.put(to);
      else
        models_.remove(from->id());
      answer(session::Nothing{});
    });
  });
  return done ? Outcome{} : fail(done.error());
}

Outcome Exchange::apply(const Pair& pair) {
  if (!pair.carries()) return replace_unused(pair.from, pair.to);
  auto exchanged = await<session::Registry::Exchanged>(
      exchange_timeout_ms, [&](auto done) { registry_.exchange(pair.from, pair.to, std::move(done)); });
  if (!exchanged) return fail(std::move(exchanged.error()));
  sessions_ += exchanged->sessions;
  stalls_ns_.insert(stalls_ns_.end(), exchanged->stalls_ns.begin(), exchanged->stalls_ns.end());
  return {};
}

// What could fail has been rehearsed; what fails all the same is undone.
Outcome Exchange::run() {
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (auto done = apply(pairs_[i]); !done) {
      take_back(i);
      return done;
    }
  }
  return {};
}

void Exchange::take_back(std::size_t count) {
  while (count > 0) {
    const Pair& pair = pairs_[--count];
    static_cast<void>(apply({pair.to, pair.from, pair.difference}));
  }
}

}  // namespace simhost::services
