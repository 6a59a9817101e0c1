#include "ctl/top/model.hpp"

#include "ctl/render/cells.hpp"

#include <algorithm>
#include <array>

namespace p2pd::ctl::top {

namespace {

using proto::Value;

// Most relevant first; unknown states of a newer daemon last.
std::size_t rank_of(const Transfer& transfer) {
  constexpr std::array<std::string_view, 5> states{"running", "queued", "paused", "failed", "done"};
  return static_cast<std::size_t>(std::ranges::find(states, transfer.state) - states.begin());
}

Bar::State bar_state(std::string_view state) {
  if (state == "running") return Bar::State::running;
  if (state == "paused") return Bar::State::paused;
  if (state == "done") return Bar::State::done;
  return state == "failed" ? Bar::State::failed : Bar::State::waiting;
}

Transfer transfer_from(const Value& value) {
  Transfer transfer{text_of(value["id"]), text_of(value["state"]), {}};
  Bar& bar = transfer.bar;
  bar.name = text_of(value["name"]);
  bar.stage = text_of(value["stage"]);
  bar.cause = text_of(value["error"]);
  bar.state = bar_state(transfer.state);
  bar.done_bytes = natural_of(value["done_bytes"]).value_or(0);
  bar.size = natural_of(value["size"]).value_or(0);
  bar.rate = natural_of(value["rate"]);
  bar.eta_s = natural_of(value["eta_s"]);
  bar.sources = natural_of(value["sources"]);
  return transfer;
}

std::uint64_t sum_of(const Peer& peer) {
  return peer.up.value_or(0) + peer.down.value_or(0);
}

} // namespace

void Meter::look(std::uint64_t count, Time now) {
  using Seconds = std::chrono::duration<double>;
  if (last_) {
    const double seconds = Seconds(now - last_->second).count();
    // A restarted daemon counts from 0.
    const std::uint64_t more = count >= last_->first ? count - last_->first : count;
    if (seconds > 0)
      rates_.push_back(static_cast<std::uint64_t>(static_cast<double>(more) / seconds));
    if (rates_.size() > most_rates) rates_.pop_front();
  }
  last_ = {count, now};
}

std::optional<std::uint64_t> Meter::rate() const {
  return rates_.empty() ? std::nullopt : std::optional(rates_.back());
}

std::string_view to_text(Order order) {
  constexpr std::array<std::string_view, 3> words{"rate", "name", "age"};
  return words[static_cast<std::size_t>(order)];
}

void Model::take_status(const Value& status, Time now) {
  status_ = status;
  const Value& totals = status["totals"];
  up_.look(natural_of(totals["up_bytes"]).value_or(0), now);
  down_.look(natural_of(totals["down_bytes"]).value_or(0), now);
}

void Model::take_transfers(const Value& answer) {
  transfers_.clear();
  for (const Value& value : list_of(answer["transfers"]))
    transfers_.push_back(transfer_from(value));
  sort_by(order_);
}

void Model::take_peers(const Value& answer, Time now) {
  peers_.clear();
  std::map<std::string, Traffic> traffic; // of those that are still here
  for (const Value& value : list_of(answer["peers"])) {
    const std::string id = text_of(value["id"]);
    Traffic& meters = traffic[id] = std::move(traffic_[id]);
    if (const auto bytes = natural_of(value["up_bytes"])) meters.up.look(*bytes, now);
    if (const auto bytes = natural_of(value["down_bytes"])) meters.down.look(*bytes, now);
    peers_.push_back({text_of(value["name"]), text_of(value["address"]), text_of(value["version"]),
                      real_of(value["rtt_ms"]), meters.up.rate(), meters.down.rate()});
  }
  traffic_ = std::move(traffic);
  sort_by(order_);
}

// The daemon tells of transfers by their ids, the oldest first, and of peers in no order.
void Model::sort_by(Order order) {
  order_ = order;
  std::ranges::sort(peers_, {}, [](const Peer& peer) { return std::tie(peer.name, peer.address); });
  if (order == Order::rate) {
    std::ranges::stable_sort(peers_, std::greater(), sum_of);
    std::ranges::stable_sort(transfers_, std::greater(),
                             [](const Transfer& transfer) { return transfer.bar.rate; });
  }
  if (order == Order::name)
    std::ranges::stable_sort(transfers_, {},
                             [](const Transfer& transfer) { return transfer.bar.name; });
  if (order == Order::age)
    std::ranges::stable_sort(transfers_, {}, [](const Transfer& transfer) {
      return std::pair(transfer.id.size(), transfer.id);
    });
  else
    std::ranges::stable_sort(transfers_, {}, rank_of);
}

} // namespace p2pd::ctl::top
