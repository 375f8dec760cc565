// Metrics, attachments and log budgets, each bounded.
#include <host/services/books.hpp>

#include <algorithm>
#include <utility>

#include <host/base/limits.hpp>
#include <host/base/log.hpp>
#include <host/base/utf8.hpp>

namespace simhost::services {

namespace {

bool is_metric_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && name.size() <= limits::metric_name_chars && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex.push_back(digits[byte >> 4U]);
    hex.push_back(digits[byte & 15U]);
  }
  return hex;
}

std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10) & 15U; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(digit(hex[i]) << 4U | digit(hex[i + 1])));
  return bytes;
}

}  // namespace

sim_metric* Metrics::get(std::uint32_t kind, std::string_view name, std::string_view help) {
  if (!is_metric_name(name) || (kind != SIM_COUNTER && kind != SIM_GAUGE)) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(metrics_, [&](const auto& m) { return m->name == name; });
  if (found != metrics_.end()) return (*found)->kind == kind ? found->get() : nullptr;
  if (metrics_.size() >= limits::plugin_metrics) return nullptr;
  auto& made = metrics_.emplace_back(std::make_unique<sim_metric>());
  made->name = name;
  made->help = help;
  made->kind = kind;
  return made.get();
}

std::vector<const sim_metric*> Metrics::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<const sim_metric*> all;
  for (const auto& metric : metrics_) all.push_back(metric.get());
  return all;
}

Attachments::Attachments(store::Store* store, std::string kind) : store_(store), kind_(std::move(kind)) {
  if (store_ != nullptr) load();
}

// A document per value, its key "session/name"; bytes that are no text are written as hex.
void Attachments::keep(std::string_view session, std::string_view key, std::string_view value) const {
  if (store_ == nullptr) return;
  const std::string place = std::string(session) + "/" + std::string(key);
  if (!is_utf8(key) || key.find('\0') != std::string_view::npos) return;  // no name a store can hold
  if (value.empty())
    store_->erase(kind_, place);
  else
    store_->put(kind_, place, is_utf8(value) ? Value(value) : Value::object({{"hex", to_hex(value)}}));
}

void Attachments::load() {
  const auto documents = store_->load(kind_);
  if (!documents)
    return log_error("services", "attachments cannot be read", {{"kind", kind_}, {"why", documents.error().detail}});
  for (const auto& document : *documents) {
    const auto slash = document.key.find('/');
    const Value* hex = document.value.find("hex");
    std::string value = document.value.is_string()           ? document.value.string()
                        : hex != nullptr && hex->is_string() ? from_hex(hex->string())
                                                             : "";
    if (slash == std::string::npos || value.empty()) continue;
    bytes_ += document.key.size() - slash - 1 + value.size();
    by_session_[document.key.substr(0, slash)].emplace(document.key.substr(slash + 1), std::move(value));
  }
}

Outcome Attachments::put(std::string_view session, std::string_view key, std::string_view value) {
  if (key.empty() || key.size() > limits::attachment_name_bytes)
    return fail("not_valid",
                "the key of an attachment has 1 to " + std::to_string(limits::attachment_name_bytes) + " bytes");
  if (value.size() > limits::attachment_key_bytes)
    return fail("limit_reached",
                "an attachment has at most " + std::to_string(limits::attachment_key_bytes) + " bytes");
  const std::lock_guard lock(mutex_);
  const auto place = by_session_.try_emplace(std::string(session)).first;
  auto& values = place->second;
  const auto old = values.find(key);
  const std::size_t freed = old == values.end() ? 0 : old->first.size() + old->second.size();
  const std::size_t added = value.empty() ? 0 : key.size() + value.size();
  const bool fits = bytes_ - freed + added <= limits::attachment_bytes;
  if (fits) {
    if (old != values.end()) values.erase(old);
    if (!value.empty()) values.emplace(key, value);
    bytes_ += added - freed;
    keep(session, key, value);
  }
  if (values.empty()) by_session_.erase(place);
  if (fits) return {};
  return fail("limit_reached",
              "the attachments of a plugin have at most " + std::to_string(limits::attachment_bytes) + " bytes in all");
}

std::optional<std::string> Attachments::get(std::string_view session, std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto values = by_session_.find(session);
  if (values == by_session_.end()) return std::nullopt;
  const auto found = values->second.find(key);
  return found == values->second.end() ? std::nullopt : std::optional(found->second);
}

void Attachments::drop(std::string_view session) {
  const std::lock_guard lock(mutex_);
  const auto values = by_session_.find(session);
  if (values == by_session_.end()) return;
  for (const auto& [key, value] : values->second) {
    bytes_ -= key.size() + value.size();
    keep(session, key, "");
  }
  by_session_.erase(values);
}

std::size_t Attachments::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

bool LogBudget::take(std::int64_t now_ns, std::uint64_t& left_out) {
  constexpr auto burst = static_cast<double>(limits::plugin_log_burst);
  constexpr auto per_ns = static_cast<double>(limits::plugin_log_lines_per_s) * 1e-9;
  const std::lock_guard lock(mutex_);
  lines_ = lines_ < 0 ? burst : std::min(burst, lines_ + static_cast<double>(now_ns - at_ns_) * per_ns);
  at_ns_ = now_ns;
  if (lines_ < 1) {
    ++left_out_;
    return false;
  }
  lines_ -= 1;
  left_out = std::exchange(left_out_, 0);
  return true;
}

}  // namespace simhost::services
